package io.mamba.ra;

import io.mamba.thread.TaskThread;
import io.mamba.thread.Threads;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.work.HintsContext;
import jakarta.resource.spi.work.WorkContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Lends the server's threads to a log, as works that last as long as it is open. The server need not have one: what it
 * does not begin in time gets a thread of Mamba's own, with a warning. Any thread may call.
 */
final class WorkThreads implements Threads {
    private static final Logger LOG = System.getLogger(WorkThreads.class.getName());

    private final Works works;
    private final List<WorkContext> contexts;
    private final Duration patience;
    private final Runnable onRelease;

    /**
     * @param patience how long the server may take to begin a work
     * @param onRelease told that the server wants its threads back; must not wait for them
     */
    WorkThreads(BootstrapContext context, Duration patience, Runnable onRelease) {
        this.works = new Works(context.getWorkManager());
        this.contexts = context.isContextSupported(HintsContext.class) ? List.of(lasting()) : List.of();
        this.patience = patience;
        this.onRelease = onRelease;
    }

    /** Servers that tell long works from short ones have a pool for each. */
    private static HintsContext lasting() {
        HintsContext hints = new HintsContext();
        hints.setHint(HintsContext.LONGRUNNING_HINT, true);
        return hints;
    }

    @Override
    public TaskThread forTask(Runnable task) {
        return new LentThread(task, this);
    }

    Works works() {
        return works;
    }

    List<WorkContext> contexts() {
        return contexts;
    }

    Duration patience() {
        return patience;
    }

    void released() {
        onRelease.run();
    }

    static void warn(String cause) {
        LOG.log(
                Level.WARNING,
                "The server lends no thread for the log's own work, which goes on in one of Mamba's own: " + cause
                        + " A larger thread pool of the server's WorkManager avoids it.");
    }
}
