package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.UnitOfWork;
import io.mamba.jms.error.Errors;
import io.mamba.message.Envelope;
import jakarta.jms.JMSException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A transacted session: sends and receives gather in a unit of work until commit or rollback; the next begins at once. */
final class TransactedSettlement implements Settlement {
    private final ClientSession session;

    /** Begun by its first send or receive. Guarded by this. */
    private @Nullable UnitOfWork unit;

    TransactedSettlement(ClientSession session) {
        this.session = session;
    }

    private UnitOfWork unit() {
        if (unit == null) {
            unit = session.begin();
        }
        return unit;
    }

    private synchronized @Nullable UnitOfWork take() {
        UnitOfWork taken = unit;
        unit = null;
        return taken;
    }

    @Override
    public synchronized void send(Envelope message) {
        unit().send(message);
    }

    @Override
    public CompletableFuture<Void> sendAsync(Envelope message) {
        send(message);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void received(Delivery delivery) {
        delivery.mark();
        synchronized (this) {
            unit().add(delivery);
        }
    }

    @Override
    public void unreadable(Delivery delivery) {
        received(delivery);
    }

    @Override
    public void delivering(Delivery delivery) {
        received(delivery);
    }

    @Override
    public void delivered(Delivery delivery) {
        // In the unit since it was handed out.
    }

    /** It stays in the transaction, as the specification wants; should that be rolled back, this was the reason. */
    @Override
    public synchronized void failed(Delivery delivery, String cause) {
        if (unit != null) {
            unit.failure(cause);
        }
    }

    @Override
    public void acknowledge() {
        // As the API of Message says, calls in a transacted session are ignored.
    }

    @Override
    public void recover() throws JMSException {
        throw Errors.of(ErrorCode.ILLEGAL_STATE, "A transacted session cannot recover; roll back instead.");
    }

    @Override
    public void commit() {
        UnitOfWork committed = take();
        if (committed != null) {
            committed.commit();
        }
    }

    @Override
    public void rollback() {
        UnitOfWork rolledBack = take();
        if (rolledBack != null) {
            rolledBack.rollback();
        }
    }

    @Override
    public void close() {
        rollback();
    }
}
