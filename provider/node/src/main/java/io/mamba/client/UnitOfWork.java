package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Envelope;
import io.mamba.node.Node;
import io.mamba.node.Unit;

/** The sends and deliveries of one transaction: all of it or none. Not thread-safe; one thread at a time. */
public final class UnitOfWork {
    private final ClientSession opener;
    private final Node node;
    private final Unit unit;
    private final boolean local;
    private boolean ended;

    /**
     * @param opener who sends in it
     * @param local whether this program ends it, not a transaction manager
     */
    UnitOfWork(ClientSession opener, Unit unit, boolean local) {
        this.opener = opener;
        this.node = opener.node();
        this.unit = unit;
        this.local = local;
    }

    /** Invisible until commit. */
    public void send(Envelope message) {
        checkOpen();
        opener.checkMaySend(message);
        unit.send(message, opener.holder());
    }

    /** Settled by commit; comes back by rollback, and here if the transaction has ended meanwhile: ILLEGAL_STATE. */
    public void add(Delivery delivery) {
        checkOpen();
        ClientSession session = delivery.session();
        if (!session.letGo(delivery)) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "The message is not the session's any more: it was settled or given back, or the session is"
                            + " closed.");
        }
        boolean taken = false;
        try {
            unit.take(delivery.lane(), session.holder(), delivery.position());
            taken = true;
        } finally {
            if (!taken) {
                node.release(delivery.lane(), session.holder(), new long[] {delivery.position()}, null);
            }
        }
    }

    /** Why it will be rolled back: kept with its deliveries for the dead-letter queue. */
    public void failure(String cause) {
        unit.failure(cause);
    }

    /**
     * Local units only. Durable on return; on an exception nothing of it happened, and its deliveries have come back. Waits
     * for room in full destinations.
     *
     * @throws MambaException ROLLED_BACK if a destination or the disk is full
     */
    public void commit() {
        checkLocal();
        ended = true;
        boolean committed = false;
        try {
            node.commit(unit, opener.committer());
            committed = true;
        } catch (MambaException refused) {
            if (refused.code() != ErrorCode.RESOURCE_LIMIT) {
                throw refused;
            }
            throw new MambaException(
                    ErrorCode.ROLLED_BACK,
                    "The transaction could not be committed and is rolled back: " + refused.getMessage(),
                    refused);
        } finally {
            if (!committed) {
                node.rollback(unit);
            }
        }
    }

    /** Local units only. Deliveries come back: at once, or with back-off if {@link #failure} was called. */
    public void rollback() {
        checkLocal();
        ended = true;
        node.rollback(unit);
    }

    private void checkLocal() {
        if (!local) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "This unit of work belongs to an XA branch: its transaction manager ends it.");
        }
        checkOpen();
    }

    private void checkOpen() {
        if (ended) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "This unit of work has ended; begin a new one.");
        }
    }
}
