package io.mamba.queue;

import java.util.Arrays;

/** Times of some slots of a chunk, ascending by slot: ten bytes each. An entry stays until the chunk goes. */
final class SlotTimes {
    private char[] slots = {};
    private long[] times = {};
    private int size;

    /** @param slot higher than all before */
    void add(int slot, long time) {
        if (size == slots.length) {
            int larger = size + Math.max(4, size / 2);
            slots = Arrays.copyOf(slots, larger);
            times = Arrays.copyOf(times, larger);
        }
        slots[size] = (char) slot;
        times[size++] = time;
    }

    /** The slot's time, or 0. */
    long get(int slot) {
        int index = Arrays.binarySearch(slots, 0, size, (char) slot);
        return index < 0 ? 0 : times[index];
    }

    int size() {
        return size;
    }

    int slot(int index) {
        return slots[index];
    }

    long time(int index) {
        return times[index];
    }

    void clear() {
        size = 0;
    }

    long heapBytes() {
        return 56 + 10L * slots.length;
    }
}
