package io.mamba.log.file;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies the last few records out of old segments, so that these can go: of keyed partitions only, since of others it
 * is their owners who know which are needed. They keep their positions. Used within a checkpoint, by one thread.
 */
final class Survivors {
    private static final int FEW = 1_000;
    private static final int SEGMENTS_AT_ONCE = 8;

    private final Journal journal;
    private final Contents contents;
    private final SegmentStore segments;
    private final BatchEncoder encoder;
    private final RecordReader records;

    Survivors(Journal journal, Contents contents, SegmentStore segments, BatchEncoder encoder, RecordReader records) {
        this.journal = journal;
        this.contents = contents;
        this.segments = segments;
        this.encoder = encoder;
        this.records = records;
    }

    private record Survivor(PartitionState state, long position, long at) {}

    /** @param before segments that end behind this are left alone */
    void copyForward(long before) {
        List<Survivor> found = find(before);
        List<LogRecord> copied = new ArrayList<>();
        List<Survivor> from = new ArrayList<>();
        long bound = 0;
        for (Survivor survivor : found) {
            LogRecord record = records.read(survivor.state, survivor.at);
            if (record == null) {
                continue; // Superseded meanwhile.
            }
            long size = RecordCodec.bound(record);
            if (!encoder.fits(bound + size)) {
                append(copied, from);
                bound = 0;
            }
            copied.add(record);
            from.add(survivor);
            bound += size;
        }
        append(copied, from);
    }

    private void append(List<LogRecord> copied, List<Survivor> from) {
        if (!copied.isEmpty()) {
            PartitionState[] states = from.stream().map(Survivor::state).toArray(PartitionState[]::new);
            long[] positions = from.stream().mapToLong(Survivor::position).toArray();
            Payload payload = encoder.relocation(List.copyOf(copied), states, positions);
            Append append = new Append(payload, Durability.DURABLE, Thread.currentThread(), null);
            append.relocated = positions;
            journal.submit(append, Set.of(), Batch.Purpose.MOVING);
            journal.await(append);
            copied.clear();
            from.clear();
        }
    }

    private List<Survivor> find(long before) {
        List<Survivor> found = new ArrayList<>();
        journal.lock.lock();
        try {
            Set<Segment> sparse = sparse(before);
            if (sparse.size() < 2) {
                return found;
            }
            for (PartitionState state : contents.partitions.all()) {
                Map<Key, Long> keys = state.keys == null ? Map.of() : state.keys;
                for (long position : keys.values()) {
                    long at = contents.whereIs(state, position);
                    Segment segment = segments.containing(at);
                    if (segment != null && sparse.contains(segment)) {
                        found.add(new Survivor(state, position, at));
                    }
                }
            }
            return found;
        } finally {
            journal.lock.unlock();
        }
    }

    /** The oldest segments that hold few records, all of keyed partitions and none of large batches. */
    private Set<Segment> sparse(long before) {
        Set<Segment> sparse = new HashSet<>();
        for (Segment segment : segments.all()) {
            if (sparse.size() == SEGMENTS_AT_ONCE || segment.end() > before) {
                break;
            }
            long live = segment.liveCount();
            if (live > 0 && live <= FEW && segment.pins.isEmpty() && onlyKeyed(segment)) {
                sparse.add(segment);
            }
        }
        return sparse;
    }

    private boolean onlyKeyed(Segment segment) {
        if (segment.openPieces > 0) {
            return false;
        }
        for (Map.Entry<Integer, Segment.Live> live : segment.live().entrySet()) {
            PartitionState state = contents.partitions.byId(live.getKey());
            boolean keyed = state != null && state.keys != null;
            if (!keyed && live.getValue().old + live.getValue().fresh > 0) {
                return false;
            }
        }
        return true;
    }
}
