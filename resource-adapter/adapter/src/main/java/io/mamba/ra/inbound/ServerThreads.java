package io.mamba.ra.inbound;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import javax.security.auth.Subject;

/**
 * The server's threads: works run on its WorkManager, at once or later. The timer's thread only submits. A work that the
 * server has no thread for is submitted again until it has, or until {@link #cancel}. Any thread may call.
 */
public final class ServerThreads {
    private static final Logger LOG = System.getLogger(ServerThreads.class.getName());
    private static final Duration AGAIN = Duration.ofMillis(200);

    private static final MethodHandle SCHEDULE = scheduleWork();

    private final WorkManager works;
    private final Timer timer;
    private volatile boolean cancelled;

    private ServerThreads(WorkManager works, Timer timer) {
        this.works = works;
        this.timer = timer;
    }

    public static ServerThreads of(BootstrapContext context) throws UnavailableException {
        return new ServerThreads(context.getWorkManager(), context.createTimer());
    }

    void run(Work work) {
        try {
            schedule(work);
        } catch (WorkException | RuntimeException e) { // some throw IllegalStateException while they start or stop
            if (!cancelled) {
                LOG.log(Level.DEBUG, "The server takes no work now; trying again.", e);
                runLater(work, AGAIN);
            }
        }
    }

    /**
     * A thread that the server makes for this inherits the access control context of the call, and with it the class loaders of all
     * classes on the stack, for as long as it lives, which may be longer than the adapter. So there are none but the platform's.
     */
    @SuppressWarnings("removal") // there is no other way before Java 24, where nothing is inherited
    private void schedule(Work work) throws WorkException {
        MethodHandle call =
                MethodHandles.insertArguments(SCHEDULE, 0, works, work).asType(MethodType.methodType(Object.class));
        PrivilegedExceptionAction<?> action =
                MethodHandleProxies.asInterfaceInstance(PrivilegedExceptionAction.class, call);
        try {
            Subject.doAsPrivileged(null, action, null);
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof WorkException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getException());
        }
    }

    private static MethodHandle scheduleWork() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(WorkManager.class, "scheduleWork", MethodType.methodType(void.class, Work.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("scheduleWork", e);
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
