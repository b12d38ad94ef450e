package io.mamba.log.kafka;

import java.util.BitSet;
import java.util.PrimitiveIterator;

/**
 * Which positions of one partition nobody needs any more, or hold no record at all; the others may be needed. One bit a
 * position, from the mark in front of which it does not matter any more. Guarded by its owner.
 */
final class ReleasedPositions {
    /** So much more must go than has to be copied. */
    private static final int WORTH = 4;
    /** More survivors than this are not copied at a time. */
    private static final int MOST_SURVIVORS = 1_000_000;

    private BitSet released = new BitSet();
    private long mark;

    long mark() {
        return mark;
    }

    void add(long position) {
        if (position >= mark) {
            released.set(index(position));
        }
    }

    /** All of them, {@code before} not included. */
    void addAll(long from, long before) {
        if (before > mark && from < before) {
            released.set(index(Math.max(from, mark)), index(before));
        }
    }

    /** In front of {@code before} only these are needed. */
    void retain(long before, PrimitiveIterator.OfLong live) {
        addAll(mark, before);
        while (live.hasNext()) {
            long position = live.nextLong();
            if (position >= mark && position < before) {
                released.clear(index(position));
            }
        }
    }

    boolean contains(long position) {
        return position >= mark && released.get(index(position));
    }

    /** The next that may be needed, at this position or behind it. */
    long nextNeeded(long position) {
        return mark + released.nextClearBit(index(Math.max(position, mark)));
    }

    /** Forgets what is in front of the position. */
    void moveMark(long to) {
        if (to > mark) {
            released = released.get(index(to), Math.max(index(to), released.length()));
            mark = to;
        }
    }

    /**
     * Up to where to trim: as far as something goes, but not so that more than one of four has to be copied as a survivor,
     * and that of each further step by itself. Else what is gained where nothing has to be copied would be spent on what waits
     * behind it, to gain the few positions between that transactions leave.
     *
     * @return the mark if there is nothing to be gained
     */
    long trimPoint(long limit) {
        long best = mark;
        long needed = nextNeeded(mark);
        int behindBest = 0;
        for (int survivors = 0; survivors <= MOST_SURVIVORS; survivors++) {
            long point = Math.min(limit, needed);
            if (contains(point - 1) && point - best >= (long) WORTH * behindBest) {
                best = point;
                behindBest = 0;
            }
            if (needed >= limit) {
                break;
            }
            needed = nextNeeded(needed + 1);
            behindBest++;
        }
        return best;
    }

    /** Those in front of the position that may be needed. */
    long[] needed(long before) {
        int count = index(before) - released.get(0, index(before)).cardinality();
        long[] needed = new long[count];
        long next = nextNeeded(mark);
        for (int i = 0; i < count; i++) {
            needed[i] = next;
            next = nextNeeded(next + 1);
        }
        return needed;
    }

    private int index(long position) {
        return Math.toIntExact(position - mark);
    }
}
