package io.mamba.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The timers of a real node, on two threads of its own. What was given to {@link #execute} is run in any case, if need be by
 * the thread that closes or by the caller: an inbox counts on it. Thread-safe.
 */
final class ScheduledTimers implements Timers {
    private final ScheduledThreadPoolExecutor executor;
    private final Clock clock;
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();

    ScheduledTimers(Clock clock, ThreadFactory threads) {
        this.clock = clock;
        executor = new ScheduledThreadPoolExecutor(2, threads);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
        after(Duration.ZERO, this::runOne);
        if (executor.isTerminated()) {
            runOne();
        }
    }

    private void runOne() {
        Runnable task = ready.poll();
        if (task != null) {
            task.run();
        }
    }

    @Override
    public void at(Instant when, Runnable task) {
        after(Duration.between(clock.instant(), when), task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        var unused = executor.schedule(task, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
    }

    @Override
    public void every(Duration period, Runnable task) {
        var unused = executor.scheduleWithFixedDelay(task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends both threads; what runs is let finish, what waits for its time is dropped. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        try {
            while (!executor.isTerminated()) {
                try {
                    executor.awaitTermination(1, TimeUnit.MINUTES);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            while (!ready.isEmpty()) {
                runOne();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
