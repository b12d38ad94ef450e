package io.mamba.ra;

import io.mamba.thread.TaskThread;
import io.mamba.thread.Threads;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkContextProvider;
import jakarta.resource.spi.work.WorkException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task in a thread of the server. Any thread may call. */
final class LentThread implements TaskThread, Work, WorkContextProvider {
    private static final long serialVersionUID = 1L;

    private final transient Runnable task;
    private final transient WorkThreads threads;
    private final transient AtomicBoolean taken = new AtomicBoolean();
    private final transient CountDownLatch begun = new CountDownLatch(1);
    private final transient CountDownLatch ended = new CountDownLatch(1);
    private transient volatile @Nullable Thread thread;
    private transient volatile boolean started;

    LentThread(Runnable task, WorkThreads threads) {
        this.task = task;
        this.threads = threads;
    }

    @Override
    public void start() {
        started = true;
        String refusal = submit();
        if (refusal != null && taken.compareAndSet(false, true)) {
            WorkThreads.warn(refusal);
            Threads.own().forTask(this::runTask).start();
        }
        uninterrupted(begun::await); // one of the two has taken it
    }

    /** Why the server has not begun it, or null if it has. */
    private @Nullable String submit() {
        try {
            threads.works().schedule(this);
        } catch (WorkException | RuntimeException e) { // some throw IllegalStateException while they start or stop
            return e + ".";
        }
        long end = System.nanoTime() + threads.patience().toNanos();
        uninterrupted(() -> {
            var unused = begun.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        });
        return begun.getCount() == 0
                ? null
                : "it did not begin it within " + threads.patience().toMillis() + " ms.";
    }

    @Override
    public void run() {
        if (!taken.compareAndSet(false, true)) {
            return; // came too late
        }
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(LentThread.class.getClassLoader());
        try {
            runTask();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private void runTask() {
        thread = Thread.currentThread();
        begun.countDown();
        try {
            task.run();
        } finally {
            thread = null;
            ended.countDown();
        }
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }

    @Override
    public void join() {
        if (started) {
            uninterrupted(ended::await);
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void release() {
        threads.released();
    }

    @Override
    public List<WorkContext> getWorkContexts() {
        return threads.contexts();
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    wait.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
