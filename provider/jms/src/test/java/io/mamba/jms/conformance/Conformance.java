package io.mamba.jms.conformance;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** The fixture: a log of its own per test, named by a URL; what a test opens is closed after it. */
abstract class Conformance {
    /** Longer than anything takes; a test that passes does not wait for it. */
    static final long SOON = 20_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** The engine's URL, the same during a test, with an empty log at its begin. */
    abstract String url();

    /** The same log by a URL that says something more. */
    String url(String option) {
        return url() + (url().contains("?") ? "&" : "?") + option;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    <C extends AutoCloseable> C closing(C resource) {
        opened.push(resource);
        return resource;
    }

    MambaConnectionFactory factory() {
        return new MambaConnectionFactory(url());
    }

    /** A new connection, started. */
    Connection connection() throws JMSException {
        Connection connection = closing(factory().createConnection());
        connection.start();
        return connection;
    }

    Connection connection(String clientId) throws JMSException {
        Connection connection = closing(factory().createConnection());
        connection.setClientID(clientId);
        connection.start();
        return connection;
    }

    /** A session on a new started connection. */
    Session session(int mode) throws JMSException {
        return connection().createSession(mode);
    }

    Session session() throws JMSException {
        return session(Session.AUTO_ACKNOWLEDGE);
    }

    JMSContext context(int mode) {
        return closing(factory().createContext(mode));
    }

    JMSContext context() {
        return context(JMSContext.AUTO_ACKNOWLEDGE);
    }

    static Queue queue(Session session) throws JMSException {
        return session.createQueue("orders");
    }

    static Topic topic(Session session) throws JMSException {
        return session.createTopic("prices");
    }

    static void send(Session session, Destination to, String... texts) throws JMSException {
        try (var producer = session.createProducer(to)) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    /** The next message, which must come. */
    static Message next(MessageConsumer consumer) throws JMSException {
        return Objects.requireNonNull(consumer.receive(SOON), "Expected a message, but none came.");
    }

    static String nextText(MessageConsumer consumer) throws JMSException {
        return text(next(consumer));
    }

    static String text(Message message) throws JMSException {
        return Objects.requireNonNull(message.getBody(String.class));
    }

    static List<Object> listed(Enumeration<?> names) {
        return List.copyOf(Collections.list(names));
    }

    /** Everything that can be received now. */
    static List<String> drain(MessageConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
            texts.add(text(message));
        }
        return texts;
    }

    /** Everything in a queue, received and settled by a session of its own. */
    List<String> drain(String queue) throws JMSException {
        try (Connection connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            return drain(session.createConsumer(session.createQueue(queue)));
        }
    }
}
