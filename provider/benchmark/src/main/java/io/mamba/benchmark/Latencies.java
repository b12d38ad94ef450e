package io.mamba.benchmark;

import java.util.Arrays;
import java.util.Collection;

/** How long each of many operations took. Owned by one thread while it measures. */
final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long taken) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = taken;
    }

    int count() {
        return count;
    }

    /** Nanoseconds, all together. */
    long sum() {
        return Arrays.stream(nanos, 0, count).sum();
    }

    void clear() {
        count = 0;
    }

    static Latencies merged(Collection<Latencies> parts) {
        Latencies all = new Latencies();
        all.nanos = parts.stream()
                .flatMapToLong(part -> Arrays.stream(part.nanos, 0, part.count))
                .toArray();
        all.count = all.nanos.length;
        return all;
    }

    /** Microseconds, by quantile (0.5 is the median); not a number if there was none. */
    double[] micros(double... quantiles) {
        Arrays.sort(nanos, 0, count);
        double[] found = new double[quantiles.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = count == 0 ? Double.NaN : nanos[(int) Math.min(count - 1L, (long) (quantiles[i] * count))] / 1e3;
        }
        return found;
    }
}
