package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at opening what the journal holds: from the newest checkpoint, and by a scan from there to the first place
 * without a valid frame. Behind that place it goes on by magic and checksum to find how far the journal was known
 * durable: a bad frame before that is corruption and an error; at or behind it everything from there on is the tail of
 * a crash and is cut.
 */
final class Recovery {
    private static final int CHUNK = 1 << 20;

    private final Storage storage;
    private final SegmentStore segments;
    private final Contents contents;
    private final ByteBuffer zeros;
    private long synced;
    private long position;
    private int epoch;
    private long nextSequence;

    Recovery(Storage storage, SegmentStore segments, Contents contents) {
        this.storage = storage;
        this.segments = segments;
        this.contents = contents;
        this.zeros = ByteBuffer.allocate(Math.min(CHUNK, segments.segmentBytes()));
    }

    /**
     * @param end where the next frame goes; everything before it is durable by now
     * @param checkpoint where the scan began
     * @param checkpointNumber of the last checkpoint file
     * @param synced the highest position that the journal, as it is now, tells to be durable
     */
    record Found(long end, long checkpoint, long checkpointNumber, long synced) {}

    Found run() throws IOException {
        segments.load();
        Checkpoints.Newest newest = new Checkpoints(storage).newest();
        Checkpoint checkpoint = newest.checkpoint();
        start(checkpoint, newest.skipped());
        long scannedFrom = position;
        contents.openedAt = Long.MAX_VALUE;
        scan();
        Tail tail = searchTail(position);
        // What only the tail tells goes with it: the journal is to be marked anew.
        if (Math.max(synced, tail.synced) > position) {
            throw corrupt(
                    position,
                    "there is no valid frame, but everything before offset position " + Math.max(synced, tail.synced)
                            + " was durable");
        }
        cut(position, tail.end);
        for (Segment segment : segments.from(scannedFrom)) {
            segment.file.force(false);
        }
        contents.openedAt = position;
        for (PartitionState state : contents.partitions.all()) {
            state.openedEnd = state.end;
        }
        return new Found(position, scannedFrom, checkpoint == null ? 0 : checkpoint.number(), synced);
    }

    private void start(@Nullable Checkpoint checkpoint, boolean skipped) throws IOException {
        if (checkpoint == null) {
            Segment first = segments.atOrAfter(0);
            if (skipped || (first != null && first.base > 0)) {
                throw new MambaException(
                        ErrorCode.CORRUPT,
                        "The journal in " + storage.name() + " has no readable checkpoint, and its first segments are"
                                + " gone: restore the directory from a copy");
            }
            return;
        }
        position = checkpoint.position();
        synced = checkpoint.position();
        epoch = checkpoint.epoch();
        nextSequence = checkpoint.sequence();
        checkpoint.restore(contents, segments, at -> {
            if (!skipped) {
                throw corrupt(at, "the segment is missing, but records in it are needed");
            }
        });
    }

    private void scan() throws IOException {
        FrameCursor cursor = new FrameCursor(segments, position, Long.MAX_VALUE);
        while (cursor.next() && follows(cursor.frame())) {
            Frame frame = cursor.frame();
            apply(cursor);
            epoch = frame.epoch();
            nextSequence = frame.sequence() + 1;
            synced = Math.max(synced, frame.synced());
            position = frame.end();
        }
        position = cursor.position();
    }

    /** Neither left over from an earlier use of the place nor behind a frame that is missing. */
    private boolean follows(Frame frame) {
        if (frame.epoch() == epoch) {
            return frame.sequence() == nextSequence;
        }
        return frame.epoch() > epoch && frame.sequence() == (long) frame.epoch() << 40;
    }

    private void apply(FrameCursor cursor) throws IOException {
        Frame frame = cursor.frame();
        if (frame.kind() == Frame.Kind.BATCH
                || frame.kind() == Frame.Kind.COMMIT
                || frame.kind() == Frame.Kind.RELOCATION) {
            Definitions.get(cursor.payload(), contents.partitions);
        }
        if (frame.kind() == Frame.Kind.COMMIT) {
            PieceStream stream = PieceStream.parse(cursor.payload(), segments);
            if (!stream.isComplete()) {
                throw corrupt(frame.position(), "a large batch lacks pieces");
            }
            contents.piecesTookEffect(stream.pieces, cursor.segment(), false);
        }
        FrameRecords.visit(cursor, segments, (at, body) -> {
            RecordCodec.Outline outline = RecordCodec.outline(body);
            PartitionState state = contents.partitions.byId(outline.partitionId());
            if (state == null) {
                throw corrupt(at, "a record belongs to the unknown partition number " + outline.partitionId());
            }
            if (outline.relocatedFrom() >= 0) {
                contents.relocated(state, outline.relocatedFrom(), outline.key(), at);
            } else {
                contents.placed(state, at, outline.key(), outline.valueless(), cursor.segment());
            }
        });
    }

    /** What stands behind the last good frame. */
    private record Tail(long synced, long end) {}

    private Tail searchTail(long from) throws IOException {
        long highest = 0;
        long end = from;
        ByteBuffer chunk = ByteBuffer.allocate(zeros.capacity());
        for (Segment segment : segments.from(from)) {
            long at = Math.max(from, segment.base);
            while (segment.end() - at >= Frame.HEADER) {
                chunk.clear();
                segment.file.read(chunk, at - segment.base);
                int last = chunk.flip().limit() - Frame.HEADER;
                int offset = Math.min(firstWritten(chunk), Math.max(0, last + 8)) & -8;
                for (; offset <= last; offset += 8) {
                    if (chunk.getInt(offset) == Frame.MAGIC) {
                        Frame frame = Frame.parse(chunk, offset, at + offset);
                        if (frame != null) {
                            end = Math.max(end, Math.min(frame.end(), segment.end()));
                            highest = frame.epoch() >= epoch ? Math.max(highest, frame.synced()) : highest;
                        }
                    }
                }
                if (offset == 0) {
                    break;
                }
                at += offset;
            }
        }
        return new Tail(highest, end);
    }

    /** The first byte that is not zero: most of what was made ready ahead is, and is passed over at the speed of memory. */
    private int firstWritten(ByteBuffer chunk) {
        int first = chunk.mismatch(zeros.clear().limit(chunk.limit()));
        return first < 0 ? chunk.limit() : first;
    }

    /** Overwrites with zeros what looks like frames of this place, before it is used again. */
    private void cut(long from, long end) throws IOException {
        for (Segment segment : segments.from(from)) {
            long at = Math.max(from, segment.base);
            long until = Math.min(end, segment.end());
            if (at < until) {
                while (at < until) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), until - at));
                    segment.file.write(zeros, at - segment.base);
                    at += zeros.limit();
                }
                segment.file.force(false);
            }
        }
    }

    private MambaException corrupt(long at, String what) {
        Segment segment = segments.containing(at);
        if (segment != null) {
            return RecordReader.corrupt(storage.name(), segment, at, what);
        }
        return new MambaException(
                ErrorCode.CORRUPT,
                "The journal in " + storage.name() + " lacks the segment with position " + at + ": " + what
                        + "; restore the directory from a copy");
    }
}
