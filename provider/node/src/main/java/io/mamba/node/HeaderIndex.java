package io.mamba.node;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Finds messages by a hash of the value of one header: 12 bytes an entry, in tables that are between a third and two
 * thirds full. What a hash finds may have another value, or be gone: messages are not taken out when they leave, but
 * swept when a table is full. Owned by the partition's inbox.
 */
final class HeaderIndex {
    private static final int SMALLEST = 64;
    private static final long FREE = -1;

    private final int mostEntries;
    private final LongPredicate stillThere;
    private int[] hashes = new int[SMALLEST];
    private long[] positions = filled(SMALLEST);
    private int entries;
    private boolean complete;
    private boolean asked;

    /**
     * @param mostEntries of messages that are still there; with more than that the index ends
     * @param stillThere whether a message is still in the lane
     */
    HeaderIndex(int mostEntries, LongPredicate stillThere) {
        this.mostEntries = mostEntries;
        this.stillThere = stillThere;
    }

    /** False if the index is full, or was not asked since it was last: it is of no use any more. */
    boolean add(String value, long position) {
        if (entries >= hashes.length / 3 * 2 && !makeRoom()) {
            return false;
        }
        put(hash(value), position);
        return true;
    }

    /** All that waited before the index was begun is in it now. */
    void completed() {
        complete = true;
        asked = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** Positions of messages that may have the value, ascending. */
    long[] find(String value) {
        asked = true;
        int wanted = hash(value);
        LongStream.Builder found = LongStream.builder();
        for (int slot = slot(wanted); positions[slot] != FREE; slot = next(slot)) {
            if (hashes[slot] == wanted && stillThere.test(positions[slot])) {
                found.add(positions[slot]);
            }
        }
        return found.build().sorted().distinct().toArray();
    }

    private boolean makeRoom() {
        if (complete && !asked) {
            return false;
        }
        asked = false;
        int[] oldHashes = hashes;
        long[] oldPositions = positions;
        int kept = 0;
        for (int slot = 0; slot < oldPositions.length; slot++) {
            if (oldPositions[slot] != FREE && !stillThere.test(oldPositions[slot])) {
                oldPositions[slot] = FREE;
            } else if (oldPositions[slot] != FREE) {
                kept++;
            }
        }
        if (kept >= mostEntries) {
            return false;
        }
        int capacity = SMALLEST;
        while (capacity / 3 <= kept) {
            capacity *= 2;
        }
        hashes = new int[capacity];
        positions = filled(capacity);
        entries = 0;
        for (int slot = 0; slot < oldPositions.length; slot++) {
            if (oldPositions[slot] != FREE) {
                put(oldHashes[slot], oldPositions[slot]);
            }
        }
        return true;
    }

    private void put(int hash, long position) {
        int slot = slot(hash);
        while (positions[slot] != FREE) {
            slot = next(slot);
        }
        hashes[slot] = hash;
        positions[slot] = position;
        entries++;
    }

    private int slot(int hash) {
        return hash & (hashes.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (hashes.length - 1);
    }

    /** Spread, since the hashes of similar strings are neighbours. */
    private static int hash(String value) {
        int hash = value.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }

    private static long[] filled(int capacity) {
        long[] free = new long[capacity];
        Arrays.fill(free, FREE);
        return free;
    }
}
