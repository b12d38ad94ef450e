package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.jms.error.Errors;
import io.mamba.message.Envelope;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * AUTO and DUPS_OK: each message by itself. What receive returns is settled just before, which says more than a delivery
 * mark would; what a listener gets is marked before and settled after.
 */
final class AutoSettlement implements Settlement {
    private final ClientSession session;

    /** What the listener has now, unless it was recovered meanwhile. Guarded by this. */
    private @Nullable Delivery current;

    AutoSettlement(ClientSession session) {
        this.session = session;
    }

    @Override
    public void send(Envelope message) {
        session.send(message);
    }

    @Override
    public CompletableFuture<Void> sendAsync(Envelope message) {
        return session.sendAsync(message);
    }

    @Override
    public void received(Delivery delivery) {
        session.settle(List.of(delivery), false);
    }

    @Override
    public void unreadable(Delivery delivery) {
        session.giveBack(List.of(delivery));
    }

    @Override
    public synchronized void delivering(Delivery delivery) {
        delivery.mark();
        current = delivery;
    }

    @Override
    public void delivered(Delivery delivery) {
        if (takeCurrent() != null) {
            session.settle(List.of(delivery), false);
        }
    }

    @Override
    public void failed(Delivery delivery, String cause) {
        if (takeCurrent() != null) {
            session.fail(List.of(delivery), cause);
        }
    }

    private synchronized @Nullable Delivery takeCurrent() {
        Delivery taken = current;
        current = null;
        return taken;
    }

    @Override
    public void acknowledge() {
        // As the API of Message says, calls in this mode are ignored, each message is acknowledged anyway.
    }

    @Override
    public void recover() {
        Delivery open = takeCurrent();
        if (open != null) {
            session.giveBack(List.of(open));
        }
    }

    @Override
    public void commit() throws JMSException {
        throw notTransacted("commit");
    }

    @Override
    public void rollback() throws JMSException {
        throw notTransacted("roll back");
    }

    @Override
    public void close() {}

    static JMSException notTransacted(String what) {
        return Errors.of(ErrorCode.ILLEGAL_STATE, "There is nothing to " + what + ": the session is not transacted.");
    }
}
