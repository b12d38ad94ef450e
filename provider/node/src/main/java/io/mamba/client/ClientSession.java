package io.mamba.client;

import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.selector.Selector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The holder of deliveries: what its receivers took is the session's until settled, released or put into a unit of work.
 * Methods may be called by any thread; ordering among concurrent calls is the caller's business. A new session is
 * stopped.
 */
public final class ClientSession implements AutoCloseable {
    ClientSession() {}

    /** Receivers may take messages. */
    public void start() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * Receivers take nothing more; what was asked for but not handed out goes back unmarked. Blocked receives keep
     * waiting for {@link #start}, their timeout or close.
     */
    public void stop() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Sends outside a unit of work: a persistent message is durable on return. */
    public void send(Envelope message) {
        throw new UnsupportedOperationException("under construction");
    }

    /** As send; the future completes when durable, in the order of sending, by a thread of Mamba's. */
    public CompletableFuture<Void> sendAsync(Envelope message) {
        throw new UnsupportedOperationException("under construction");
    }

    /** INVALID_DESTINATION, ILLEGAL_STATE (subscription in use). A durable subscription is created or replaced. */
    public Receiver receiver(Source source) {
        throw new UnsupportedOperationException("under construction");
    }

    /** A snapshot of what waits and is visible now, in delivery order, read lazily. */
    public Iterable<Envelope> browse(Address queue, @Nullable Selector selector) {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * Done with, outside a unit of work.
     *
     * @param durable whether it is DURABLE on return (acknowledge()); else WRITTEN (AUTO and DUPS_OK)
     */
    public void settle(List<Delivery> deliveries, boolean durable) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Given back at once, in order: recover, close, an unread message. What bears a mark counts as delivered. */
    public void giveBack(List<Delivery> deliveries) {
        throw new UnsupportedOperationException("under construction");
    }

    /** A listener failed with it: comes back with back-off, or is buried with this cause at the limit. */
    public void fail(List<Delivery> deliveries, String cause) {
        throw new UnsupportedOperationException("under construction");
    }

    /** A local unit of work of sends and deliveries. */
    public UnitOfWork begin() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * The unit of the XA branch this session's XAResource is associated with now, or null: sends and deliveries of an
     * enlisted session go there.
     */
    public @Nullable UnitOfWork branch() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Closes receivers, gives back what is held outside of branches. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("under construction");
    }
}
