package io.mamba.trial;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What was measured, by name. Reported, never asserted: figures of a shared machine are no test. */
final class Figures {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void add(String name, Object value) {
        lines.add(String.format(Locale.ROOT, "%-74s %s", name, value));
    }

    void add(String name, Duration took) {
        add(name, millis(took.toNanos()));
    }

    /** Runs the step often and reports the median and the 99th percentile of its durations. */
    void time(String name, int rounds, Step step) throws Exception {
        long[] nanos = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            step.run();
            nanos[i] = System.nanoTime() - start;
        }
        add(name, nanos);
    }

    void add(String name, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        add(
                name,
                "p50 " + millis(sorted[sorted.length / 2]) + ", p99 " + millis(sorted[sorted.length * 99 / 100]) + " ("
                        + sorted.length + ")");
    }

    String text() {
        return lines.stream().sorted().collect(Collectors.joining("\n", "", "\n"));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }

    /** One measured step. */
    interface Step {
        void run() throws Exception;
    }
}
