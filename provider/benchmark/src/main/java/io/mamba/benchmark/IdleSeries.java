package io.mamba.benchmark;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;

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
            consumer.setMessageListener(message -> {
                throw new IllegalStateException("nobody sends there");
            });
            connection.start();
            delay(connection);
            Thread.sleep(options.span().toMillis());
            long cpu = Processor.nanos();
            long start = System.nanoTime();
            Thread.sleep(WATCHED.toMillis());
            double used = Processor.nanos() - cpu;
            table.row(Table.number(used / 1e9), Table.number(100 * used / (System.nanoTime() - start)));
        }
        return table;
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
