package io.mamba.jms;

import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.message.Envelope;
import jakarta.jms.JMSException;
import java.util.concurrent.CompletableFuture;

/**
 * How a session's sends and receives take effect; chosen when the session is created. Any thread may call; errors are
 * MambaException where the log is concerned and JMSException where the mode forbids the call.
 */
public interface Settlement {
    static Settlement of(SessionKind kind, ClientSession session) {
        return switch (kind) {
            case AUTO, DUPS_OK -> new AutoSettlement(session);
            case CLIENT -> new ClientSettlement(session);
            case TRANSACTED -> new TransactedSettlement(session);
            case XA -> EnlistedSettlement.ofXaSession(session);
        };
    }

    /** Sends; outside of a transaction a persistent message is durable on return. */
    void send(Envelope message);

    /** As send; the future completes when the message is where send would have returned. */
    CompletableFuture<Void> sendAsync(Envelope message);

    /** The message is about to be returned by a receive. */
    void received(Delivery delivery);

    /** The body asked for by receiveBody cannot be had: not received at all in AUTO and DUPS_OK, received elsewhere. */
    void unreadable(Delivery delivery);

    /** The message is about to be given to a listener. */
    void delivering(Delivery delivery);

    /** The listener has returned. */
    void delivered(Delivery delivery);

    /** The listener has thrown. */
    void failed(Delivery delivery, String cause);

    /** Message.acknowledge(). */
    void acknowledge();

    /** Session.recover(). */
    void recover() throws JMSException;

    void commit() throws JMSException;

    void rollback() throws JMSException;

    /** The session closes: a transaction of its own is rolled back. */
    void close();
}
