package io.mamba.queue;

import io.mamba.queue.QueueEvent.Enqueued;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The untouched waiting messages: for each priority a list of chunks. A <em>view</em> is what a selector lets its
 * receivers see (view 0: everything; selector n: view n + 1). For each view and priority a position is known before
 * which nothing can be taken, so that no scan begins at the front again.
 */
final class Waiting {
    static final int PRIORITIES = 10;

    private final ChunkList[] lists = new ChunkList[PRIORITIES];
    private final TreeSet<Chunk> timed = new TreeSet<>(
            Comparator.<Chunk>comparingLong(chunk -> chunk.earliest).thenComparingLong(chunk -> chunk.serial));
    private final List<Chunk> outdated = new ArrayList<>();
    /** By view, then by priority. */
    private Horizon[][] horizons = {};

    private final int chunkCapacity;
    private long nextSerial;
    private long scheduled;

    /** @param chunkCapacity how many messages a chunk holds at most */
    Waiting(int chunkCapacity) {
        this.chunkCapacity = chunkCapacity;
        Arrays.setAll(lists, priority -> new ChunkList());
        addView(0);
    }

    /**
     * Takes a message in, in order or not.
     *
     * @param views where it is seen besides view 0
     */
    void add(Enqueued message, int group, int[] views) {
        ChunkList list = lists[message.priority()];
        boolean inOrder = isBehindAll(list, message.position());
        Chunk chunk = inOrder ? chunkBehindAll(list, message) : chunkAmid(list, message);
        int slot = chunk.put(message.position(), group);
        if (message.expireAt() != 0) {
            chunk.expire(slot, message.expireAt());
            bringForward(chunk, message.expireAt());
        }
        if (message.deliverAt() != 0) {
            chunk.delay(slot, message.deliverAt());
            bringForward(chunk, message.deliverAt());
            scheduled++;
        }
        for (int view : views) {
            chunk.match(view, slot);
            arrived(view, message, inOrder);
        }
        arrived(0, message, inOrder);
    }

    private static boolean isBehindAll(ChunkList list, long position) {
        if (list.isEmpty()) {
            return true;
        }
        Chunk last = list.last();
        if (last.used() > 0) {
            return position > last.last();
        }
        return list.size() == 1 || position > list.get(list.size() - 2).last();
    }

    private Chunk chunkBehindAll(ChunkList list, Enqueued message) {
        if (list.isEmpty() || !list.last().accepts(message.position())) {
            list.add(new Chunk(message.priority(), nextSerial++, chunkCapacity));
        }
        return list.last();
    }

    /** A chunk with room for the message, none of the last ones. */
    private Chunk chunkAmid(ChunkList list, Enqueued message) {
        long position = message.position();
        int index = list.floor(position);
        Chunk chunk = index < 0 ? null : list.get(index);
        if (chunk != null && chunk.needsSplit(position)) {
            Chunk right = chunk.split(nextSerial++);
            list.insert(index + 1, right);
            outdate(chunk);
            outdate(right);
            boolean left = position < right.base();
            dropIfEmpty(list, left ? right : chunk);
            return left ? chunk : right;
        }
        if (chunk == null || (position > chunk.last() && !chunk.accepts(position))) {
            chunk = new Chunk(message.priority(), nextSerial++, chunkCapacity);
            list.insert(index + 1, chunk);
        }
        return chunk;
    }

    private void arrived(int view, Enqueued message, boolean inOrder) {
        Horizon horizon = horizons[view][message.priority()];
        if (inOrder) {
            horizon.append(message.position());
        } else {
            horizon.show(message.position());
        }
    }

    @Nullable
    Slot find(long position) {
        for (int priority = 0; priority < PRIORITIES; priority++) {
            Slot slot = find(position, priority);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    @Nullable
    Slot find(long position, int priority) {
        ChunkList list = lists[priority];
        int index = list.floor(position);
        if (index < 0) {
            return null;
        }
        int slot = list.get(index).find(position);
        return slot < 0 ? null : new Slot(list.get(index), slot);
    }

    /** Removes a message here, to become an object. */
    Touched take(Slot slot) {
        Chunk chunk = slot.chunk();
        int index = slot.index();
        Touched message =
                new Touched(slot.position(), chunk.priority, slot.group(), chunk.delayOf(index), chunk.expiryOf(index));
        for (int view = 1; view < horizons.length; view++) {
            if (chunk.matches(view, index)) {
                message.views.set(view);
            }
        }
        remove(slot);
        return message;
    }

    void remove(Slot slot) {
        Chunk chunk = slot.chunk();
        if (isScheduled(slot)) {
            scheduled--;
        }
        outdateIfEarliest(slot);
        chunk.remove(slot.index());
        dropIfEmpty(lists[chunk.priority], chunk);
    }

    private static void dropIfEmpty(ChunkList list, Chunk chunk) {
        if (!chunk.isEmpty()) {
            return;
        }
        if (list.last() == chunk) {
            chunk.reset();
        } else {
            list.remove(chunk);
        }
    }

    /** The message's end is being written: nobody sees it meanwhile. */
    void leave(Slot slot) {
        if (isScheduled(slot)) {
            scheduled--;
        }
        slot.chunk().leave(slot.index());
        outdateIfEarliest(slot);
    }

    /** The message's end was refused. */
    void stay(Slot slot) {
        slot.chunk().stay(slot.index());
        outdate(slot.chunk());
        if (isScheduled(slot)) {
            scheduled++;
        }
        show(slot);
    }

    private static boolean isScheduled(Slot slot) {
        Chunk chunk = slot.chunk();
        return !chunk.isLeaving(slot.index()) && chunk.delayOf(slot.index()) != 0;
    }

    void match(Slot slot, int view) {
        slot.chunk().match(view, slot.index());
        show(view, slot);
    }

    void park(Slot slot, int view) {
        slot.chunk().park(view, slot.index());
    }

    /** The first that is still here of messages set aside from a view can be met by its scans again. */
    void unpark(Parked parked, int view) {
        while (!parked.isEmpty()) {
            Slot slot = find(parked.poll());
            if (slot != null) {
                slot.chunk().unpark(view, slot.index());
                if (!slot.chunk().isLeaving(slot.index())) {
                    show(view, slot);
                    return;
                }
            }
        }
    }

    private void show(Slot slot) {
        for (int view = 0; view < horizons.length; view++) {
            if (slot.chunk().matches(view, slot.index())) {
                show(view, slot);
            }
        }
    }

    private void show(int view, Slot slot) {
        horizons[view][slot.priority()].show(slot.position());
    }

    /** Makes room for a view that sees nothing yet. */
    void addView(int view) {
        int old = horizons.length;
        if (view >= old) {
            horizons = Arrays.copyOf(horizons, view + 1);
            for (int i = old; i <= view; i++) {
                horizons[i] = new Horizon[PRIORITIES];
                Arrays.setAll(horizons[i], priority -> new Horizon());
            }
        }
    }

    void dropView(int view) {
        for (Horizon horizon : horizons[view]) {
            horizon.clear();
        }
        forEachChunk(chunk -> chunk.dropView(view));
    }

    Scan scan(int view) {
        return new Scan(this, view);
    }

    ChunkList chunks(int priority) {
        return lists[priority];
    }

    Horizon horizon(int view, int priority) {
        return horizons[view][priority];
    }

    /** @param found by priority, where a scan of the view found the first that can be taken; -1 for not looked */
    void scanned(int view, long[] found) {
        for (int priority = 0; priority < PRIORITIES; priority++) {
            if (found[priority] >= 0) {
                horizons[view][priority].advance(found[priority]);
            }
        }
    }

    /** Ends delays. */
    void tick(long now) {
        for (Chunk chunk : due(now)) {
            SlotTimes delays = chunk.delays();
            for (int i = 0; i < delays.size(); i++) {
                int slot = delays.slot(i);
                if (delays.time(i) <= now && chunk.isAlive(slot) && chunk.delayOf(slot) != 0) {
                    Slot ended = new Slot(chunk, slot);
                    if (isScheduled(ended)) {
                        scheduled--;
                    }
                    chunk.endDelay(slot);
                    show(ended);
                }
            }
            outdate(chunk);
        }
    }

    /** Messages whose delay has ended, though no tick has said so yet. */
    void forEachDelayEnded(long now, int view, Consumer<Candidate> consumer) {
        for (Chunk chunk : due(now)) {
            SlotTimes delays = chunk.delays();
            for (int i = 0; i < delays.size(); i++) {
                int slot = delays.slot(i);
                if (delays.time(i) <= now
                        && chunk.isAlive(slot)
                        && isScheduled(new Slot(chunk, slot))
                        && chunk.matches(view, slot)) {
                    consumer.accept(Candidate.of(chunk, slot, false));
                }
            }
        }
    }

    boolean anyDelayEnded(long now) {
        for (Chunk chunk : due(now)) {
            SlotTimes delays = chunk.delays();
            for (int i = 0; i < delays.size(); i++) {
                int slot = delays.slot(i);
                if (delays.time(i) <= now && chunk.isAlive(slot) && isScheduled(new Slot(chunk, slot))) {
                    return true;
                }
            }
        }
        return false;
    }

    void forEachExpired(long now, LongConsumer consumer) {
        for (Chunk chunk : due(now)) {
            SlotTimes expiries = chunk.expiries();
            for (int i = 0; i < expiries.size(); i++) {
                int slot = expiries.slot(i);
                if (expiries.time(i) <= now && chunk.isAlive(slot) && !chunk.isLeaving(slot)) {
                    consumer.accept(chunk.position(slot));
                }
            }
        }
    }

    private List<Chunk> due(long now) {
        if (timed.isEmpty() || timed.first().earliest > now) {
            return List.of();
        }
        List<Chunk> due = new ArrayList<>();
        for (Chunk chunk : timed) {
            if (chunk.earliest > now) {
                break;
            }
            due.add(chunk);
        }
        return due;
    }

    /** The earliest time at which something here is due; {@code Long.MAX_VALUE} for never. */
    long earliest() {
        return timed.isEmpty() ? Long.MAX_VALUE : timed.first().earliest;
    }

    /** How many wait for the end of a delay. */
    long scheduled() {
        return scheduled;
    }

    private void bringForward(Chunk chunk, long time) {
        if (time < chunk.earliest) {
            reorder(chunk, time);
        }
    }

    private void outdateIfEarliest(Slot slot) {
        Chunk chunk = slot.chunk();
        if (chunk.hasTimes()
                && (chunk.expiryOf(slot.index()) == chunk.earliest || chunk.delayOf(slot.index()) == chunk.earliest)) {
            outdate(chunk);
        }
    }

    private void outdate(Chunk chunk) {
        if (!chunk.outdated) {
            chunk.outdated = true;
            outdated.add(chunk);
        }
    }

    /** Brings the order of chunks by time up to date; to be called after each change. */
    void refresh() {
        if (outdated.isEmpty()) {
            return;
        }
        for (Chunk chunk : outdated) {
            chunk.outdated = false;
            long earliest = chunk.computeEarliest();
            if (earliest != chunk.earliest) {
                reorder(chunk, earliest);
            }
        }
        outdated.clear();
    }

    private void reorder(Chunk chunk, long earliest) {
        timed.remove(chunk);
        chunk.earliest = earliest;
        if (earliest != Long.MAX_VALUE) {
            timed.add(chunk);
        }
    }

    long heapBytes() {
        long[] bytes = {0};
        forEachChunk(chunk -> bytes[0] += 4 + chunk.heapBytes());
        return bytes[0];
    }

    long deadlineBytes() {
        long[] bytes = {0};
        forEachChunk(chunk -> bytes[0] += chunk.deadlineBytes());
        return bytes[0];
    }

    long selectorBytes() {
        long[] bytes = {0};
        forEachChunk(chunk -> bytes[0] += chunk.selectorBytes());
        return bytes[0];
    }

    private void forEachChunk(Consumer<Chunk> consumer) {
        for (ChunkList list : lists) {
            for (int i = 0; i < list.size(); i++) {
                consumer.accept(list.get(i));
            }
        }
    }
}
