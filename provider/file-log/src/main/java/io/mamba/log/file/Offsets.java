package io.mamba.log.file;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** Ascending numbers, as bytes of their differences: about one and a half bytes a record. Not thread-safe. */
final class Offsets {
    private byte[] bytes = new byte[16];
    private int length;
    private int last;

    /** @param next not less than the one before */
    void add(int next) {
        int rest = next - last;
        last = next;
        if (length + 5 > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        while (rest > 0x7F) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    void forEach(IntConsumer consumer) {
        int value = 0;
        int at = 0;
        while (at < length) {
            int shift = 0;
            int difference = 0;
            byte next;
            do {
                next = bytes[at++];
                difference |= (next & 0x7F) << shift;
                shift += 7;
            } while (next < 0);
            value += difference;
            consumer.accept(value);
        }
    }

    BitSet toBits() {
        BitSet bits = new BitSet(last + 1);
        forEach(bits::set);
        return bits;
    }
}
