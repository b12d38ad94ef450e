package io.mamba.benchmark;

import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A row of a table: so many threads that do the same in a log of its own.
 *
 * @param waiting messages that wait in the queue before
 */
record Case(String name, int threads, int waiting, Worker worker) {
    private static final int FILL = 1000;

    Figures measure(Options options) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Provider provider = new Provider(options.directory());
                Connection connection = provider.factory().createConnection()) {
            fill(connection);
            connection.start();
            run(pool, connection, options.span());
            long cpu = Processor.nanos();
            long forces = provider.forces();
            long start = System.nanoTime();
            Latencies latencies = run(pool, connection, options.span());
            long nanos = System.nanoTime() - start;
            return Figures.of(latencies, nanos, provider.forces() - forces, Processor.nanos() - cpu);
        } finally {
            pool.shutdownNow();
        }
    }

    private void fill(Connection connection) throws Exception {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(Senders.QUEUE));
            for (int i = 0; i < waiting; i += FILL) {
                for (int j = 0; j < FILL; j++) {
                    producer.send(Senders.message(session));
                }
                session.commit();
            }
        }
    }

    private Latencies run(ExecutorService pool, Connection connection, Duration span) throws Exception {
        long until = System.nanoTime() + span.toNanos();
        List<Future<Latencies>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(() -> worker.work(connection, until)));
        }
        List<Latencies> all = new ArrayList<>();
        for (Future<Latencies> one : running) {
            all.add(one.get());
        }
        return Latencies.merged(all);
    }
}
