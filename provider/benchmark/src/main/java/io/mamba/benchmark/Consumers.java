package io.mamba.benchmark;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.function.BooleanSupplier;

/** Receives what waits in the queue: each message by itself acknowledged on receipt, or in transactions of so many. */
final class Consumers implements Worker {
    private final int perTransaction;

    /** @param perTransaction messages; 0 for no transaction */
    Consumers(int perTransaction) {
        this.perTransaction = perTransaction;
    }

    /** The latency of a transaction is spread over its messages. */
    @Override
    public Latencies work(Connection connection, BooleanSupplier more) throws JMSException {
        Latencies latencies = new Latencies();
        int count = Math.max(1, perTransaction);
        try (Session session = connection.createSession(perTransaction > 0, Session.AUTO_ACKNOWLEDGE)) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(Senders.QUEUE));
            long now = System.nanoTime();
            while (more.getAsBoolean()) {
                for (int i = 0; i < count; i++) {
                    if (consumer.receive(10_000) == null) {
                        throw new IllegalStateException("the queue ran empty: fill it with more");
                    }
                }
                if (perTransaction > 0) {
                    session.commit();
                }
                long done = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    latencies.add((done - now) / count);
                }
                now = done;
            }
        }
        return latencies;
    }
}
