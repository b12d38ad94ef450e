package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what {@link BytesOut} wrote. Whatever the bytes are, it fails with CORRUPT and with nothing else. */
final class BytesIn {
    private final String what;
    private final List<byte[]> pieces;
    private long remaining;
    private int piece;
    private int offset;

    BytesIn(String what, List<byte[]> pieces) {
        this.what = what;
        this.pieces = pieces;
        for (byte[] bytes : pieces) {
            remaining += bytes.length;
        }
    }

    boolean isAtEnd() {
        return remaining == 0;
    }

    int octet() {
        if (remaining == 0) {
            throw corrupt("they end too early");
        }
        while (offset == pieces.get(piece).length) {
            piece++;
            offset = 0;
        }
        remaining--;
        return pieces.get(piece)[offset++] & 0xFF;
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            if (shift == 63 && octet > 1) {
                break;
            }
            value |= (octet & 0x7FL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw corrupt("a number is too long");
    }

    long signed() {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number from 0 to {@code limit}. */
    int upTo(int limit) {
        long value = unsigned();
        if (value < 0 || value > limit) {
            throw corrupt("the number " + value + " is not between 0 and " + limit);
        }
        return (int) value;
    }

    /** How many items follow that take at least so many bytes each. */
    int count(int bytesEach) {
        return upTo((int) Math.min(Integer.MAX_VALUE, remaining / bytesEach));
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    String text() {
        byte[] bytes = new byte[count(1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octet();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MambaException(ErrorCode.CORRUPT, "The bytes of " + what + " hold a text that is not UTF-8.", e);
        }
    }

    long position() {
        return checked(unsigned());
    }

    long[] positions() {
        long[] positions = new long[count(1)];
        long before = 0;
        for (int i = 0; i < positions.length; i++) {
            before = checked(before + signed());
            positions[i] = before;
        }
        return positions;
    }

    private long checked(long position) {
        if (position < 0) {
            throw corrupt("a position is negative");
        }
        return position;
    }

    MambaException corrupt(String why) {
        return new MambaException(ErrorCode.CORRUPT, "The bytes of " + what + " cannot be read: " + why + ".");
    }
}
