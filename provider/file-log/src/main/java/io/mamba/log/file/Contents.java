package io.mamba.log.file;

import java.util.HashMap;
import java.util.Iterator;
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
        segment.records++;
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

    /** A record was copied to another place under its old position; without effect if it is not needed any more. */
    void relocated(PartitionState state, long position, byte @Nullable [] key, long at) {
        boolean needed = state.keys == null
                ? whereIs(state, position) != position || !isReleased(position)
                : key != null && isLast(state, key, position);
        if (!needed) {
            return;
        }
        forget(state, position);
        moved.put(position, new Moved(state.id, at));
        Segment to = segments.containing(at);
        if (to != null) {
            to.needed(state.id, state.keys == null && at < openedAt);
        }
    }

    private boolean isReleased(long position) {
        Segment segment = segments.containing(position);
        return segment != null && segment.isReleased(position);
    }

    /**
     * Whether a record must be kept that stands at a place.
     *
     * @param named what its partition's owner named of the segment
     */
    boolean isNeeded(PartitionState state, long position, long at, byte @Nullable [] key, Segment.Named named) {
        if (whereIs(state, position) != at) {
            return false;
        }
        if (state.keys != null) {
            return key != null && isLast(state, key, position);
        }
        return at != position || (!isReleased(position) && (position >= state.retainedBefore || named.has(position)));
    }

    /** Whether a partition with records here, needed or not, is read from here or before at the next opening. */
    boolean isStillRead(Segment segment) {
        for (int id : segment.live().keySet()) {
            PartitionState state = partitions.byId(id);
            if (state != null && state.readFrom >= 0 && state.readFrom < Math.min(segment.end(), state.end)) {
                return true;
            }
        }
        return false;
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
        Segment segment = segments.containing(at);
        if (at != position) {
            moved.remove(position);
        } else if (segment != null && state.keys == null && !segment.release(position)) {
            return;
        }
        if (segment != null) {
            segment.released(state.id, state.keys == null && at < openedAt);
        }
    }

    /** What a declaration says of one segment. */
    private static final class Declared {
        int old;
        int fresh;
        final Offsets slots = new Offsets();
    }

    /**
     * Only these records before {@code before} are needed. Exact where all counted records of a segment lie before it;
     * in the one segment that holds {@code before} amid records of this opening the count stays as it was, too high at
     * worst, until a later call.
     */
    void retain(PartitionState state, long before, PrimitiveIterator.OfLong live) {
        Map<Segment, Declared> found = declared(state, before, live);
        boolean coversOld = before >= Math.min(openedAt, state.openedEnd);
        for (Segment each : segments.all()) {
            if (each.base < before) {
                each.name(state.id, found.containsKey(each) ? found.get(each).slots : new Offsets(), before);
            } else if (!found.containsKey(each)) {
                continue;
            }
            if (!each.live().containsKey(state.id) && !found.containsKey(each)) {
                continue;
            }
            Declared declared = found.getOrDefault(each, new Declared());
            boolean whole = each.end() <= before;
            Segment.Live needed = each.live(state.id);
            if (whole || coversOld) {
                needed.old = declared.old;
            }
            if (whole || before >= state.end) {
                needed.fresh = declared.fresh;
            }
        }
        state.retainedBefore = Math.max(state.retainedBefore, before);
        state.declarations++;
    }

    /** By segment, what is needed there; of records copied forward only those are known afterwards that are needed. */
    private Map<Segment, Declared> declared(PartitionState state, long before, PrimitiveIterator.OfLong live) {
        Map<Segment, Declared> found = new HashMap<>();
        Iterator<Map.Entry<Long, Moved>> copies =
                moved.headMap(before).entrySet().iterator();
        Map.Entry<Long, Moved> copy = nextOf(state, copies);
        // Millions may be needed: neighbours are in one segment, and few are not where they were.
        Segment segment = null;
        Declared in = new Declared();
        while (live.hasNext()) {
            long position = live.nextLong();
            if (position >= before) {
                break;
            }
            while (copy != null && copy.getKey() < position) {
                copies.remove();
                copy = nextOf(state, copies);
            }
            boolean isCopy = copy != null && copy.getKey() == position;
            long at = copy != null && isCopy ? copy.getValue().at : position;
            if (isCopy) {
                copy = nextOf(state, copies);
            }
            if (segment == null || at < segment.base || at >= segment.end()) {
                segment = segments.containing(at);
                in = segment == null ? in : found.computeIfAbsent(segment, s -> new Declared());
            }
            if (segment == null) {
                continue;
            }
            if (at < openedAt) {
                in.old++;
            } else {
                in.fresh++;
            }
            if (!isCopy) {
                segment.addSlot(in.slots, at);
            }
        }
        while (copy != null) {
            copies.remove();
            copy = nextOf(state, copies);
        }
        return found;
    }

    private static Map.@Nullable Entry<Long, Moved> nextOf(
            PartitionState state, Iterator<Map.Entry<Long, Moved>> copies) {
        while (copies.hasNext()) {
            Map.Entry<Long, Moved> next = copies.next();
            if (next.getValue().partitionId == state.id) {
                return next;
            }
        }
        return null;
    }
}
