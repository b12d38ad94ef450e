package io.mamba.benchmark;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a process costs that waits: a listener on an empty queue, and many messages whose time has not come. */
final class IdleSeries implements Series {
    private static final int DELAYED = 100_000;
    private static final Duration WATCHED = Duration.ofSeconds(30);

    @Override
    public Table run(Options options) throws Exception {
        Table table = new Table(
                "Processor time of a process with a listener on an empty queue and 100,000 delayed messages, for 30 s",
                "seconds",
                "% of a core");
        try (Provider provider = new Provider(options.directory());
                Connection connection = provider.factory().createConnection();
                Session listening = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = listening.createConsumer(listening.createQueue("empty"))) {
            CountDownLatch disturbed = new CountDownLatch(1);
            consumer.setMessageListener(message -> disturbed.countDown());
            connection.start();
            delay(connection);
            idle(disturbed, options.span());
            long cpu = Processor.nanos();
            long start = System.nanoTime();
            idle(disturbed, WATCHED);
            double used = Processor.nanos() - cpu;
            table.row(Table.number(used / 1e9), Table.number(100 * used / (System.nanoTime() - start)));
        }
        return table;
    }

    /** Lets the time pass, with this thread at rest too. */
    private static void idle(CountDownLatch disturbed, Duration time) throws InterruptedException {
        if (disturbed.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("A message came, but nobody sends there.");
        }
    }

    private static void delay(Connection connection) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue("later"));
            for (int i = 1; i <= DELAYED; i++) {
                producer.setDeliveryDelay(Duration.ofHours(1).toMillis() + i);
                producer.send(session.createTextMessage("later"));
                if (i % 1_000 == 0) {
                    session.commit();
                }
            }
        }
    }
}
