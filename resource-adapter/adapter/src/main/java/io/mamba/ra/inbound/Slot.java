package io.mamba.ra.inbound;

import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.Receiver;
import io.mamba.client.Redelivery;
import io.mamba.client.Source;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One place for a message in a bean: a session with its XA resource, a receiver, and an endpoint made when the first
 * message comes. While it waits it holds no thread: the log calls {@link #offer}, which submits the slot as a work; the
 * work takes message after message until there is none or a burst is over. Owned by one thread at a time, by the order
 * demand, offer, run.
 */
final class Slot implements Work {
    private static final Logger LOG = System.getLogger(Slot.class.getName());

    private final EndpointPool pool;
    private final MessageEndpointFactory endpoints;
    private final ServerThreads threads;
    private final int burst;
    private final ClientSession session;
    private final XAResource resource;
    private final Receiver receiver;
    private final Retry retry = new Retry(Duration.ofMillis(100));

    private volatile @Nullable Delivery offered;
    private volatile boolean released;
    private @Nullable MessageEndpoint endpoint;
    private boolean transacted;

    Slot(
            EndpointPool pool,
            Client client,
            Source source,
            Redelivery redelivery,
            MessageEndpointFactory endpoints,
            ServerThreads threads,
            int burst) {
        this.pool = pool;
        this.endpoints = endpoints;
        this.threads = threads;
        this.burst = burst;
        this.session = client.openSession();
        this.resource = client.xaResource(session);
        this.receiver = session.receiver(source, redelivery);
    }

    void start() {
        receiver.sink(this::offer);
        session.start();
        receiver.demand();
    }

    /** By a thread of the log's. */
    private void offer(Delivery delivery) {
        offered = delivery;
        threads.run(this);
    }

    @Override
    public void run() {
        if (!pool.enter()) {
            return; // closing gives back what was offered
        }
        try {
            Delivery next = offered;
            offered = null;
            if (work(next)) {
                retry.reset();
                receiver.demand();
            } else {
                pause();
            }
        } catch (RuntimeException e) { // the log has failed, or something nobody thought of: begin anew
            pool.failed(e);
        } finally {
            pool.leave();
        }
    }

    /** @return false if the server cannot take messages now */
    private boolean work(@Nullable Delivery first) {
        Delivery next = first;
        for (int taken = 1; next != null; taken++) {
            MessageEndpoint target = endpoint(next);
            if (target == null) {
                return false;
            }
            if (!new Attempt(target, session, transacted, pool.messages(), next).run()) {
                dropEndpoint();
                return false;
            }
            next = taken < burst && !released && !pool.isClosing() ? receiver.take() : null;
        }
        return true;
    }

    /** Null, and the message given back, if the server has no endpoint now: while the application starts, for example. */
    private @Nullable MessageEndpoint endpoint(Delivery delivery) {
        if (endpoint == null) {
            try {
                endpoint = endpoints.createEndpoint(resource);
                transacted = Attempt.isTransacted(endpoints);
            } catch (UnavailableException e) {
                LOG.log(Level.DEBUG, "The server has no endpoint now; trying again.", e);
                Attempt.giveBack(session, delivery);
            }
        }
        return endpoint;
    }

    private void dropEndpoint() {
        MessageEndpoint dropped = endpoint;
        endpoint = null;
        if (dropped != null) {
            dropped.release();
        }
        if (session.branch() != null) {
            throw new IllegalStateException("The server has left its transaction on the session.");
        }
    }

    /** Demands again, but not at once. */
    private void pause() {
        threads.runLater(new Resumption(), retry.next());
    }

    /** First step of closing. */
    void stopReceiving() {
        session.stop();
        receiver.close();
    }

    /** Last step of closing: no thread is in the bean any more, or the wait for it has ended. */
    void close() {
        MessageEndpoint last = endpoint;
        endpoint = null;
        try {
            if (last != null) {
                last.release();
            }
        } finally {
            session.close();
        }
    }

    /** The server wants its thread back. */
    @Override
    public void release() {
        released = true;
    }

    /** The end of a pause. */
    private final class Resumption implements Work {
        @Override
        public void run() {
            if (pool.enter()) {
                try {
                    receiver.demand();
                } catch (RuntimeException e) {
                    pool.failed(e);
                } finally {
                    pool.leave();
                }
            }
        }

        @Override
        public void release() {
            // It is short.
        }
    }
}
