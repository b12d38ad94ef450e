package io.mamba.jms;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other in one daemon thread, which exists only while there is something to do. */
final class SerialThread {
    private static final AtomicLong COUNT = new AtomicLong();
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    /** The thread that runs tasks now or did so last. */
    private volatile @Nullable Thread thread;

    /** Tasks find classes as the creator of this does, not as whoever happens to submit the first. */
    SerialThread(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread created = new Thread(task, name + "-" + COUNT.incrementAndGet());
            created.setDaemon(true);
            created.setContextClassLoader(loader);
            thread = created;
            return created;
        });
        executor.allowCoreThreadTimeOut(true);
        // After shutdown nobody waits for a task any more: what it held was given back by the close.
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Whether the caller runs in a task of this. */
    boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    /** What is queued still runs, nothing more is taken. */
    void shutdown() {
        executor.shutdown();
    }
}
