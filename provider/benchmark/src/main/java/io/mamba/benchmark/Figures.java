package io.mamba.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One case measured once.
 *
 * @param perSecond operations
 * @param p50 microseconds
 * @param p99 microseconds
 * @param forces syncs of the disk per operation
 * @param cpu microseconds of processor time, of the whole process, per operation
 */
record Figures(double perSecond, double p50, double p99, double forces, double cpu) {
    static Figures of(Latencies latencies, long nanos, long forces, long cpuNanos) {
        double[] micros = latencies.micros(0.5, 0.99);
        double count = latencies.count();
        return new Figures(count * 1e9 / nanos, micros[0], micros[1], forces / count, cpuNanos / 1e3 / count);
    }

    static double median(List<Figures> all, ToDoubleFunction<Figures> figure) {
        return Table.median(all.stream().mapToDouble(figure).toArray());
    }
}
