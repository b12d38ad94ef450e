package io.mamba.jms.kafka;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What one process of a test has open in a cluster, by names that the test gives. Thread-safe. */
final class Station implements AutoCloseable {
    static final long SOON = 30_000;
    static final String QUEUE = "queue";

    /** What a test has a process do; it may not hold the test itself. */
    interface Task<T> extends Serializable {
        T run(Station station) throws Exception;
    }

    final MambaConnectionFactory factory;
    private final Map<String, Object> kept = new ConcurrentHashMap<>();
    private final Connection connection;

    Station(String url) throws JMSException {
        this.factory = new MambaConnectionFactory(url);
        this.connection = factory.createConnection(); // the node stays open as long as the station
        connection.start();
    }

    /** A session on the station's own connection, which is started. */
    Session session(int mode) throws JMSException {
        return connection.createSession(mode);
    }

    Session session() throws JMSException {
        return session(Session.AUTO_ACKNOWLEDGE);
    }

    <T> T keep(String name, T thing) {
        kept.put(name, thing);
        return thing;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the test that kept it knows what it is
    <T> T kept(String name) {
        return (T) Objects.requireNonNull(kept.get(name), name);
    }

    /** Sends texts, each a message of its own; what has returned is there. */
    void send(String queue, String... texts) throws JMSException {
        try (Session session = session()) {
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    void sendColored(String queue, String color, String text) throws JMSException {
        try (Session session = session()) {
            Message message = session.createTextMessage(text);
            message.setStringProperty("color", color);
            session.createProducer(session.createQueue(queue)).send(message);
        }
    }

    /** Opens a consumer of a queue in a session of its own and keeps it under the queue's name. */
    MessageConsumer consume(String queue, int mode) throws JMSException {
        Session session = session(mode);
        Queue from = session.createQueue(queue);
        keep(queue + ".session", session);
        return keep(queue, session.createConsumer(from));
    }

    /** The texts of the next messages, which must come, of a consumer that is kept; not acknowledged by this. */
    List<String> receive(String consumer, int count) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message message : messages(consumer, count)) {
            texts.add(text(message));
        }
        return texts;
    }

    List<Message> messages(String consumer, int count) throws JMSException {
        List<Message> messages = new ArrayList<>();
        MessageConsumer from = kept(consumer);
        while (messages.size() < count) {
            messages.add(next(from));
        }
        return messages;
    }

    static Message next(MessageConsumer consumer) throws JMSException {
        return Objects.requireNonNull(consumer.receive(SOON), "Expected a message, but none came.");
    }

    static String text(Message message) throws JMSException {
        return Objects.requireNonNull(message.getBody(String.class));
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}
