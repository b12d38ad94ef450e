package io.mamba.log.file;

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

    private final Map<Integer, Live> live = new HashMap<>();

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

    long liveCount() {
        long sum = openPieces;
        for (Live counts : live.values()) {
            sum += counts.old + counts.fresh;
        }
        return sum;
    }
}
