package io.mamba.queue;

import java.util.Arrays;

/** The chunks of one priority, ascending by position, none of them empty (but for the last). */
final class ChunkList {
    private static final Chunk[] NOTHING = {};

    private Chunk[] chunks = NOTHING;
    private int head;
    private int tail;

    int size() {
        return tail - head;
    }

    boolean isEmpty() {
        return head == tail;
    }

    Chunk get(int index) {
        return chunks[head + index];
    }

    Chunk last() {
        return chunks[tail - 1];
    }

    void add(Chunk chunk) {
        if (tail == chunks.length) {
            int size = size();
            Chunk[] target = head > chunks.length / 2 ? chunks : new Chunk[Math.max(2, chunks.length * 3 / 2 + 1)];
            System.arraycopy(chunks, head, target, 0, size);
            Arrays.fill(target, size, Math.min(target.length, Math.max(size, tail)), null);
            chunks = target;
            head = 0;
            tail = size;
        }
        chunks[tail++] = chunk;
    }

    /** Puts a chunk before the one that has this index now. */
    void insert(int index, Chunk chunk) {
        add(chunk);
        System.arraycopy(chunks, head + index, chunks, head + index + 1, tail - head - index - 1);
        chunks[head + index] = chunk;
    }

    void remove(Chunk chunk) {
        int index = floor(chunk.base());
        if (index == 0) {
            chunks[head++] = null;
        } else {
            System.arraycopy(chunks, head + index + 1, chunks, head + index, tail - head - index - 1);
            chunks[--tail] = null;
        }
    }

    /** The index of the last chunk that begins at or before the position; -1 if there is none. */
    int floor(long position) {
        int low = head;
        int high = tail - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (chunks[middle].base() <= position) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high - head;
    }
}
