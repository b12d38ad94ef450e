package io.mamba.queue;

import java.util.Arrays;

/**
 * Small numbers for the 64-bit hashes of groups that have messages here: about 12 bytes a group and 5 to 11 for the
 * index. Number 0 means no group. A number is used again when the last message of its group is gone.
 */
final class GroupTable {
    private static final int FIRST_SIZE = 16;

    private long[] hashes = new long[FIRST_SIZE];
    /** Messages of the group; of a free number the next free one, negated and less one. */
    private int[] counts = new int[FIRST_SIZE];
    /** Open addressing by hash with linear probing: numbers, 0 where empty. */
    private int[] index = new int[FIRST_SIZE * 2];

    private int highest;
    private int size;
    private int firstFree;

    /** The number of the group, which from now on has one message more. */
    int add(long hash) {
        int place = place(hash);
        int number = index[place];
        if (number == 0) {
            number = newNumber();
            hashes[number] = hash;
            counts[number] = 0;
            index[place] = number;
            size++;
            if (size * 4L > index.length * 3L) {
                grow();
            }
        }
        counts[number]++;
        return number;
    }

    /** One message of the group is gone. Answers whether it was the last: then the number is free. */
    boolean remove(int number) {
        if (--counts[number] > 0) {
            return false;
        }
        closeGap(place(hashes[number]));
        counts[number] = -firstFree - 1;
        firstFree = number;
        size--;
        return true;
    }

    long hash(int number) {
        return hashes[number];
    }

    /** No number is higher. */
    int highest() {
        return highest;
    }

    int size() {
        return size;
    }

    boolean isUsed(int number) {
        return counts[number] > 0;
    }

    long heapBytes() {
        return 12L * hashes.length + 4L * index.length + 48;
    }

    private int newNumber() {
        if (firstFree != 0) {
            int number = firstFree;
            firstFree = -(counts[number] + 1);
            return number;
        }
        if (++highest == hashes.length) {
            int larger = highest + highest / 2;
            hashes = Arrays.copyOf(hashes, larger);
            counts = Arrays.copyOf(counts, larger);
        }
        return highest;
    }

    /** Where the hash is, or the empty place where it belongs. */
    private int place(long hash) {
        int mask = index.length - 1;
        int place = home(hash);
        while (index[place] != 0 && hashes[index[place]] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private int home(long hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & (index.length - 1);
    }

    private void grow() {
        int[] old = index;
        index = new int[old.length * 2];
        for (int number : old) {
            if (number != 0) {
                index[place(hashes[number])] = number;
            }
        }
    }

    private void closeGap(int start) {
        int mask = index.length - 1;
        int gap = start;
        int next = (gap + 1) & mask;
        while (index[next] != 0) {
            int home = home(hashes[index[next]]);
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                index[gap] = index[next];
                gap = next;
            }
            next = (next + 1) & mask;
        }
        index[gap] = 0;
    }
}
