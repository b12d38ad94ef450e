package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads ranges of partitions from the segments, in the calling thread. */
final class LogReader {
    private static final long UNWRITTEN = -2;

    private final Journal journal;
    private final Contents contents;
    private final SegmentStore segments;
    private final RecordReader records;
    private final String directory;

    LogReader(Journal journal, Contents contents, SegmentStore segments, RecordReader records, String directory) {
        this.journal = journal;
        this.contents = contents;
        this.segments = segments;
        this.records = records;
        this.directory = directory;
    }

    /** Positions of one partition, from inclusive to exclusive. */
    private record Range(PartitionState state, long from, long to) {}

    /** Reads each partition up to its committed end, which is the answer. */
    Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        Map<Integer, Range> ranges = new HashMap<>();
        Map<Partition, Long> ends = new HashMap<>();
        journal.lock.lock();
        try {
            from.forEach((partition, first) -> {
                PartitionState state = contents.partitions.find(partition);
                long end = state == null ? 0 : journal.end(state);
                ends.put(partition, Math.max(first, end));
                if (state != null) {
                    add(ranges, state, first, end);
                }
            });
        } finally {
            journal.lock.unlock();
        }
        read(ranges, (state, position) -> true, consumer);
        return ends;
    }

    /** Reads one partition's records in a range of positions, those that the predicate wants. */
    void read(
            PartitionState state,
            long from,
            long to,
            BiPredicate<PartitionState, Long> wanted,
            Consumer<StoredRecord> consumer) {
        Map<Integer, Range> ranges = new HashMap<>();
        add(ranges, state, from, to);
        read(ranges, wanted, consumer);
    }

    private static void add(Map<Integer, Range> ranges, PartitionState state, long from, long to) {
        if (state.first >= 0 && Math.max(from, state.first) < to) {
            ranges.put(state.id, new Range(state, Math.max(from, state.first), to));
        }
    }

    private void read(
            Map<Integer, Range> ranges, BiPredicate<PartitionState, Long> wanted, Consumer<StoredRecord> consumer) {
        if (ranges.isEmpty()) {
            return;
        }
        segments.beginRead();
        try {
            readPinned(ranges, wanted, consumer);
        } finally {
            segments.endRead();
        }
    }

    private void readPinned(
            Map<Integer, Range> ranges, BiPredicate<PartitionState, Long> wanted, Consumer<StoredRecord> consumer) {
        journal.flush();
        long from = Long.MAX_VALUE;
        long to = 0;
        for (Range range : ranges.values()) {
            from = Math.min(from, range.from);
            to = Math.max(to, range.to);
        }
        NavigableMap<Long, Contents.Moved> moved = movedFrom(from, ranges);
        try {
            scan(from, to, (at, body) -> {
                RecordCodec.Outline outline = RecordCodec.outline(body);
                Range range = ranges.get(outline.partitionId());
                if (range == null || at < range.from || at >= range.to || outline.relocatedFrom() >= 0) {
                    return;
                }
                giveMoved(moved, at, ranges, consumer);
                if (wanted.test(range.state, at) && current(range.state, at, outline.key())) {
                    consumer.accept(new StoredRecord(at, RecordCodec.decode(body, range.state.partition)));
                }
            });
        } catch (IOException e) {
            throw new MambaException(ErrorCode.LOG_FAILED, "Could not read the journal in " + directory, e);
        }
        giveMoved(moved, Long.MAX_VALUE, ranges, consumer);
    }

    private NavigableMap<Long, Contents.Moved> movedFrom(long from, Map<Integer, Range> ranges) {
        NavigableMap<Long, Contents.Moved> found = new TreeMap<>();
        journal.lock.lock();
        try {
            contents.moved.tailMap(from, true).forEach((position, to) -> {
                Range range = ranges.get(to.partitionId());
                if (range != null && position >= range.from && position < range.to) {
                    found.put(position, to);
                }
            });
        } finally {
            journal.lock.unlock();
        }
        return found;
    }

    private void giveMoved(
            NavigableMap<Long, Contents.Moved> moved,
            long before,
            Map<Integer, Range> ranges,
            Consumer<StoredRecord> consumer) {
        while (!moved.isEmpty() && moved.firstKey() <= before) {
            Map.Entry<Long, Contents.Moved> next = moved.pollFirstEntry();
            Range range = ranges.get(next.getValue().partitionId());
            if (range != null && next.getKey() != before) {
                StoredRecord found = get(range.state, next.getKey());
                if (found != null) {
                    consumer.accept(found);
                }
            }
        }
    }

    /** Where segments have gone, an old record of a key may have outlived what superseded it. */
    private boolean current(PartitionState state, long position, byte @Nullable [] key) {
        if (state.keys == null || key == null) {
            return true;
        }
        journal.lock.lock();
        try {
            return position >= contents.holesBefore || contents.isLast(state, key, position);
        } finally {
            journal.lock.unlock();
        }
    }

    private void scan(long from, long to, FrameRecords.Visitor visitor) throws IOException {
        long position = from;
        while (position < to) {
            Segment segment = segments.atOrAfter(position);
            if (segment == null || segment.base >= to) {
                return;
            }
            FrameCursor cursor = new FrameCursor(segments, segment.base, to);
            while (cursor.next() && visit(cursor, visitor)) {
                // The visitor has it.
            }
            if (cursor.position() >= to) {
                return;
            }
            position = cursor.position();
            Segment stopped = segments.containing(position);
            if (stopped != null && !stopped.retired && !cursor.lost()) {
                throw RecordReader.corrupt(directory, stopped, position, "there is no valid frame");
            }
            if (stopped != null) {
                position = stopped.end();
            }
        }
    }

    /** False if the frame's segment went away meanwhile: nothing in it was needed. */
    private boolean visit(FrameCursor cursor, FrameRecords.Visitor visitor) throws IOException {
        try {
            FrameRecords.visit(cursor, segments, visitor);
            return true;
        } catch (IOException e) {
            if (cursor.segment().retired) {
                return false;
            }
            throw e;
        }
    }

    /** One record, from memory if it is not written yet. */
    @Nullable
    StoredRecord get(PartitionState state, long position) {
        long before = -1;
        while (true) {
            long at = whereIs(state, position);
            LogRecord record = at == UNWRITTEN ? unwritten(position) : records.read(state, at);
            if (record != null) {
                return new StoredRecord(position, record);
            }
            if (at == before) {
                return null;
            }
            // Written or copied forward meanwhile: look again until the place stays the same.
            before = at;
        }
    }

    private long whereIs(PartitionState state, long position) {
        journal.lock.lock();
        try {
            return journal.unwritten(position) == null ? contents.whereIs(state, position) : UNWRITTEN;
        } finally {
            journal.lock.unlock();
        }
    }

    private @Nullable LogRecord unwritten(long position) {
        journal.lock.lock();
        try {
            Append unwritten = journal.unwritten(position);
            if (unwritten != null) {
                for (int i = 0; i < unwritten.positions.length; i++) {
                    if (unwritten.positions[i] == position) {
                        return unwritten.payload.records().get(i);
                    }
                }
            }
            return null;
        } finally {
            journal.lock.unlock();
        }
    }
}
