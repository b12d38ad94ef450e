package io.mamba.benchmark;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that send persistent messages of 1 KiB to one queue, each with a session of its own, each waiting for each. */
final class Senders {
    private static final int BODY = 1024;

    private final int threads;

    Senders(int threads) {
        this.threads = threads;
    }

    Figures measure(Provider provider, Duration span) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Connection connection = provider.factory().createConnection()) {
            together(pool, connection, span);
            long cpu = Processor.cpuNanos();
            long forces = provider.forces();
            long start = System.nanoTime();
            Latencies latencies = together(pool, connection, span);
            long nanos = System.nanoTime() - start;
            return Figures.of(latencies, nanos, provider.forces() - forces, Processor.cpuNanos() - cpu);
        } finally {
            pool.shutdownNow();
        }
    }

    private Latencies together(ExecutorService pool, Connection connection, Duration span) throws Exception {
        long until = System.nanoTime() + span.toNanos();
        List<Future<Latencies>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(() -> send(connection, until)));
        }
        List<Latencies> all = new ArrayList<>();
        for (Future<Latencies> one : running) {
            all.add(one.get());
        }
        return Latencies.merged(all);
    }

    private static Latencies send(Connection connection, long until) throws JMSException {
        Latencies latencies = new Latencies();
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            Queue queue = session.createQueue("benchmark");
            MessageProducer producer = session.createProducer(queue);
            byte[] body = new byte[BODY];
            long now = System.nanoTime();
            while (now < until) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(body);
                producer.send(message);
                long done = System.nanoTime();
                latencies.add(done - now);
                now = done;
            }
        }
        return latencies;
    }
}
