package io.mamba.benchmark;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends persistent messages of 1 KiB with a completion listener, 10,000 of them under way at most; latency until the listener is called. */
final class AsyncSenders implements Worker {
    private static final int UNDER_WAY = 10_000;

    @Override
    public Latencies work(Connection connection, BooleanSupplier more) throws Exception {
        Latencies latencies = new Latencies();
        Semaphore window = new Semaphore(UNDER_WAY);
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue(Senders.QUEUE));
            while (more.getAsBoolean()) {
                long now = System.nanoTime();
                window.acquire();
                producer.send(Senders.message(session), new Completion(now, latencies, window, failed));
            }
            window.acquire(UNDER_WAY);
        }
        Exception problem = failed.get();
        if (problem != null) {
            throw new JMSException("a send failed: " + problem);
        }
        return latencies;
    }

    private record Completion(
            long start, Latencies latencies, Semaphore window, AtomicReference<@Nullable Exception> failed)
            implements CompletionListener {
        @Override
        public void onCompletion(Message message) {
            latencies.add(System.nanoTime() - start);
            window.release();
        }

        @Override
        public void onException(Message message, Exception exception) {
            failed.set(exception);
            window.release();
        }
    }
}
