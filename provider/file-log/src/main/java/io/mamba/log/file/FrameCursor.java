package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the frames from a frame's position up to a limit, from segment to segment. Owned by one thread. After
 * {@link #next} returned false, {@link #position} is where it stopped: the limit, a place without a valid frame, or a
 * segment that went away ({@link #lost}).
 */
final class FrameCursor {
    private static final int CHUNK = 1 << 20;

    private final SegmentStore segments;
    private final long limit;
    private ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    private long bufferStart = -1;
    private @Nullable Segment buffered;
    private @Nullable Segment segment;
    private long position;
    private @Nullable Frame frame;
    private boolean lost;

    FrameCursor(SegmentStore segments, long from, long limit) {
        this.segments = segments;
        this.position = from;
        this.limit = limit;
    }

    /** Goes to the next valid frame, over the ends of segments but not over a gap between them. */
    boolean next() throws IOException {
        Frame before = frame;
        if (before != null) {
            position = before.end();
            frame = null;
        }
        while (position < limit) {
            segment = segments.containing(position);
            if (segment == null) {
                return false;
            }
            if (segment.end() - position < Frame.HEADER) {
                position = segment.end();
                continue;
            }
            Frame found = parse(segment);
            if (found == null) {
                return false;
            }
            frame = found;
            return true;
        }
        return false;
    }

    private @Nullable Frame parse(Segment in) throws IOException {
        if (!load(in, position, Frame.HEADER)) {
            return null;
        }
        Frame found = Frame.parse(buffer, (int) (position - bufferStart), position);
        if (found == null || found.end() > in.end()) {
            return null;
        }
        if (found.kind() == Frame.Kind.END) {
            return found;
        }
        if (!load(in, position, Frame.HEADER + found.length())) {
            return null;
        }
        int crc = Frame.crc(buffer, (int) (position - bufferStart) + Frame.HEADER, found.length());
        return crc == found.payloadCrc() ? found : null;
    }

    private boolean load(Segment in, long from, int count) throws IOException {
        if (buffered == in && from >= bufferStart && from + count <= bufferStart + buffer.limit()) {
            return true;
        }
        if (buffer.capacity() < count) {
            buffer = ByteBuffer.allocate(count);
        }
        buffer.clear();
        bufferStart = from;
        buffered = in;
        try {
            in.file.read(buffer, from - in.base);
        } catch (IOException e) {
            if (!in.retired) {
                throw e;
            }
        }
        buffer.flip();
        lost = in.retired;
        return !lost && buffer.limit() >= count;
    }

    Frame frame() {
        if (frame == null) {
            throw new IllegalStateException("not at a frame");
        }
        return frame;
    }

    Segment segment() {
        if (segment == null) {
            throw new IllegalStateException("not in a segment");
        }
        return segment;
    }

    /** The payload of the present frame: valid until the next move. */
    ByteBuffer payload() {
        int at = (int) (position - bufferStart) + Frame.HEADER;
        return buffer.duplicate().position(at).limit(at + frame().length()).slice();
    }

    long position() {
        return position;
    }

    boolean lost() {
        return lost;
    }
}
