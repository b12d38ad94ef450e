package io.mamba.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The records of a large batch, as its final frame names the pieces that hold them. */
final class PieceStream {
    private final SegmentStore segments;
    private final int pieceBytes;
    final long length;
    final long[] pieces;

    private PieceStream(SegmentStore segments, int pieceBytes, long length, long[] pieces) {
        this.segments = segments;
        this.pieceBytes = pieceBytes;
        this.length = length;
        this.pieces = pieces;
    }

    /** Reads the head of a commit's payload, up to the offset of its entries. */
    static PieceStream parse(ByteBuffer commit, SegmentStore segments) {
        Definitions.skip(commit);
        int pieceBytes = commit.getInt();
        long length = commit.getLong();
        long[] pieces = new long[commit.getInt()];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = commit.getLong();
        }
        return new PieceStream(segments, pieceBytes, length, pieces);
    }

    /** Whether all the pieces are there. They may go before the frame that names them, once no record is needed. */
    boolean isComplete() {
        for (long piece : pieces) {
            if (segments.containing(piece) == null) {
                return false;
            }
        }
        return true;
    }

    /** The body of the record at an offset. */
    ByteBuffer body(long offset) throws IOException {
        ByteBuffer prefix = read(offset, RecordCodec.PREFIX);
        ByteBuffer body = prefix == null ? null : read(offset + RecordCodec.PREFIX, prefix.getInt(0));
        if (body == null) {
            throw new IOException("a large batch lacks the piece with byte " + offset);
        }
        return body;
    }

    /** So many bytes from an offset on, or null if they are not there. */
    @Nullable
    ByteBuffer read(long offset, int count) throws IOException {
        if (offset < 0 || count < 0 || offset + count > length) {
            return null;
        }
        ByteBuffer out = ByteBuffer.allocate(count);
        while (out.hasRemaining()) {
            long at = offset + out.position();
            int within = (int) (at % pieceBytes);
            long start = pieces[(int) (at / pieceBytes)] + Frame.HEADER + within;
            Segment segment = segments.containing(start);
            if (segment == null) {
                return null;
            }
            out.limit(Math.min(count, out.position() + pieceBytes - within));
            int wanted = out.remaining();
            if (segment.file.read(out, start - segment.base) < wanted || segment.retired) {
                return null;
            }
            out.limit(count);
        }
        return out.flip();
    }
}
