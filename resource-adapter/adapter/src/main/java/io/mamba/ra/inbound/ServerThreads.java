package io.mamba.ra.inbound;

import io.mamba.ra.Works;
import io.mamba.thread.Threads;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/**
 * The server's threads: works run on its WorkManager, at once or later. The timer's thread only submits. A work that the
 * server has no thread for is submitted again until it has, or until {@link #cancel}. Any thread may call.
 */
public final class ServerThreads {
    private static final Logger LOG = System.getLogger(ServerThreads.class.getName());
    private static final Duration AGAIN = Duration.ofMillis(200);

    private final Works works;
    private final Timer timer;
    private final Threads lent;
    private volatile boolean cancelled;

    private ServerThreads(Works works, Timer timer, Threads lent) {
        this.works = works;
        this.timer = timer;
        this.lent = lent;
    }

    /** @param lent those in which a log does its own work */
    public static ServerThreads of(BootstrapContext context, Threads lent) throws UnavailableException {
        return new ServerThreads(new Works(context.getWorkManager()), context.createTimer(), lent);
    }

    Threads lent() {
        return lent;
    }

    void run(Work work) {
        try {
            works.schedule(work);
        } catch (WorkException | RuntimeException e) { // some throw IllegalStateException while they start or stop
            if (!cancelled) {
                LOG.log(Level.DEBUG, "The server takes no work now; trying again.", e);
                runLater(work, AGAIN);
            }
        }
    }

    void runLater(Work work, Duration delay) {
        TimerTask task = new TimerTask() {
            @Override
            public void run() {
                ServerThreads.this.run(work);
            }
        };
        synchronized (this) {
            if (!cancelled) {
                timer.schedule(task, delay.toMillis());
            }
        }
    }

    /** Nothing that waits is run any more. */
    public synchronized void cancel() {
        cancelled = true;
        timer.cancel();
    }
}
