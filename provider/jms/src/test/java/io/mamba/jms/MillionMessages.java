package io.mamba.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;

/**
 * A program: sends a million persistent messages of 1 KiB to a queue, then receives them, in order. Prints the rates and
 * the highest use of the heap; {@link SmallHeapIT} runs it in a heap that holds a quarter of them.
 */
final class MillionMessages {
    private static final int MESSAGES = 1_000_000;
    private static final int BODY = 1024;
    private static final int IN_ONE_COMMIT = 500;

    private MillionMessages() {}

    public static void main(String[] arguments) throws JMSException {
        try (Connection connection = new MambaConnectionFactory(arguments[0]).createConnection()) {
            connection.start();
            measure("sent", () -> send(connection));
            measure("received", () -> receive(connection));
        }
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(MillionMessages::peak)
                .sum();
        System.out.printf(
                Locale.ROOT,
                "heap: %d of %d MiB at most, collected or not%n",
                peak >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static long peak(MemoryPoolMXBean pool) {
        return pool.getPeakUsage().getUsed();
    }

    private interface Work {
        void run() throws JMSException;
    }

    private static void measure(String what, Work work) throws JMSException {
        long start = System.nanoTime();
        work.run();
        System.out.printf(Locale.ROOT, "%s: %,.0f messages/s%n", what, MESSAGES * 1e9 / (System.nanoTime() - start));
    }

    private static void send(Connection connection) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue("million"));
            byte[] rest = new byte[BODY - Integer.BYTES];
            for (int i = 0; i < MESSAGES; i++) {
                BytesMessage message = session.createBytesMessage();
                message.writeInt(i);
                message.writeBytes(rest);
                producer.send(message);
                commitNowAndThen(session, i);
            }
        }
    }

    private static void receive(Connection connection) throws JMSException {
        try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue("million"))) {
            for (int i = 0; i < MESSAGES; i++) {
                BytesMessage message = (BytesMessage) consumer.receive(60_000);
                if (message == null || message.getBodyLength() != BODY || message.readInt() != i) {
                    throw new AssertionError("expected message " + i + ", but got " + message);
                }
                commitNowAndThen(session, i);
            }
            if (consumer.receiveNoWait() != null) {
                throw new AssertionError("one too many");
            }
        }
    }

    private static void commitNowAndThen(Session session, int message) throws JMSException {
        if ((message + 1) % IN_ONE_COMMIT == 0) {
            session.commit();
        }
    }
}
