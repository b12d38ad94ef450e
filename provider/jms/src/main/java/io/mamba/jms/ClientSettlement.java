package io.mamba.jms;

import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.message.Envelope;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** CLIENT_ACKNOWLEDGE: what the session has consumed is settled together, durably, when the program says so. */
final class ClientSettlement implements Settlement {
    private final ClientSession session;

    /** Consumed and not acknowledged, oldest first. Guarded by this. */
    private final List<Delivery> consumed = new ArrayList<>();

    ClientSettlement(ClientSession session) {
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
        delivery.mark();
        synchronized (this) {
            consumed.add(delivery);
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
        // Consumed since it was handed out; acknowledge() settles it.
    }

    @Override
    public void failed(Delivery delivery, String cause) {
        // The specification wants it so: it stays unacknowledged, and the next message follows.
    }

    @Override
    public void acknowledge() {
        List<Delivery> settled = take();
        if (!settled.isEmpty()) {
            session.settle(settled, true);
        }
    }

    @Override
    public void recover() {
        List<Delivery> returned = take();
        if (!returned.isEmpty()) {
            session.giveBack(returned);
        }
    }

    private synchronized List<Delivery> take() {
        List<Delivery> taken = List.copyOf(consumed);
        consumed.clear();
        return taken;
    }

    @Override
    public void commit() throws JMSException {
        throw AutoSettlement.notTransacted("commit");
    }

    @Override
    public void rollback() throws JMSException {
        throw AutoSettlement.notTransacted("roll back");
    }

    /** Closing the client session gives back what is still consumed here. */
    @Override
    public void close() {
        recover();
    }
}
