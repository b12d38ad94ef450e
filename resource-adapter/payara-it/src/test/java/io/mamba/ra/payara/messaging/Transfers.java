package io.mamba.ra.payara.messaging;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import org.jspecify.annotations.Nullable;

/** Receives and sends in transactions that the container begins and ends. */
@Stateless
public class Transfers {
    @Resource(lookup = "jms/CF")
    private ConnectionFactory connections;

    @Resource
    private SessionContext context;

    @Inject
    @JMSConnectionFactory("jms/CF")
    private JMSContext injected;

    /** Takes one message and sends it on, by two connections in one transaction. */
    public @Nullable String move(String from, String to, boolean rollback) {
        String text;
        try (JMSContext receiving = connections.createContext()) {
            text = receiving.createConsumer(receiving.createQueue(from)).receiveBody(String.class, 60_000);
        }
        try (JMSContext sending = connections.createContext()) {
            sending.createProducer().send(sending.createQueue(to), text);
        }
        if (rollback) {
            context.setRollbackOnly();
        }
        return text;
    }

    public void fail(String to) {
        injected.createProducer().send(injected.createQueue(to), "never");
        throw new IllegalStateException("The container rolls back.");
    }

    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void sendAnyway(String to) {
        injected.createProducer().send(injected.createQueue(to), "anyway");
    }

    /** What a program may not do to the container's transaction. */
    public Class<?> commitByHand() {
        try (JMSContext own = connections.createContext()) {
            own.commit();
            return Void.class;
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }
}
