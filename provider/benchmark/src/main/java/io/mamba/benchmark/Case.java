package io.mamba.benchmark;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;

/**
 * A row of a table: so many threads that do the same in a log of its own.
 *
 * @param waiting messages that wait in the queue before
 */
record Case(String name, int threads, int waiting, Worker worker) {
    private static final int FILL = 1000;

    Figures measure(Options options) throws Exception {
        try (Crowd crowd = new Crowd(threads);
                Provider provider = new Provider(options.directory());
                Connection connection = provider.factory().createConnection()) {
            fill(connection, waiting);
            connection.start();
            Crowd.Work work = more -> worker.work(connection, more);
            // What waits must not run out.
            Duration span = options.span().dividedBy(waiting == 0 ? 1 : 4);
            crowd.run(span, work);
            long cpu = Processor.nanos();
            long forces = provider.forces();
            long start = System.nanoTime();
            Latencies latencies = crowd.run(span, work);
            long nanos = System.nanoTime() - start;
            return Figures.of(latencies, nanos, provider.forces() - forces, Processor.nanos() - cpu);
        }
    }

    /** Sends so many messages, in transactions of a thousand. */
    static void fill(Connection connection, int count) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(Senders.QUEUE));
            for (int i = 1; i <= count; i++) {
                producer.send(Senders.message(session));
                if (i % FILL == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }
}
