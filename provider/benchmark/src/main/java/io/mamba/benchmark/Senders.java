package io.mamba.benchmark;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.function.BooleanSupplier;

/** Sends persistent messages of 1 KiB to one queue and waits for each. */
final class Senders implements Worker {
    static final String QUEUE = "benchmark";
    private static final int BODY = 1024;

    @Override
    public Latencies work(Connection connection, BooleanSupplier more) throws JMSException {
        Latencies latencies = new Latencies();
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
            long now = System.nanoTime();
            while (more.getAsBoolean()) {
                producer.send(message(session));
                long done = System.nanoTime();
                latencies.add(done - now);
                now = done;
            }
        }
        return latencies;
    }

    static BytesMessage message(Session session) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body());
        return message;
    }

    static byte[] body() {
        return new byte[BODY];
    }
}
