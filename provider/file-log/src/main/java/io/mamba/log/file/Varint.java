package io.mamba.log.file;

import java.nio.ByteBuffer;

/** Unsigned integers of 1 to 5 bytes, least significant seven bits first. */
final class Varint {
    private Varint() {}

    static void put(ByteBuffer out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    static int get(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a varint of more than 5 bytes");
    }
}
