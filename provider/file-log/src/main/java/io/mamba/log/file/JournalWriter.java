package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes frames, neighbours in one system call. Owned by whoever has the writing role. */
final class JournalWriter {
    private static final int BUFFER = 1 << 20;

    private final ByteBuffer buffer;
    private final int epoch;

    JournalWriter(int epoch, int segmentBytes) {
        this.buffer = ByteBuffer.allocateDirect(Math.min(BUFFER, segmentBytes));
        this.epoch = epoch;
    }

    /**
     * May be repeated after a failure.
     *
     * @param synced the position known durable, to be told by each frame
     */
    void write(List<Append> appends, long synced) throws IOException {
        buffer.clear();
        Segment segment = null;
        long start = 0;
        for (Append append : appends) {
            Segment own = append.segment;
            if (own == null) {
                throw new IllegalStateException("a frame without a place");
            }
            if (own != segment || buffer.remaining() < Frame.HEADER + 8) {
                flush(segment, start);
                segment = own;
                start = append.position;
            }
            put(append, synced);
            byte[] bytes = append.payload.bytes();
            int at = append.payload.start();
            int end = at + append.payload.length();
            while (at < end) {
                int count = Math.min(end - at, buffer.remaining());
                buffer.put(bytes, at, count);
                at += count;
                if (!buffer.hasRemaining()) {
                    start = flush(segment, start);
                }
            }
            if (append.payload.kind() != Frame.Kind.END) {
                for (int pad = Frame.HEADER + append.payload.length(); pad < append.span; pad++) {
                    buffer.put((byte) 0);
                }
            }
        }
        flush(segment, start);
    }

    private void put(Append append, long synced) {
        Frame.Kind kind = append.payload.kind();
        int length = kind == Frame.Kind.END ? append.span - Frame.HEADER : append.payload.length();
        new Frame(kind, epoch, append.position, append.sequence, synced, length, append.crc).put(buffer);
    }

    /** Returns the journal position behind what was written. */
    private long flush(@Nullable Segment segment, long start) throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        if (segment != null && count > 0) {
            segment.file.write(buffer, start - segment.base);
        }
        buffer.clear();
        return start + count;
    }
}
