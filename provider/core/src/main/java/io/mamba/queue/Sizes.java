package io.mamba.queue;

/**
 * The sizes of messages by position, in any order: at most 24 bytes of heap each, while they are there. For destinations
 * with a limit of bytes only, which is a limit to this too. Not thread-safe.
 */
public final class Sizes {
    private static final int SMALLEST = 16;

    /** Position + 1, or 0 for an empty place: open addressing, without holes. */
    private long[] positions = new long[SMALLEST];

    private int[] bytes = new int[SMALLEST];
    private int count;

    public void put(long position, int size) {
        if (count >= positions.length / 2) {
            resize(positions.length * 2);
        }
        int place = find(position);
        if (positions[place] == 0) {
            positions[place] = position + 1;
            count++;
        }
        bytes[place] = size;
    }

    /** The size, or 0 if the message is not known. */
    public int get(long position) {
        return bytes[find(position)];
    }

    /** Forgets the message. @return its size, or 0 if it was not known */
    public int remove(long position) {
        int hole = find(position);
        if (positions[hole] == 0) {
            return 0;
        }
        int size = bytes[hole];
        int next = hole;
        while (true) {
            next = after(next);
            if (positions[next] == 0) {
                break;
            }
            int wanted = home(positions[next] - 1);
            boolean staysReachable = hole < next ? wanted > hole && wanted <= next : wanted > hole || wanted <= next;
            if (!staysReachable) {
                positions[hole] = positions[next];
                bytes[hole] = bytes[next];
                hole = next;
            }
        }
        positions[hole] = 0;
        bytes[hole] = 0;
        count--;
        if (positions.length > SMALLEST && count < positions.length / 8) {
            resize(positions.length / 2);
        }
        return size;
    }

    public int count() {
        return count;
    }

    private int find(long position) {
        int place = home(position);
        while (positions[place] != 0 && positions[place] != position + 1) {
            place = after(place);
        }
        return place;
    }

    private int home(long position) {
        long mixed = position * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & (positions.length - 1);
    }

    private int after(int place) {
        return (place + 1) & (positions.length - 1);
    }

    private void resize(int capacity) {
        long[] oldPositions = positions;
        int[] oldBytes = bytes;
        positions = new long[capacity];
        bytes = new int[capacity];
        for (int i = 0; i < oldPositions.length; i++) {
            if (oldPositions[i] != 0) {
                int place = find(oldPositions[i] - 1);
                positions[place] = oldPositions[i];
                bytes[place] = oldBytes[i];
            }
        }
    }
}
