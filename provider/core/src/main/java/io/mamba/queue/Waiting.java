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
    private static final long NOTHING = Long.MAX_VALUE;

    private final ChunkList[] lists = new ChunkList[PRIORITIES];
    private final TreeSet<Chunk> timed = new TreeSet<>(
            Comparator.<Chunk>comparingLong(chunk -> chunk.earliest).thenComparingLong(chunk -> chunk.serial));
    private final List<Chunk> outdated = new ArrayList<>();
    /** By view, then by priority. */
    private long[][] starts = {};

    private long nextSerial;
    private long scheduled;

    Waiting() {
        Arrays.setAll(lists, priority -> new ChunkList());
        addView(0);
    }

    /** Takes a message in unless it comes out of order: its position is not above all of its priority. */
    boolean append(Enqueued message, int group, int[] views) {
        Chunk chunk = chunkFor(message.priority(), message.position());
        if (chunk == null) {
            return false;
        }
        int slot = chunk.append(message.position(), group);
        for (int view : views) {
            chunk.match(view, slot);
        }
        if (message.expireAt() != 0) {
            chunk.expire(slot, message.expireAt());
            bringForward(chunk, message.expireAt());
        }
        if (message.deliverAt() != 0) {
            chunk.delay(slot, message.deliverAt());
            bringForward(chunk, message.deliverAt());
            scheduled++;
        }
        lower(0, chunk, slot);
        for (int view : views) {
            lower(view, chunk, slot);
        }
        return true;
    }

    private @Nullable Chunk chunkFor(int priority, long position) {
        ChunkList list = lists[priority];
        if (!list.isEmpty()) {
            Chunk last = list.last();
            Chunk lastUsed = last.used() > 0 ? last : list.size() > 1 ? list.get(list.size() - 2) : null;
            if (lastUsed != null && position <= lastUsed.last()) {
                return null;
            }
            if (last.accepts(position)) {
                return last;
            }
        }
        Chunk chunk = new Chunk(priority, nextSerial++);
        list.add(chunk);
        return chunk;
    }

    @Nullable
    Slot find(long position) {
        for (ChunkList list : lists) {
            int index = list.floor(position);
            if (index >= 0) {
                Chunk chunk = list.get(index);
                int slot = chunk.find(position);
                if (slot >= 0) {
                    return new Slot(chunk, slot);
                }
            }
        }
        return null;
    }

    /** Removes a message here, to become an object. */
    Touched take(Slot slot) {
        Chunk chunk = slot.chunk();
        int index = slot.index();
        Touched message =
                new Touched(slot.position(), chunk.priority, slot.group(), chunk.delayOf(index), chunk.expiryOf(index));
        for (int view = 1; view < starts.length; view++) {
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
        if (chunk.isEmpty()) {
            ChunkList list = lists[chunk.priority];
            if (list.last() == chunk) {
                chunk.reset();
            } else {
                list.remove(chunk);
            }
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
        lower(view, slot.chunk(), slot.index());
    }

    void park(Slot slot, int view) {
        slot.chunk().park(view, slot.index());
    }

    /** A message set aside from a view can be met by its scans again. */
    void unpark(long position, int view) {
        Slot slot = find(position);
        if (slot != null) {
            slot.chunk().unpark(view, slot.index());
            lower(view, slot.chunk(), slot.index());
        }
    }

    private void show(Slot slot) {
        for (int view = 0; view < starts.length; view++) {
            if (slot.chunk().matches(view, slot.index())) {
                lower(view, slot.chunk(), slot.index());
            }
        }
    }

    private void lower(int view, Chunk chunk, int slot) {
        long[] byPriority = starts[view];
        byPriority[chunk.priority] = Math.min(byPriority[chunk.priority], chunk.position(slot));
    }

    /** Makes room for a view that sees nothing yet. */
    void addView(int view) {
        if (view >= starts.length) {
            int old = starts.length;
            starts = Arrays.copyOf(starts, view + 1);
            for (int i = old; i <= view; i++) {
                starts[i] = new long[PRIORITIES];
                Arrays.fill(starts[i], NOTHING);
            }
        }
    }

    void dropView(int view) {
        Arrays.fill(starts[view], NOTHING);
        forEachChunk(chunk -> chunk.dropView(view));
    }

    Scan scan(int view) {
        return new Scan(this, view);
    }

    ChunkList chunks(int priority) {
        return lists[priority];
    }

    long start(int view, int priority) {
        return starts[view][priority];
    }

    /** @param found by priority, where a scan of the view found the first that can be taken; -1 for not looked */
    void scanned(int view, long[] found) {
        for (int priority = 0; priority < PRIORITIES; priority++) {
            if (found[priority] >= 0) {
                starts[view][priority] = found[priority];
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

    private void forEachChunk(Consumer<Chunk> consumer) {
        for (ChunkList list : lists) {
            for (int i = 0; i < list.size(); i++) {
                consumer.accept(list.get(i));
            }
        }
    }
}
