package io.mamba.ra.payara;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import org.jspecify.annotations.Nullable;

/** Sends in the caller's transaction, and receives outside of any. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class Mail {
    private static final long PATIENCE = 60_000;

    @Resource(lookup = "jms/CF")
    private ConnectionFactory connections;

    public void toQueue(String name, String text) {
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(context.createQueue(name), text);
        }
    }

    public void to(Destination destination, String text) {
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(destination, text);
        }
    }

    /** The next message of a queue; waits long, null if none comes. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public @Nullable Message from(String queue) {
        return from(queue, PATIENCE);
    }

    /** Null if nothing is there now. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public @Nullable Message fromNow(String queue) {
        try (JMSContext context = connections.createContext()) {
            return context.createConsumer(context.createQueue(queue)).receiveNoWait();
        }
    }

    private @Nullable Message from(String queue, long timeout) {
        try (JMSContext context = connections.createContext()) {
            return context.createConsumer(context.createQueue(queue)).receive(timeout);
        }
    }
}
