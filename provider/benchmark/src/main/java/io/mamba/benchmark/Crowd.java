package io.mamba.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** So many threads that do the same at the same time. */
final class Crowd implements AutoCloseable {
    private final int threads;
    private final ExecutorService pool;

    Crowd(int threads) {
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
    }

    /** What each does, again and again, as long as it shall. */
    interface Work {
        Latencies work(BooleanSupplier more) throws Exception;
    }

    Latencies run(Duration span, Work work) throws InterruptedException, ExecutionException {
        long until = System.nanoTime() + span.toNanos();
        return run(() -> System.nanoTime() < until, work);
    }

    Latencies run(BooleanSupplier more, Work work) throws InterruptedException, ExecutionException {
        List<Future<Latencies>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(() -> work.work(more)));
        }
        List<Latencies> all = new ArrayList<>();
        for (Future<Latencies> one : running) {
            all.add(one.get());
        }
        return Latencies.merged(all);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
