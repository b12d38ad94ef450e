package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads single records from segments. Thread-safe. A record whose segment is gone is null, never something else. */
final class RecordReader {
    private static final int FIRST_READ = 4 << 10;
    private static final ThreadLocal<ByteBuffer> BUFFERS =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(FIRST_READ));

    private final SegmentStore segments;
    private final String directory;

    RecordReader(SegmentStore segments, String directory) {
        this.segments = segments;
        this.directory = directory;
    }

    /** @param at where the record's bytes are: its position, or where it was copied to */
    @Nullable
    LogRecord read(PartitionState state, long at) {
        Segment segment = segments.containing(at);
        if (segment == null) {
            return null;
        }
        try {
            ByteBuffer body = body(segment, at);
            if (segment.retired || body == null) {
                return null;
            }
            if (RecordCodec.outline(body).partitionId() != state.id) {
                throw corrupt(segment, at);
            }
            return RecordCodec.decode(body, state.partition);
        } catch (IOException e) {
            if (segment.retired) {
                return null;
            }
            throw new MambaException(
                    ErrorCode.LOG_FAILED, "Could not read " + segment.fileName() + " in " + directory, e);
        }
    }

    private @Nullable ByteBuffer body(Segment segment, long at) throws IOException {
        ByteBuffer head = BUFFERS.get().clear();
        int offset = (int) (at - segment.base);
        int count = segment.file.read(head, offset);
        head.flip();
        if (count < RecordCodec.PREFIX) {
            return missing(segment, at);
        }
        int length = head.getInt(0);
        if (length == -1 && count >= BatchEncoder.ENTRY) {
            return large(segment, at, head.getInt(4), head.getLong(8));
        }
        if (length <= 0 || length > segment.size - offset - RecordCodec.PREFIX) {
            return missing(segment, at);
        }
        ByteBuffer body;
        if (length <= count - RecordCodec.PREFIX) {
            body = head.position(RecordCodec.PREFIX)
                    .limit(RecordCodec.PREFIX + length)
                    .slice();
        } else {
            body = ByteBuffer.allocate(length);
            segment.file.read(body, offset + RecordCodec.PREFIX);
            body.flip();
        }
        boolean whole = body.remaining() == length && Frame.crc(body, 0, length) == head.getInt(4);
        return whole ? body : missing(segment, at);
    }

    /** The record's bytes are in the pieces of a large batch. */
    private @Nullable ByteBuffer large(Segment segment, long at, int index, long streamOffset) throws IOException {
        long entries = at - segment.base - (long) index * BatchEncoder.ENTRY;
        ByteBuffer ends = ByteBuffer.allocate(4);
        if (entries < Frame.HEADER || segment.file.read(ends, entries - 4) < 4) {
            return missing(segment, at);
        }
        // The offset of the entries counts from the payload's start and follows the pieces; read back from it.
        int entriesOffset = ends.getInt(0);
        long payload = entries - entriesOffset;
        if (payload < Frame.HEADER) {
            return missing(segment, at);
        }
        ByteBuffer commit = ByteBuffer.allocate(entriesOffset);
        segment.file.read(commit, payload);
        commit.flip();
        PieceStream stream = PieceStream.parse(commit, segments);
        ByteBuffer prefix = stream.read(streamOffset, RecordCodec.PREFIX);
        if (prefix == null) {
            return missing(segment, at);
        }
        int length = prefix.getInt(0);
        ByteBuffer body = stream.read(streamOffset + RecordCodec.PREFIX, length);
        boolean whole = body != null && Frame.crc(body, 0, length) == prefix.getInt(4);
        return whole ? body : missing(segment, at);
    }

    private @Nullable ByteBuffer missing(Segment segment, long at) {
        if (segment.retired) {
            return null;
        }
        throw corrupt(segment, at);
    }

    private MambaException corrupt(Segment segment, long at) {
        return corrupt(directory, segment, at, "the record there does not match its checksum");
    }

    static MambaException corrupt(String directory, Segment segment, long at, String what) {
        return new MambaException(
                ErrorCode.CORRUPT,
                "The journal is damaged in " + directory + "/" + segment.fileName() + " at offset "
                        + (at - segment.base) + ": " + what + "; restore the directory from a copy");
    }
}
