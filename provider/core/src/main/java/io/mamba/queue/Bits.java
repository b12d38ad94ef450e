package io.mamba.queue;

import java.util.Arrays;

/** A set of slot numbers of a chunk. Costs nothing until the first bit is set. */
final class Bits {
    private static final long[] NOTHING = {};

    private long[] words = NOTHING;

    boolean get(int slot) {
        return (word(slot >> 6) & (1L << slot)) != 0;
    }

    long word(int index) {
        return index < words.length ? words[index] : 0;
    }

    void set(int slot) {
        int index = slot >> 6;
        if (index >= words.length) {
            words = Arrays.copyOf(words, Math.max(index + 1, words.length * 2));
        }
        words[index] |= 1L << slot;
    }

    void clear(int slot) {
        int index = slot >> 6;
        if (index < words.length) {
            words[index] &= ~(1L << slot);
        }
    }

    /** Moves what is in and after the slot up by one. The slot itself is clear then. */
    void open(int slot) {
        int first = slot >> 6;
        if (first >= words.length) {
            return;
        }
        if (words[words.length - 1] < 0) {
            words = Arrays.copyOf(words, words.length + 1);
        }
        for (int index = words.length - 1; index > first; index--) {
            words[index] = (words[index] << 1) | (words[index - 1] >>> 63);
        }
        long below = (1L << slot) - 1;
        words[first] = (words[first] & below) | ((words[first] & ~below) << 1);
    }

    void clear() {
        Arrays.fill(words, 0);
    }

    long heapBytes() {
        return 16 + (words.length == 0 ? 0 : 16 + 8L * words.length);
    }
}
