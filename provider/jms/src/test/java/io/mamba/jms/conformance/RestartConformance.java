package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import org.junit.jupiter.api.Test;

/** What is there again when the last connection was closed and the log is opened anew. */
abstract class RestartConformance extends Conformance {
    @Test
    void queuedMessagesStayInOrder() throws JMSException {
        try (Connection connection = factory().createConnection()) {
            Session session = connection.createSession();
            send(session, queue(session), "a", "b", "c");
        }

        assertThat(drain("orders")).containsExactly("a", "b", "c");
    }

    @Test
    void settledMessagesStayAwayAndDeliveredOnesAreCounted() throws JMSException {
        try (Connection connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
            send(session, queue(session), "a", "b", "c");
            MessageConsumer consumer = session.createConsumer(queue(session));
            next(consumer).acknowledge();
            next(consumer);
        }

        Session session = session();
        MessageConsumer consumer = session.createConsumer(queue(session));
        Message b = next(consumer);
        assertThat(text(b)).isEqualTo("b");
        assertThat(b.getJMSRedelivered()).isTrue();
        assertThat(b.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        assertThat(next(consumer).getJMSRedelivered()).isFalse();
    }

    @Test
    void durableSubscriptionsGoOn() throws JMSException {
        try (Connection connection = factory().createConnection()) {
            connection.setClientID("client");
            Session session = connection.createSession();
            session.createDurableConsumer(topic(session), "sub").close();
            send(session, topic(session), "a");
        }
        try (Connection connection = factory().createConnection()) {
            Session session = connection.createSession();
            send(session, topic(session), "b");
        }

        Session session = connection("client").createSession();
        assertThat(drain(session.createDurableConsumer(topic(session), "sub"))).containsExactly("a", "b");
    }

    @Test
    void headersAndPropertiesAreTheSame() throws JMSException {
        String id;
        try (Connection connection = factory().createConnection()) {
            Session session = connection.createSession();
            Message message = session.createMessage();
            message.setStringProperty("JMSXGroupID", "g");
            message.setDoubleProperty("d", 0.5);
            message.setJMSCorrelationIDAsBytes(new byte[] {(byte) 0xff});
            session.createProducer(queue(session)).send(message);
            id = message.getJMSMessageID();
        }

        Session session = session();
        Message message = next(session.createConsumer(queue(session)));
        assertThat(message.getJMSMessageID()).isEqualTo(id);
        assertThat(message.getStringProperty("JMSXGroupID")).isEqualTo("g");
        assertThat(message.getObjectProperty("d")).isEqualTo(0.5);
        assertThat(message.getJMSCorrelationIDAsBytes()).containsExactly(0xff);
    }
}
