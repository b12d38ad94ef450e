package io.mamba.client;

import io.mamba.message.Envelope;

/** The sends and deliveries of one transaction: all of it or none. Not thread-safe; one thread at a time. */
public final class UnitOfWork {
    UnitOfWork() {}

    /** Invisible until commit. */
    public void send(Envelope message) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Settled by commit; comes back by rollback. */
    public void add(Delivery delivery) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Why it will be rolled back: kept with its deliveries for the dead-letter queue. */
    public void failure(String cause) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Local units only. Durable on return; on an exception nothing of it happened, and its deliveries have come back. */
    public void commit() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Local units only. Deliveries come back: at once, or with back-off if {@link #failure} was called. */
    public void rollback() {
        throw new UnsupportedOperationException("under construction");
    }
}
