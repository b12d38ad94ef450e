package io.mamba.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same work, by each contender in places of its own.
 *
 * @param threads that work at the same time
 * @param waiting messages there before
 */
record KafkaCase(String name, int threads, int waiting, Opening work) {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static final AtomicLong PLACES = new AtomicLong();

    interface Opening {
        Contender.Operation open(Contender contender, String place, int thread) throws Exception;
    }

    /** For as long as is measured then, or until half of what waits has been used: before that most of the time goes to compilation. */
    private void warmUp(Contender.Operation operation, Duration span) throws Exception {
        long end = System.nanoTime() + span.toNanos();
        int most = waiting == 0 ? Integer.MAX_VALUE : waiting / threads / 2;
        for (int i = 0; i < most && System.nanoTime() < end; i++) {
            operation.once();
        }
    }

    /** The clock stands while nobody works: rates are those of the threads' own times. */
    KafkaFigures measure(Contender contender, Duration span) throws Exception {
        String place = "benchmark" + PLACES.incrementAndGet();
        contender.fill(place, threads, waiting);
        AtomicInteger number = new AtomicInteger();
        AtomicLong until = new AtomicLong();
        AtomicLong before = new AtomicLong();
        AtomicLong cpuBefore = new AtomicLong();
        CyclicBarrier begin = new CyclicBarrier(threads, () -> until.set(System.nanoTime() + span.toNanos()));
        try (Crowd crowd = new Crowd(threads)) {
            Latencies all = crowd.run(() -> System.nanoTime() < until.get(), more -> {
                Latencies latencies = new Latencies();
                try (Contender.Operation operation = work.open(contender, place, number.getAndIncrement())) {
                    warmUp(operation, span);
                    if (begin.await() == 0) {
                        before.set(contender.transactions());
                        cpuBefore.set(PROCESS.getProcessCpuTime());
                    }
                    long now = System.nanoTime();
                    while (more.getAsBoolean() && operation.once()) {
                        long done = System.nanoTime();
                        latencies.add(done - now);
                        now = done;
                    }
                }
                return latencies;
            });
            double cpu = PROCESS.getProcessCpuTime() - cpuBefore.get();
            double transactions = contender.transactions() - before.get();
            double[] micros = all.micros(0.5, 0.99);
            return new KafkaFigures(
                    threads * 1e9 * all.count() / all.sum(),
                    micros[0],
                    micros[1],
                    transactions / all.count(),
                    cpu / 1e3 / all.count());
        }
    }
}
