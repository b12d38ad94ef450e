package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
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
    void whatASessionGivesBackAsItsConnectionClosesGoesToNoOtherOfItsSessions() throws JMSException {
        Connection connection = connection();
        Session first = connection.createSession(true, Session.SESSION_TRANSACTED);
        Set<Message> heard = ConcurrentHashMap.newKeySet();
        try (Session sending = connection.createSession()) {
            send(sending, queue(sending), "a");
        }
        assertThat(nextText(first.createConsumer(queue(first)))).isEqualTo("a");
        for (int i = 0; i < 8; i++) {
            Session other = connection.createSession(true, Session.SESSION_TRANSACTED);
            other.createConsumer(queue(other)).setMessageListener(heard::add);
        }

        connection.close();

        assertThat(heard).isEmpty();
        Session after = session();
        Message again = after.createConsumer(queue(after)).receive(SOON);
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
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

    @Test
    void everyMethodOfWhatIsClosedSaysSo() throws Exception {
        Connection connection = connection("client");
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue(session));
        MessageProducer producer = session.createProducer(queue(session));
        MessageProducer anywhere = session.createProducer(null);
        QueueBrowser browser = session.createBrowser(queue(session));
        JMSContext context = context();
        JMSConsumer contextConsumer = context.createConsumer(context.createQueue("orders"));
        session.close();
        refusesEverything(Session.class, session);
        refusesEverything(MessageConsumer.class, consumer);
        refusesEverything(MessageProducer.class, producer);
        refusesEverything(MessageProducer.class, anywhere);
        refusesEverything(QueueBrowser.class, browser);
        connection.close();
        refusesEverything(Connection.class, connection);
        contextConsumer.close();
        refusesEverything(JMSConsumer.class, contextConsumer);
        context.close();
        refusesEverything(JMSContext.class, context);
    }

    private static <T> void refusesEverything(Class<T> type, T closed) throws Exception {
        List<String> willing = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (Set.of("close", "getAutoStart", "setAutoStart").contains(method.getName())) {
                continue;
            }
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(ConnectionConformance::something)
                    .toArray();
            try {
                method.invoke(closed, arguments);
                willing.add(method.toString());
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof IllegalStateException)
                        && !(e.getCause() instanceof IllegalStateRuntimeException)) {
                    willing.add(method + ": " + e.getCause());
                }
            }
        }
        assertThat(willing).as(type.getSimpleName()).isEmpty();
    }

    private static @Nullable Object something(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        return type == String.class ? "name" : null;
    }

    @Test
    void messagesOfAClosedSessionStayReadable() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a");
        Message message = next(session.createConsumer(queue(session)));
        session.close();

        assertThat(text(message)).isEqualTo("a");
        assertThat(message.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThatThrownBy(message::acknowledge).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anyThreadMayCloseAndStartAndStopMayBeRepeated() throws Exception {
        Connection connection = connection();
        Session session = connection.createSession();
        connection.start();
        connection.stop();
        connection.stop();
        send(session, queue(session), "a");
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        connection.close();
                        connection.close();
                        closed.complete(true);
                    } catch (JMSException e) {
                        closed.completeExceptionally(e);
                    }
                })
                .start();

        assertThat(closed.get(SOON, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(drain("orders")).containsExactly("a");
    }

    @Test
    void closingAConnectionRollsBackAndEndsWhatIsTemporary() throws JMSException {
        Session other = session();
        send(other, queue(other), "in");
        Connection connection = connection();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        TemporaryQueue temporary = session.createTemporaryQueue();
        assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("in");
        send(session, session.createQueue("out"), "out");

        connection.close();

        assertThat(drain("orders")).containsExactly("in");
        assertThat(drain("out")).isEmpty();
        assertThatThrownBy(() -> send(other, temporary, "late")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void contextsShareTheirConnectionInAllModes() throws JMSException {
        JMSContext context = context();
        for (int mode = 0; mode <= 3; mode++) {
            try (JMSContext more = context.createContext(mode)) {
                assertThat(more.getSessionMode()).isEqualTo(mode);
                assertThat(more.getTransacted()).isEqualTo(mode == 0);
                more.createProducer().send(more.createQueue("q" + mode), "a");
                if (mode == 0) {
                    more.commit();
                }
            }
            assertThat(context.createConsumer(context.createQueue("q" + mode)).receiveBody(String.class, SOON))
                    .isEqualTo("a");
        }
        assertThatThrownBy(() -> context.setClientID("late")).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void whatAContextCannotDoInItsModeIsRefused() {
        JMSContext context = context();
        JMSContext transacted = context(JMSContext.SESSION_TRANSACTED);

        assertThatThrownBy(context::commit).isInstanceOf(IllegalStateRuntimeException.class);
        assertThatThrownBy(context::rollback).isInstanceOf(IllegalStateRuntimeException.class);
        assertThatThrownBy(transacted::recover).isInstanceOf(IllegalStateRuntimeException.class);
        context.acknowledge();
        context.recover();
    }

    @Test
    void manyConnectionsConsumersAndSelectorsWorkTogether() throws JMSException {
        List<MessageConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Session session = connection().createSession();
            consumers.add(session.createConsumer(queue(session), "part = " + i % 10));
        }
        Session sender = session();
        MessageProducer producer = sender.createProducer(queue(sender));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (int i = 0; i < 2_000; i++) {
            Message message = sender.createTextMessage("m" + i);
            message.setIntProperty("part", i % 10);
            producer.send(message);
        }

        int received = 0;
        for (int i = 0; i < 20; i++) {
            for (Message message = consumers.get(i).receiveNoWait();
                    message != null;
                    message = consumers.get(i).receiveNoWait()) {
                assertThat(message.getIntProperty("part")).isEqualTo(i % 10);
                received++;
            }
        }
        assertThat(received).isEqualTo(2_000);
    }
}
