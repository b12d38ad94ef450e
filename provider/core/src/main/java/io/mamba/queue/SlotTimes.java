package io.mamba.queue;

import java.util.Arrays;

/** Times of some slots of a chunk, ascending by slot: ten bytes each. An entry stays until the chunk goes. */
final class SlotTimes {
    private char[] slots = {};
    private long[] times = {};
    private int size;

    /** @param slot one that has no time yet */
    void add(int slot, long time) {
        if (size == slots.length) {
            int larger = size + Math.max(4, size / 2);
            slots = Arrays.copyOf(slots, larger);
            times = Arrays.copyOf(times, larger);
        }
        int index = size == 0 || slots[size - 1] < slot ? size : ceiling(slot);
        System.arraycopy(slots, index, slots, index + 1, size - index);
        System.arraycopy(times, index, times, index + 1, size - index);
        slots[index] = (char) slot;
        times[index] = time;
        size++;
    }

    /** Moves what is in and after the slot up by one. */
    void open(int slot) {
        for (int index = ceiling(slot); index < size; index++) {
            slots[index]++;
        }
    }

    private int ceiling(int slot) {
        int index = Arrays.binarySearch(slots, 0, size, (char) slot);
        return index < 0 ? -index - 1 : index;
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
