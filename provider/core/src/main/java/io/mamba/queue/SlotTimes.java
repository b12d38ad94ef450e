package io.mamba.queue;

import java.util.Arrays;

/** Times of some slots of a chunk, ascending by slot: ten bytes each. An entry stays until the chunk goes. */
final class SlotTimes {
    private char[] slots = {};
    private long[] times = {};
    private int size;

    void put(int slot, long time) {
        int place = ceiling(slot);
        if (place < size && slots[place] == slot) {
            times[place] = time;
            return;
        }
        if (size == slots.length) {
            int larger = size + Math.max(4, size / 2);
            slots = Arrays.copyOf(slots, larger);
            times = Arrays.copyOf(times, larger);
        }
        System.arraycopy(slots, place, slots, place + 1, size - place);
        System.arraycopy(times, place, times, place + 1, size - place);
        slots[place] = (char) slot;
        times[place] = time;
        size++;
    }

    /** Moves what is in and after the slot up by one. */
    void open(int slot) {
        for (int index = ceiling(slot); index < size; index++) {
            slots[index]++;
        }
    }

    /** Forgets the times of this slot and those behind it. */
    void cut(int slot) {
        size = ceiling(slot);
    }

    private int ceiling(int slot) {
        if (size == 0 || slots[size - 1] < slot) {
            return size;
        }
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
