package io.mamba.queue;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Some untouched waiting messages of one priority, ascending by position, in arrays: four bytes for the position, four
 * for the group where there are groups, and a few bits. A message that leaves clears its bit in {@code alive}.
 */
final class Chunk {
    static final int CAPACITY = 2048;
    private static final int FIRST_CAPACITY = 16;
    private static final int[] NO_GROUPS = {};
    private static final Bits NO_BITS = new Bits();

    final int priority;
    final long serial;
    private final int capacity;
    /** When something here has to be done by, as it stands in {@link Waiting}'s order of chunks. */
    long earliest = Long.MAX_VALUE;
    /** Whether {@link #earliest} has to be computed again. */
    boolean outdated;

    private long base;
    private int used;
    private int count;
    private int[] deltas;
    private int[] groups = NO_GROUPS;
    private final Bits alive = new Bits();
    private final Bits delayed = new Bits();
    private final Bits leaving = new Bits();
    private final SlotTimes delays = new SlotTimes();
    private final SlotTimes expiries = new SlotTimes();
    /** By view; view 0 has no matching bits, since everything matches it. */
    private Bits[] matching = {};

    private Bits[] parked = {};

    Chunk(int priority, long serial, int capacity) {
        this.priority = priority;
        this.capacity = capacity;
        this.deltas = new int[Math.min(FIRST_CAPACITY, capacity)];
        this.serial = serial;
    }

    /** Whether a message at this position can be appended here. */
    boolean accepts(long position) {
        return used == 0 || (used < capacity && position - base <= Integer.MAX_VALUE);
    }

    /** Whether this is the place of a message between others, and there is no room for it. */
    boolean needsSplit(long position) {
        return used >= capacity && position < last() && position(ceiling(position)) != position;
    }

    /** Puts a message in its place, which is not before the first one here, and answers its slot. */
    int put(long position, int group) {
        if (used == 0) {
            base = position;
        }
        int slot = ceiling(position);
        if (slot < used && position(slot) == position) {
            revive(slot, group);
            return slot;
        }
        if (slot < used) {
            forEachBits(bits -> bits.open(slot));
            delays.open(slot);
            expiries.open(slot);
        }
        fill(slot, position, group);
        return slot;
    }

    /** A message that was here before is here again, as if it were new. */
    private void revive(int slot, int group) {
        forEachBits(bits -> bits.clear(slot));
        alive.set(slot);
        count++;
        setGroup(slot, group);
    }

    private void setGroup(int slot, int group) {
        if (group != 0 && groups.length < deltas.length) {
            groups = Arrays.copyOf(groups, deltas.length);
        }
        if (slot < groups.length) {
            groups[slot] = group;
        }
    }

    /** Moves the second half of the messages to a chunk of their own, which is the answer. */
    Chunk split(long newSerial) {
        Chunk right = new Chunk(priority, newSerial, capacity);
        int middle = used / 2;
        for (int slot = middle; slot < used; slot++) {
            if (slot == middle || alive.get(slot)) {
                copy(slot, right);
            }
            forget(slot);
        }
        used = middle;
        delays.cut(middle);
        expiries.cut(middle);
        return right;
    }

    private void copy(int slot, Chunk right) {
        int to = right.put(position(slot), group(slot));
        copy(delayed, slot, right.delayed, to);
        copy(leaving, slot, right.leaving, to);
        if (delays.get(slot) != 0) {
            right.delays.put(to, delays.get(slot));
        }
        if (expiries.get(slot) != 0) {
            right.expiries.put(to, expiries.get(slot));
        }
        right.matching = copy(matching, slot, right.matching, to);
        right.parked = copy(parked, slot, right.parked, to);
        if (!alive.get(slot)) {
            right.remove(to);
        }
    }

    private static void copy(Bits from, int slot, Bits to, int target) {
        if (from.get(slot)) {
            to.set(target);
        }
    }

    private static Bits[] copy(Bits[] from, int slot, Bits[] to, int target) {
        Bits[] result = to;
        for (int view = 0; view < from.length; view++) {
            if (from[view].get(slot)) {
                result = withBits(result, view);
                result[view].set(target);
            }
        }
        return result;
    }

    private void forget(int slot) {
        if (alive.get(slot)) {
            count--;
        }
        forEachBits(bits -> bits.clear(slot));
    }

    private void fill(int slot, long position, int group) {
        if (used == deltas.length) {
            deltas = Arrays.copyOf(deltas, Math.min(capacity, used * 2));
        }
        System.arraycopy(deltas, slot, deltas, slot + 1, used - slot);
        deltas[slot] = (int) (position - base);
        if (group != 0 || groups.length > 0) {
            if (groups.length < deltas.length) {
                groups = Arrays.copyOf(groups, deltas.length);
            }
            System.arraycopy(groups, slot, groups, slot + 1, used - slot);
            groups[slot] = group;
        }
        used++;
        alive.set(slot);
        count++;
    }

    /** The slot of a message that is here, or -1. */
    int find(long position) {
        long delta = position - base;
        if (used == 0 || delta < 0 || delta > Integer.MAX_VALUE) {
            return -1;
        }
        int slot = Arrays.binarySearch(deltas, 0, used, (int) delta);
        return slot >= 0 && alive.get(slot) ? slot : -1;
    }

    /** The first slot whose position is not before the given one; {@link #used()} if there is none. */
    int ceiling(long position) {
        long delta = position - base;
        if (delta <= 0) {
            return 0;
        }
        if (delta > Integer.MAX_VALUE) {
            return used;
        }
        int slot = Arrays.binarySearch(deltas, 0, used, (int) delta);
        return slot >= 0 ? slot : -slot - 1;
    }

    void remove(int slot) {
        alive.clear(slot);
        count--;
    }

    /** Makes an empty chunk ready to be used from its start. */
    void reset() {
        used = 0;
        forEachBits(Bits::clear);
        delays.clear();
        expiries.clear();
    }

    private void forEachBits(Consumer<Bits> consumer) {
        consumer.accept(alive);
        consumer.accept(delayed);
        consumer.accept(leaving);
        for (Bits bits : matching) {
            consumer.accept(bits);
        }
        for (Bits bits : parked) {
            consumer.accept(bits);
        }
    }

    long base() {
        return base;
    }

    long last() {
        return base + deltas[used - 1];
    }

    int used() {
        return used;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long position(int slot) {
        return base + deltas[slot];
    }

    int group(int slot) {
        return slot < groups.length ? groups[slot] : 0;
    }

    boolean isAlive(int slot) {
        return alive.get(slot);
    }

    void delay(int slot, long until) {
        delayed.set(slot);
        delays.put(slot, until);
    }

    /** When the slot's delay ends; 0 if it has none. */
    long delayOf(int slot) {
        return delayed.get(slot) ? delays.get(slot) : 0;
    }

    void endDelay(int slot) {
        delayed.clear(slot);
    }

    void expire(int slot, long at) {
        expiries.put(slot, at);
    }

    long expiryOf(int slot) {
        return expiries.size() == 0 ? 0 : expiries.get(slot);
    }

    boolean isLeaving(int slot) {
        return leaving.get(slot);
    }

    void leave(int slot) {
        leaving.set(slot);
    }

    void stay(int slot) {
        leaving.clear(slot);
    }

    SlotTimes delays() {
        return delays;
    }

    SlotTimes expiries() {
        return expiries;
    }

    boolean hasTimes() {
        return delays.size() + expiries.size() > 0;
    }

    /** The earliest time at which something that waits here is due. */
    long computeEarliest() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < delays.size(); i++) {
            int slot = delays.slot(i);
            if (delays.time(i) < least && alive.get(slot) && delayed.get(slot) && !leaving.get(slot)) {
                least = delays.time(i);
            }
        }
        for (int i = 0; i < expiries.size(); i++) {
            int slot = expiries.slot(i);
            if (expiries.time(i) < least && alive.get(slot) && !leaving.get(slot)) {
                least = expiries.time(i);
            }
        }
        return least;
    }

    boolean matches(int view, int slot) {
        return view == 0 || bits(matching, view).get(slot);
    }

    void match(int view, int slot) {
        matching = withBits(matching, view);
        matching[view].set(slot);
    }

    void park(int view, int slot) {
        parked = withBits(parked, view);
        parked[view].set(slot);
    }

    void unpark(int view, int slot) {
        if (isParked(view, slot)) {
            parked[view].clear(slot);
        }
    }

    boolean isParked(int view, int slot) {
        return bits(parked, view).get(slot);
    }

    void dropView(int view) {
        if (view < matching.length) {
            matching[view] = NO_BITS;
        }
        if (view < parked.length) {
            parked[view] = NO_BITS;
        }
    }

    boolean isVisible(int view, int slot) {
        return alive.get(slot)
                && matches(view, slot)
                && !delayed.get(slot)
                && !leaving.get(slot)
                && !isParked(view, slot);
    }

    /** The next message from this slot on that the view can take; -1 if there is none. */
    int nextVisible(int view, int slot) {
        Bits parkedBits = bits(parked, view);
        Bits matchingBits = view == 0 ? alive : bits(matching, view);
        long mask = -1L << slot;
        for (int word = slot >> 6; word << 6 < used; word++, mask = -1L) {
            long bits = mask
                    & alive.word(word)
                    & matchingBits.word(word)
                    & ~delayed.word(word)
                    & ~leaving.word(word)
                    & ~parkedBits.word(word);
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    /** The next message from this slot on, in whatever condition; -1 if there is none. */
    int nextAlive(int slot) {
        long mask = -1L << slot;
        for (int word = slot >> 6; word << 6 < used; word++, mask = -1L) {
            long bits = mask & alive.word(word);
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    /** What this chunk takes in the heap, deadlines and selectors' bits apart. */
    long heapBytes() {
        long bytes = 112 + 16 + 4L * deltas.length + (groups.length == 0 ? 0 : 16 + 4L * groups.length);
        return bytes + alive.heapBytes() + delayed.heapBytes() + leaving.heapBytes();
    }

    long deadlineBytes() {
        return delays.heapBytes() + expiries.heapBytes();
    }

    long selectorBytes() {
        long bytes = 0;
        for (Bits bits : matching) {
            bytes += 4 + (bits == NO_BITS ? 0 : bits.heapBytes());
        }
        return bytes;
    }

    private static Bits bits(Bits[] byView, int view) {
        return view < byView.length ? byView[view] : NO_BITS;
    }

    private static Bits[] withBits(Bits[] byView, int view) {
        Bits[] result = byView;
        if (view >= byView.length) {
            result = Arrays.copyOf(byView, view + 1);
            Arrays.fill(result, byView.length, view + 1, NO_BITS);
        }
        if (result[view] == NO_BITS) {
            result[view] = new Bits();
        }
        return result;
    }
}
