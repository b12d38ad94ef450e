package io.mamba.node;

/** Which of a destination's partitions a message goes to. Pure. */
final class Spreading {
    private static final int SEED = 0x9747b28c;
    private static final int FACTOR = 0x5bd1e995;
    private static final int SHIFT = 24;

    private Spreading() {}

    /** All messages of a sender go to one. */
    static int ofSender(long sender, int partitions) {
        return (int) Math.floorMod(sender, (long) partitions);
    }

    /**
     * Where producers of Kafka's clients put a key as long as nobody tells them otherwise: so a group is in one partition,
     * whoever sends.
     */
    static int ofKey(byte[] key, int partitions) {
        return (murmur2(key) & Integer.MAX_VALUE) % partitions;
    }

    /** MurmurHash2 of 32 bits, by Austin Appleby, in the public domain. */
    private static int murmur2(byte[] bytes) {
        int hash = SEED ^ bytes.length;
        int at = 0;
        for (; at + Integer.BYTES <= bytes.length; at += Integer.BYTES) {
            int word = littleEndian(bytes, at, Integer.BYTES) * FACTOR;
            word = (word ^ (word >>> SHIFT)) * FACTOR;
            hash = (hash * FACTOR) ^ word;
        }
        if (at < bytes.length) {
            hash = (hash ^ littleEndian(bytes, at, bytes.length - at)) * FACTOR;
        }
        hash = (hash ^ (hash >>> 13)) * FACTOR;
        return hash ^ (hash >>> 15);
    }

    private static int littleEndian(byte[] bytes, int from, int count) {
        int word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | (bytes[from + i] & 0xff);
        }
        return word;
    }
}
