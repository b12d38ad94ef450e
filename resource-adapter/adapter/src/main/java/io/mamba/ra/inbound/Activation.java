package io.mamba.ra.inbound;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import io.mamba.ra.ConnectionSettings;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One active endpoint, from activation to deactivation. Opening the log, and opening it again after a failure, happens
 * in works and is tried for ever with growing pauses; activating only asks for it. Any thread may call.
 */
public final class Activation {
    private static final Logger LOG = System.getLogger(Activation.class.getName());
    private static final Duration STOP_BOUND = Duration.ofSeconds(30);
    /** At most so long after it has become free is taken what another, say in another server, had for itself alone. */
    private static final Duration STANDBY = Duration.ofSeconds(5);

    private final MessageEndpointFactory endpoints;
    private final EndpointSettings settings;
    private final ConnectionSettings adapter;
    private final ServerThreads threads;
    private final @Nullable ClassLoader applicationLoader =
            Thread.currentThread().getContextClassLoader();

    private final Object lock = new Object();
    private final Retry retry;
    private @Nullable Address destination;
    private @Nullable ConnectionSettings factory;
    private @Nullable EndpointPool pool;
    /** Why the last attempt found that another receives, so that it is said once. */
    private @Nullable String standsByFor;

    private boolean stopped;

    /** @param adapter what the adapter says about the log, read at each attempt */
    public Activation(
            MessageEndpointFactory endpoints,
            EndpointSettings settings,
            ConnectionSettings adapter,
            ServerThreads threads) {
        this.endpoints = endpoints;
        this.settings = settings;
        this.adapter = adapter;
        this.threads = threads;
        this.retry = new Retry(settings.connecting().firstRetry());
    }

    /** Records the intent; the calling thread's JNDI is used for what is there, as servers promise it there. */
    public void start() {
        try {
            destination();
            factory();
        } catch (MambaException e) {
            LOG.log(Level.DEBUG, "The destination or the connection factory is not known yet; looking again later.", e);
        }
        threads.run(new Opening());
    }

    /** Takes nothing more, waits for the bean to finish what it has, at most 30 seconds, and gives the rest back. */
    public void stop() {
        EndpointPool last;
        synchronized (lock) {
            stopped = true;
            last = pool;
            pool = null;
        }
        if (last != null) {
            last.close(STOP_BOUND);
        }
    }

    /** The pool cannot go on: it is closed, and after a pause another is opened. */
    void failed(EndpointPool failed, Throwable cause) {
        Duration pause;
        synchronized (lock) {
            if (stopped || pool != failed) {
                return;
            }
            pool = null;
            pause = retry.next();
        }
        LOG.log(Level.WARNING, this + " cannot go on and opens the log again: " + cause, cause);
        threads.run(new Closing(failed));
        threads.runLater(new Opening(), pause);
    }

    private void open() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(applicationLoader);
        EndpointPool opened = null;
        try {
            opened = EndpointPool.open(this, destination(), factory(), settings, endpoints, threads);
        } catch (RuntimeException e) { // whatever it is: an endpoint that silently stays dead helps nobody
            later(e);
        } finally {
            thread.setContextClassLoader(before);
        }
        if (opened != null) {
            use(opened);
        }
    }

    private void later(RuntimeException cause) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            Duration pause = retry.next();
            if (cause instanceof MambaException refused && refused.code() == ErrorCode.ILLEGAL_STATE) {
                pause = pause.compareTo(STANDBY) < 0 ? pause : STANDBY;
                standBy(String.valueOf(cause.getMessage()));
            } else {
                LOG.log(
                        Level.WARNING,
                        this + " cannot receive yet: " + cause.getMessage() + " Next attempt in " + pause.toMillis()
                                + " ms.",
                        cause instanceof MambaException ? null : cause);
            }
            threads.runLater(new Opening(), pause);
        }
    }

    /** That another has what it wants is no failure, and may last. */
    private void standBy(String reason) {
        if (!reason.equals(standsByFor)) {
            standsByFor = reason;
            LOG.log(Level.INFO, this + " stands by until it can receive: " + reason);
        }
    }

    private void use(EndpointPool opened) {
        boolean unwanted;
        synchronized (lock) {
            unwanted = stopped;
            if (!unwanted) {
                pool = opened;
                retry.reset();
                standsByFor = null;
            }
        }
        if (unwanted) {
            opened.close(Duration.ZERO);
        } else {
            start(opened);
        }
    }

    private void start(EndpointPool opened) {
        LOG.log(Level.DEBUG, "{0} receives", this);
        try {
            opened.start();
        } catch (RuntimeException e) { // as where it is opened
            failed(opened, e);
        }
    }

    private Address destination() {
        synchronized (lock) {
            if (destination == null) {
                destination = DestinationResolver.resolve(settings.destination());
            }
            return destination;
        }
    }

    private ConnectionSettings factory() {
        synchronized (lock) {
            if (factory == null) {
                factory = FactoryResolver.resolve(settings.connecting(), adapter);
            }
            return factory;
        }
    }

    @Override
    public String toString() {
        String name = settings.destination().lookup();
        return "The endpoint for '"
                + (name != null ? name : settings.destination().name()) + "'";
    }

    /** Opens the log. It ends by itself: what it opened is closed if the endpoint has stopped meanwhile. */
    private final class Opening implements Work {
        @Override
        public void run() {
            synchronized (lock) {
                if (stopped) {
                    return;
                }
            }
            open();
        }

        @Override
        public void release() {}
    }

    /** Closes what has failed. */
    private record Closing(EndpointPool failed) implements Work {
        @Override
        public void run() {
            failed.close(STOP_BOUND);
        }

        @Override
        public void release() {}
    }
}
