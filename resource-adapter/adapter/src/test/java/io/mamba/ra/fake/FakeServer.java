package io.mamba.ra.fake;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.HintsContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkContextProvider;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final Set<Work> lasting = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;

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

    /** Works are taken, but not begun before {@link #beginWhatWasHeld}, as by a server whose threads are all in use. */
    public void holdWorks() {
        holding = true;
    }

    public void beginWhatWasHeld() {
        holding = false;
        for (Runnable work = held.poll(); work != null; work = held.poll()) {
            threads.execute(work);
        }
    }

    /** How many works are running now, but for those that said that they last. */
    public int busyThreads() {
        return busy.get() - lasting.size();
    }

    /** The works running now that said that they last. */
    public Set<Work> lastingWorks() {
        return Set.copyOf(lasting);
    }

    @Override
    public void scheduleWork(Work work) throws WorkRejectedException {
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new WorkRejectedException("no thread");
        }
        Runnable run = () -> {
            busy.incrementAndGet();
            if (lasts(work)) {
                lasting.add(work);
            }
            try {
                work.run();
            } finally {
                lasting.remove(work);
                busy.decrementAndGet();
            }
        };
        if (holding) {
            held.add(run);
        } else {
            threads.execute(run);
        }
    }

    private static boolean lasts(Work work) {
        return work instanceof WorkContextProvider provider
                && provider.getWorkContexts().stream()
                        .anyMatch(context -> context instanceof HintsContext hints
                                && hints.getHints().containsKey(HintsContext.LONGRUNNING_HINT));
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
        return type == HintsContext.class;
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        throw new UnsupportedOperationException("not used by the adapter");
    }
}
