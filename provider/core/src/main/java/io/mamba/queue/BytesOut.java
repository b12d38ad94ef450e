package io.mamba.queue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Writes numbers compactly into pieces of a given largest size. */
final class BytesOut {
    private final int pieceSize;
    private final Deque<byte[]> full = new ArrayDeque<>();
    private byte[] piece;
    private int size;

    BytesOut(int pieceSize) {
        if (pieceSize < 1) {
            throw new IllegalArgumentException("a piece has at least one byte, not " + pieceSize);
        }
        this.pieceSize = pieceSize;
        this.piece = new byte[Math.min(pieceSize, 64)];
    }

    void octet(int value) {
        if (size == piece.length) {
            if (size == pieceSize) {
                full.add(piece);
                piece = new byte[Math.min(pieceSize, 4096)];
                size = 0;
            } else {
                piece = Arrays.copyOf(piece, (int) Math.min(pieceSize, size * 2L));
            }
        }
        piece[size++] = (byte) value;
    }

    /** Seven bits a byte, the lowest first. */
    void unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /** Small for numbers near zero on either side. */
    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    void fixed(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
    }

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        unsigned(bytes.length);
        for (byte b : bytes) {
            octet(b);
        }
    }

    void positions(long[] positions) {
        unsigned(positions.length);
        long before = 0;
        for (long position : positions) {
            signed(position - before);
            before = position;
        }
    }

    boolean hasFullPiece() {
        return !full.isEmpty();
    }

    boolean isEmpty() {
        return full.isEmpty() && size == 0;
    }

    /** The oldest piece that was not taken yet; the last one may be shorter than the others. */
    byte[] takePiece() {
        byte[] oldest = full.poll();
        if (oldest == null) {
            oldest = Arrays.copyOf(piece, size);
            size = 0;
        }
        return oldest;
    }
}
