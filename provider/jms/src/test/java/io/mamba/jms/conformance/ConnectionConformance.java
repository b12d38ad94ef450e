package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Connections, contexts, client ids, starting, stopping, closing. */
abstract class ConnectionConformance extends Conformance {
    @Test
    void aNewConnectionIsStopped() throws JMSException {
        Connection connection = closing(factory().createConnection());
        Session session = connection.createSession();
        send(session, queue(session), "a");
        MessageConsumer consumer = session.createConsumer(queue(session));
        assertThat(consumer.receive(50)).isNull();

        connection.start();
        connection.start();

        assertThat(nextText(consumer)).isEqualTo("a");
    }

    @Test
    void theLongestTimeoutIsForEver() throws JMSException {
        Session session = session();
        send(session, queue(session), "a");

        assertThat(session.createConsumer(queue(session)).receive(Long.MAX_VALUE))
                .isNotNull();
    }

    @Test
    void aStoppedConnectionReceivesNothing() throws JMSException {
        Connection connection = connection();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue(session));

        connection.stop();
        connection.stop();
        send(session, queue(session), "a");

        assertThat(consumer.receiveNoWait()).isNull();
        connection.start();
        assertThat(nextText(consumer)).isEqualTo("a");
    }

    @Test
    void metaDataSaysWhatThisIs() throws JMSException {
        ConnectionMetaData data = connection().getMetaData();

        assertThat(data.getJMSVersion()).isEqualTo("3.1");
        assertThat(data.getJMSMajorVersion()).isEqualTo(3);
        assertThat(data.getJMSMinorVersion()).isEqualTo(1);
        assertThat(data.getJMSProviderName()).isNotEmpty();
        assertThat(data.getProviderVersion()).isNotEmpty();
        assertThat(listed(data.getJMSXPropertyNames())).contains("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount");
    }

    @Test
    void aClientIdIsSetOnceBeforeUse() throws JMSException {
        Connection connection = closing(factory().createConnection());
        assertThat(connection.getMetaData()).isNotNull();
        connection.setClientID("client");

        assertThat(connection.getClientID()).isEqualTo("client");
        assertThatThrownBy(() -> connection.setClientID("other")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> connection().setClientID("late")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClientIdBelongsToOneConnection() throws JMSException {
        Connection first = connection("client");
        Connection second = closing(factory().createConnection());

        assertThatThrownBy(() -> second.setClientID("client")).isInstanceOf(InvalidClientIDException.class);
        first.close();
        second.setClientID("client");
    }

    @Test
    void aClientIdSetByTheAdministratorStays() throws JMSException {
        var factory = factory();
        factory.setClientId("fixed");
        Connection connection = closing(factory.createConnection());

        assertThat(connection.getClientID()).isEqualTo("fixed");
        assertThatThrownBy(() -> connection.setClientID("other")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(factory::createConnection).isInstanceOf(InvalidClientIDException.class);
    }

    @Test
    void closedMeansIllegalState() throws JMSException {
        Connection connection = connection();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue(session));
        MessageProducer producer = session.createProducer(queue(session));
        QueueBrowser browser = session.createBrowser(queue(session));
        connection.close();
        connection.close();

        List<ThrowingCallable> calls = List.of(
                connection::createSession,
                connection::getClientID,
                connection::getMetaData,
                connection::getExceptionListener,
                connection::start,
                connection::stop,
                session::createMessage,
                session::getTransacted,
                session::getAcknowledgeMode,
                session::recover,
                session::commit,
                session::rollback,
                session::getMessageListener,
                () -> session.createQueue("q"),
                session::createTemporaryQueue,
                () -> session.unsubscribe("s"),
                consumer::receive,
                consumer::receiveNoWait,
                consumer::getMessageListener,
                () -> consumer.setMessageListener(null),
                consumer::getMessageSelector,
                producer::getDestination,
                producer::getPriority,
                () -> producer.setPriority(1),
                () -> producer.send(null),
                browser::getEnumeration,
                browser::getQueue);
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)).as("call %d", i).isInstanceOf(IllegalStateException.class);
        }
        session.close();
        consumer.close();
        producer.close();
        browser.close();
    }

    @Test
    void closingFreesABlockedReceive() throws Exception {
        Connection connection = connection();
        for (String what : List.of("consumer", "session", "connection")) {
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(queue(session));
            CompletableFuture<Object> received = new CompletableFuture<>();
            Thread receiver = new Thread(() -> {
                try {
                    received.complete(String.valueOf(consumer.receive()));
                } catch (JMSException e) {
                    received.complete(e);
                }
            });
            receiver.start();
            while (receiver.getState() != Thread.State.WAITING && receiver.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            switch (what) {
                case "consumer" -> consumer.close();
                case "session" -> session.close();
                default -> connection.close();
            }

            assertThat(received.get(SOON, TimeUnit.MILLISECONDS)).isEqualTo("null");
        }
    }

    @Test
    void aContextStartsByItselfUnlessToldNotTo() throws JMSException {
        JMSContext context = context();
        assertThat(context.getAutoStart()).isTrue();
        context.createProducer().send(context.createQueue("orders"), "a");
        assertThat(text(context.createConsumer(context.createQueue("orders")).receive(SOON)))
                .isEqualTo("a");

        JMSContext manual = context();
        manual.setAutoStart(false);
        manual.createProducer().send(manual.createQueue("orders"), "b");
        var consumer = manual.createConsumer(manual.createQueue("orders"));
        assertThat(consumer.receiveNoWait()).isNull();
        manual.start();
        assertThat(text(consumer.receive(SOON))).isEqualTo("b");
    }

    @Test
    void theLastContextClosesTheConnection() {
        JMSContext first = context();
        JMSContext second = first.createContext(JMSContext.SESSION_TRANSACTED);
        assertThat(second.getSessionMode()).isEqualTo(JMSContext.SESSION_TRANSACTED);

        first.close();
        first.close();
        second.createProducer().send(second.createQueue("orders"), "a");
        second.commit();
        second.close();

        assertThatThrownBy(second::createMessage).isInstanceOf(IllegalStateRuntimeException.class);
        assertThatThrownBy(second::getClientID).isInstanceOf(IllegalStateRuntimeException.class);
        assertThatThrownBy(second::getAutoStart).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void aContextOfAnUnknownModeIsRefused() {
        assertThatThrownBy(() -> factory().createContext(9)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> context().createContext(9)).isInstanceOf(JMSRuntimeException.class);
    }

    @Test
    void aContextTakesAClientIdBeforeUse() {
        JMSContext context = context();
        context.setClientID("client");
        assertThat(context.getClientID()).isEqualTo("client");

        JMSContext used = context();
        used.createProducer();
        assertThatThrownBy(() -> used.setClientID("late")).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void runtimeExceptionsCarryCodeAndCause() {
        assertThatThrownBy(context()::commit)
                .isInstanceOfSatisfying(
                        JMSRuntimeException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo("ILLEGAL_STATE"))
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
