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
    private boolean inOrder;
    /** The piece read last, if they are read in order. */
    private @Nullable ByteBuffer kept;

    private int keptIndex = -1;

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

    /** This one, for who reads all of it from the front: each piece is read at once, and kept until the next. */
    PieceStream inOrder() {
        inOrder = true;
        return this;
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
            int index = (int) (at / pieceBytes);
            int within = (int) (at % pieceBytes);
            int wanted = Math.min(out.remaining(), pieceBytes - within);
            ByteBuffer part = inOrder ? whole(index) : part(index, within, wanted);
            if (part == null) {
                return null;
            }
            out.put(inOrder ? part.slice(within, wanted) : part);
        }
        return out.flip();
    }

    private @Nullable ByteBuffer whole(int index) throws IOException {
        if (index != keptIndex) {
            kept = part(index, 0, (int) Math.min(pieceBytes, length - (long) index * pieceBytes));
            keptIndex = index;
        }
        return kept;
    }

    private @Nullable ByteBuffer part(int index, int within, int count) throws IOException {
        long start = pieces[index] + Frame.HEADER + within;
        Segment segment = segments.containing(start);
        if (segment == null) {
            return null;
        }
        ByteBuffer part = ByteBuffer.allocate(count);
        if (segment.file.read(part, start - segment.base) < count || segment.retired) {
            return null;
        }
        return part.flip();
    }
}
