package io.mamba.log.file;

import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the journal holds, by position: ends of partitions, last records of keys, how many records each segment still
 * needs. The same methods note what recovery finds and what is appended. Guarded by the journal's lock.
 */
final class Contents {
    final PartitionTable partitions;
    private final SegmentStore segments;
    /** Records copied forward: their own position to where they are now. */
    final TreeMap<Long, Moved> moved = new TreeMap<>();
    /** Before this position segments have been recycled, so a superseded record there says nothing. */
    long holesBefore;
    /** Where this opening began. */
    long openedAt;

    Contents(PartitionTable partitions, SegmentStore segments) {
        this.partitions = partitions;
        this.segments = segments;
    }

    record Moved(int partitionId, long at) {}

    /** A record has got its place. */
    void placed(PartitionState state, long position, byte @Nullable [] key, boolean valueless, Segment segment) {
        if (state.first < 0) {
            state.first = position;
        }
        state.end = position + 1;
        if (state.keys == null) {
            segment.needed(state.id, position < openedAt);
            return;
        }
        if (key == null) {
            throw new IllegalStateException("a record without key at " + position + " of " + state.partition);
        }
        // A tombstone is needed by nobody: segments go only before a checkpoint, whose index lacks the key.
        Long superseded = valueless ? state.keys.remove(new Key(key)) : state.keys.put(new Key(key), position);
        if (superseded != null) {
            forget(state, superseded);
        }
        if (!valueless) {
            segment.needed(state.id, false);
        }
    }

    /** A large batch took effect: its pieces are needed as long as anything in the segment of its final frame is. */
    void piecesTookEffect(long[] pieces, Segment commit, boolean wereOpen) {
        for (long piece : pieces) {
            Segment segment = segments.containing(piece);
            if (segment != null && wereOpen) {
                segment.openPieces--;
            }
            if (segment != null && segment != commit) {
                commit.pins.add(segment.base);
            }
        }
    }

    /** Pieces whose batch will never take effect. */
    void piecesDropped(Iterable<Long> pieces) {
        for (long piece : pieces) {
            Segment segment = segments.containing(piece);
            if (segment != null) {
                segment.openPieces--;
            }
        }
    }

    /** A record was copied to another place under its old position; without effect if its key has a later one. */
    void relocated(PartitionState state, long position, byte @Nullable [] key, long at) {
        if (state.keys != null && (key == null || !isLast(state, key, position))) {
            return;
        }
        forget(state, position);
        moved.put(position, new Moved(state.id, at));
        Segment to = segments.containing(at);
        if (to != null) {
            to.needed(state.id, state.keys == null && at < openedAt);
        }
    }

    /** Whether no later record of the key is placed. */
    boolean isLast(PartitionState state, byte[] key, long position) {
        Long last = state.keys == null ? null : state.keys.get(new Key(key));
        return last != null && last == position;
    }

    /** Where the bytes of a record are. */
    long whereIs(PartitionState state, long position) {
        Moved to = moved.get(position);
        return to != null && to.partitionId == state.id ? to.at : position;
    }

    /** A record is not needed any more. */
    void forget(PartitionState state, long position) {
        long at = whereIs(state, position);
        if (at != position) {
            moved.remove(position);
        }
        Segment segment = segments.containing(at);
        if (segment != null) {
            segment.released(state.id, state.keys == null && at < openedAt);
        }
    }

    /**
     * Only these records before {@code before} are needed. Exact where all counted records of a segment lie before it;
     * in the one segment that holds {@code before} amid records of this opening the count stays as it was, too high at
     * worst, until a later call.
     */
    void retain(PartitionState state, long before, PrimitiveIterator.OfLong live) {
        Map<Segment, int[]> found = new HashMap<>();
        // Millions may be needed: neighbours are in one segment, and few are not where they were.
        long firstMoved = moved.isEmpty() ? Long.MAX_VALUE : moved.firstKey();
        Segment segment = null;
        int[] count = {};
        while (live.hasNext()) {
            long position = live.nextLong();
            if (position >= before) {
                break;
            }
            long at = position < firstMoved ? position : whereIs(state, position);
            if (segment == null || at < segment.base || at >= segment.end()) {
                segment = segments.containing(at);
                count = segment == null ? count : found.computeIfAbsent(segment, s -> new int[2]);
            }
            if (segment != null) {
                count[at < openedAt ? 0 : 1]++;
            }
        }
        boolean coversOld = before >= Math.min(openedAt, state.openedEnd);
        for (Segment each : segments.all()) {
            if (each.base >= before && !found.containsKey(each)) {
                continue;
            }
            if (!each.live().containsKey(state.id) && !found.containsKey(each)) {
                continue;
            }
            int[] counts = found.getOrDefault(each, new int[2]);
            boolean whole = each.end() <= before;
            Segment.Live needed = each.live(state.id);
            if (whole || coversOld) {
                needed.old = counts[0];
            }
            if (whole || before >= state.end) {
                needed.fresh = counts[1];
            }
        }
    }
}
