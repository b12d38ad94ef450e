package io.mamba.log.file;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One file of the journal: the positions from {@code base} to {@code base + size}. Counts are guarded by the journal's
 * lock. Once retired its file is another segment's or gone, so whoever has read from it checks {@link #retired} after.
 */
final class Segment {
    private static final String PREFIX = "journal-";
    private static final String SUFFIX = ".log";

    final long base;
    final int size;
    final StorageFile file;
    volatile boolean retired;
    /** Holds written data that no force has covered. */
    boolean dirty;
    /** Pieces of batches that have not taken effect yet. */
    int openPieces;
    /** Bases of the segments with pieces of the large batches that took effect here. */
    final Set<Long> pins = new HashSet<>();

    /** How many records were placed or found here, since the beginning or not ({@link #counted}). */
    int records;
    /** Whether {@link #records} are all there are. */
    boolean counted;
    /** Holds something that cannot be copied forward. */
    boolean immovable;

    private final Map<Integer, Live> live = new HashMap<>();
    /** Slots of records of partitions without keys that were released or copied forward in this opening. */
    private final BitSet released = new BitSet();
    /** By partition, the slots of the records that its owner named when it declared which are needed. */
    private final Map<Integer, Offsets> named = new HashMap<>();

    Segment(long base, int size, StorageFile file) {
        this.base = base;
        this.size = size;
        this.file = file;
    }

    /** Records still needed: those of earlier openings, whose owner may declare them anew, and those of this one. */
    static final class Live {
        int old;
        int fresh;
    }

    static String fileName(long base) {
        return PREFIX + String.format("%016x", base) + SUFFIX;
    }

    static boolean isSegment(String file) {
        return file.startsWith(PREFIX)
                && file.endsWith(SUFFIX)
                && file.length() == PREFIX.length() + 16 + SUFFIX.length();
    }

    static long base(String file) {
        return Long.parseUnsignedLong(file.substring(PREFIX.length(), PREFIX.length() + 16), 16);
    }

    String fileName() {
        return fileName(base);
    }

    long end() {
        return base + size;
    }

    Live live(int partitionId) {
        return live.computeIfAbsent(partitionId, id -> new Live());
    }

    Map<Integer, Live> live() {
        return live;
    }

    void needed(int partitionId, boolean old) {
        Live counts = live(partitionId);
        if (old) {
            counts.old++;
        } else {
            counts.fresh++;
        }
    }

    void released(int partitionId, boolean old) {
        Live counts = live(partitionId);
        if (old) {
            counts.old = Math.max(0, counts.old - 1);
        } else {
            counts.fresh = Math.max(0, counts.fresh - 1);
        }
    }

    /** No two records begin in the same 16 bytes: the shortest has more, an entry of a large batch has as many. */
    private int slot(long position) {
        return (int) (position - base) >>> 4;
    }

    /** Notes that the record here is not needed here any more; false if that was known. */
    boolean release(long position) {
        boolean news = !released.get(slot(position));
        released.set(slot(position));
        return news;
    }

    boolean isReleased(long position) {
        return released.get(slot(position));
    }

    /** The owner names these records and no others of those before a position. */
    void name(int partitionId, Offsets slots, long before) {
        Offsets earlier = named.remove(partitionId);
        if (earlier != null && before < end()) {
            int first = slot(before);
            earlier.forEach(slot -> {
                if (slot >= first) {
                    slots.add(slot);
                }
            });
        }
        named.put(partitionId, slots);
    }

    void addSlot(Offsets slots, long position) {
        slots.add(slot(position));
    }

    /** Of the partition's records, those that its owner named. */
    Named named(int partitionId) {
        Offsets slots = named.get(partitionId);
        if (slots == null) {
            return position -> false;
        }
        BitSet bits = slots.toBits();
        return position -> bits.get(slot(position));
    }

    /** Some records of a segment. */
    interface Named {
        boolean has(long position);
    }

    /** Everything that was needed here is elsewhere now. */
    void nothingNeeded() {
        for (Live counts : live.values()) {
            counts.old = 0;
            counts.fresh = 0;
        }
    }

    long liveCount() {
        long sum = openPieces;
        for (Live counts : live.values()) {
            sum += counts.old + counts.fresh;
        }
        return sum;
    }
}
