package io.mamba.queue;

import java.util.Arrays;

/** Positions set aside, in delivery order: eight bytes each. */
final class Parked {
    private static final long[] NOTHING = {};

    private final long[][] positions = new long[Waiting.PRIORITIES][];
    private final int[] heads = new int[Waiting.PRIORITIES];
    private final int[] tails = new int[Waiting.PRIORITIES];
    private int size;

    Parked() {
        Arrays.fill(positions, NOTHING);
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int priority, long position) {
        long[] run = positions[priority];
        int head = heads[priority];
        int tail = tails[priority];
        int place = -Arrays.binarySearch(run, head, tail, position) - 1;
        if (place < 0) {
            return;
        }
        size++;
        if (head > 0 && place - head < tail - place) {
            System.arraycopy(run, head, run, head - 1, place - head);
            run[place - 1] = position;
            heads[priority]--;
            return;
        }
        if (tail == run.length) {
            run = Arrays.copyOf(run, tail + Math.max(4, tail / 2));
            positions[priority] = run;
        }
        System.arraycopy(run, place, run, place + 1, tail - place);
        run[place] = position;
        tails[priority]++;
    }

    /** The first in delivery order; there must be one. */
    long poll() {
        for (int priority = Waiting.PRIORITIES - 1; ; priority--) {
            if (heads[priority] < tails[priority]) {
                return removeFirst(priority);
            }
        }
    }

    /** Forgets the position if it is the first of its priority. */
    void forget(int priority, long position) {
        if (heads[priority] < tails[priority] && positions[priority][heads[priority]] == position) {
            removeFirst(priority);
        }
    }

    /** Forgets the position wherever it stands. */
    void remove(int priority, long position) {
        long[] run = positions[priority];
        int place = Arrays.binarySearch(run, heads[priority], tails[priority], position);
        if (place < 0) {
            return;
        }
        if (place == heads[priority]) {
            removeFirst(priority);
            return;
        }
        System.arraycopy(run, place + 1, run, place, tails[priority] - place - 1);
        tails[priority]--;
        size--;
    }

    private long removeFirst(int priority) {
        long first = positions[priority][heads[priority]++];
        size--;
        if (heads[priority] == tails[priority]) {
            heads[priority] = 0;
            tails[priority] = 0;
            positions[priority] = NOTHING;
        }
        return first;
    }

    int count(int priority) {
        return tails[priority] - heads[priority];
    }

    long get(int priority, int index) {
        return positions[priority][heads[priority] + index];
    }
}
