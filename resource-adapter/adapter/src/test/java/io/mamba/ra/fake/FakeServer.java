package io.mamba.ra.fake;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What an application server gives an adapter: threads, timers and transactions, by hand. */
public final class FakeServer implements BootstrapContext, WorkManager {
    private final ExecutorService threads = Executors.newCachedThreadPool(FakeServer::thread);
    private final List<Timer> timers = new ArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();

    /** A pool's threads outlive who had them made: they must not inherit the context of that call, as some servers know. */
    @SuppressWarnings("removal") // there is no other way before Java 24, where nothing is inherited
    private static Thread thread(Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(task, "server");
            thread.setContextClassLoader(FakeServer.class.getClassLoader());
            return thread;
        });
    }

    /** The next n works are refused, as by a server that has no thread. */
    public void refuseWorks(int n) {
        refusals.set(n);
    }

    /** How many works are running now. */
    public int busyThreads() {
        return busy.get();
    }

    @Override
    public void scheduleWork(Work work) throws WorkRejectedException {
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new WorkRejectedException("no thread");
        }
        threads.execute(() -> {
            busy.incrementAndGet();
            try {
                work.run();
            } finally {
                busy.decrementAndGet();
            }
        });
    }

    @Override
    public synchronized Timer createTimer() {
        Timer timer = new Timer(true);
        timers.add(timer);
        return timer;
    }

    @Override
    public WorkManager getWorkManager() {
        return this;
    }

    /** Ends its threads. */
    public synchronized void shutDown() throws InterruptedException {
        timers.forEach(Timer::cancel);
        threads.shutdownNow();
        threads.awaitTermination(10, TimeUnit.SECONDS);
    }

    @Override
    public void doWork(Work work) {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public void doWork(Work work, long timeout, @Nullable ExecutionContext context, @Nullable WorkListener listener) {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public long startWork(Work work) {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public long startWork(
            Work work, long timeout, @Nullable ExecutionContext context, @Nullable WorkListener listener) {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public void scheduleWork(
            Work work, long timeout, @Nullable ExecutionContext context, @Nullable WorkListener listener) {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public XATerminator getXATerminator() {
        throw new UnsupportedOperationException("not used by the adapter");
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> type) {
        return false;
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        throw new UnsupportedOperationException("not used by the adapter");
    }
}
