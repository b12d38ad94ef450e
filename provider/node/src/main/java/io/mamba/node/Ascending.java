package io.mamba.node;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Ascending positions, as many millions as there are, without an object for each. */
final class Ascending {
    private Ascending() {}

    /** What any of them gives, ascending, each once. */
    static PrimitiveIterator.OfLong merge(List<PrimitiveIterator.OfLong> sources) {
        return sources.size() == 1 ? sources.get(0) : new Merged(sources);
    }

    /** The next ones, at most so many. */
    static long[] take(PrimitiveIterator.OfLong source, int most) {
        long[] taken = new long[most];
        int count = 0;
        while (count < most && source.hasNext()) {
            taken[count++] = source.nextLong();
        }
        return Arrays.copyOf(taken, count);
    }

    private static final class Merged implements PrimitiveIterator.OfLong {
        private final List<PrimitiveIterator.OfLong> sources;
        /** By source, what it gives next; the highest number where it has ended. */
        private final long[] heads;

        Merged(List<PrimitiveIterator.OfLong> sources) {
            this.sources = sources;
            this.heads = new long[sources.size()];
            for (int i = 0; i < heads.length; i++) {
                advance(i);
            }
        }

        private void advance(int source) {
            PrimitiveIterator.OfLong positions = sources.get(source);
            heads[source] = positions.hasNext() ? positions.nextLong() : Long.MAX_VALUE;
        }

        private long least() {
            long least = Long.MAX_VALUE;
            for (long head : heads) {
                least = Math.min(least, head);
            }
            return least;
        }

        @Override
        public boolean hasNext() {
            return least() < Long.MAX_VALUE;
        }

        @Override
        public long nextLong() {
            long least = least();
            if (least == Long.MAX_VALUE) {
                throw new NoSuchElementException();
            }
            for (int i = 0; i < heads.length; i++) {
                if (heads[i] == least) {
                    advance(i);
                }
            }
            return least;
        }
    }
}
