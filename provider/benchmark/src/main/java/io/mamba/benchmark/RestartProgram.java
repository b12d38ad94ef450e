package io.mamba.benchmark;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * What {@link RestartSeries} starts: fills a queue, or receives its first message. Prints how many milliseconds after the
 * start of the virtual machine it was done, then waits until it is killed or its input ends, and closes.
 */
final class RestartProgram {
    private static final String QUEUE = "restart";
    private static final int BODY = 100;
    private static final int IN_ONE_COMMIT = 1_000;
    private static final int AT_A_TIME = 100_000;

    private RestartProgram() {}

    public static void main(String[] arguments) throws JMSException, IOException {
        // The first message is handed out at each start and never settled: it must not become a dead letter by that.
        String url = "mamba:file:" + arguments[1] + "?maxDeliveries=1000";
        try (Connection connection = new MambaConnectionFactory(url).createConnection()) {
            connection.start();
            if (arguments[0].equals("fill")) {
                fill(connection, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
                done();
            } else {
                first(connection);
            }
        }
    }

    private static void first(Connection connection) throws JMSException, IOException {
        try (Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE)) {
            receive(session.createConsumer(session.createQueue(QUEUE)));
            done();
        }
    }

    private static void done() throws IOException {
        System.out.println(System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime());
        while (System.in.read() >= 0) {
            // Whoever started this says when to go on.
        }
    }

    private static void fill(Connection connection, int waiting, int history) throws JMSException {
        for (int left = history; left > 0; left -= AT_A_TIME) {
            send(connection, Math.min(AT_A_TIME, left));
            consume(connection, Math.min(AT_A_TIME, left));
        }
        send(connection, waiting);
    }

    private static void send(Connection connection, int count) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
            for (int i = 1; i <= count; i++) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(new byte[BODY]);
                producer.send(message);
                if (i % IN_ONE_COMMIT == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }

    private static void consume(Connection connection, int count) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE))) {
            for (int i = 1; i <= count; i++) {
                receive(consumer);
                if (i % IN_ONE_COMMIT == 0 || i == count) {
                    session.commit();
                }
            }
        }
    }

    private static void receive(MessageConsumer consumer) throws JMSException {
        if (consumer.receive(60_000) == null) {
            throw new IllegalStateException("There is no message.");
        }
    }
}
