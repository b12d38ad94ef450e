package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The acknowledgement modes, recover, and what closing gives back. */
abstract class AcknowledgementConformance extends Conformance {
    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    void whatWasReceivedDoesNotComeBack(int mode) throws JMSException {
        Session session = session(mode);
        send(session, queue(session), "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(queue(session));
        assertThat(nextText(consumer)).isEqualTo("a");
        assertThat(nextText(consumer)).isEqualTo("b");

        session.close();

        assertThat(drain("orders")).containsExactly("c");
    }

    @Test
    void acknowledgeSettlesAllThatTheSessionHasConsumed() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a", "b", "c");
        send(session, session.createQueue("other"), "x");
        MessageConsumer consumer = session.createConsumer(queue(session));
        MessageConsumer other = session.createConsumer(session.createQueue("other"));
        Message first = next(consumer);
        next(consumer);
        next(other);

        first.acknowledge();
        next(consumer);
        session.close();

        assertThat(drain("orders")).containsExactly("c");
        assertThat(drain("other")).isEmpty();
    }

    @Test
    void unacknowledgedMessagesComeBackInOrderAfterClose() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        next(consumer);
        session.close();

        Session again = session();
        MessageConsumer second = again.createConsumer(queue(again));
        Message a = next(second);
        next(second);
        Message c = next(second);

        assertThat(text(a)).isEqualTo("a");
        assertThat(a.getJMSRedelivered()).isTrue();
        assertThat(a.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        assertThat(text(c)).isEqualTo("c");
        assertThat(c.getJMSRedelivered()).isFalse();
    }

    @Test
    void recoverRestartsWithTheOldestUnacknowledged() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        next(consumer);

        session.recover();

        Message a = next(consumer);
        assertThat(text(a)).isEqualTo("a");
        assertThat(a.getJMSRedelivered()).isTrue();
        assertThat(nextText(consumer)).isEqualTo("b");
        assertThat(nextText(consumer)).isEqualTo("c");
    }

    @Test
    void recoverIsNotForTransactedSessions() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);

        assertThatThrownBy(session::recover).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void acknowledgeStillWorksWhenItsConsumerIsClosed() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a");
        MessageConsumer consumer = session.createConsumer(queue(session));
        Message message = next(consumer);
        consumer.close();

        message.acknowledge();
        session.close();

        assertThat(drain("orders")).isEmpty();
        assertThatThrownBy(message::acknowledge).isInstanceOf(IllegalStateException.class);
        assertThat(text(message)).isEqualTo("a");
    }

    @Test
    void acknowledgeDoesNothingInOtherModes() throws JMSException {
        for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.SESSION_TRANSACTED}) {
            Session session = session(mode);
            send(session, queue(session), "a");
            if (session.getTransacted()) {
                session.commit();
            }
            next(session.createConsumer(queue(session))).acknowledge();
            session.close();
        }
        assertThat(drain("orders")).containsExactly("a");
    }

    @Test
    void aConsumerThatClosesLeavesTheRestInOrderAndNew() throws JMSException {
        Session session = session();
        send(session, queue(session), "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        consumer.close();

        Message b = next(session.createConsumer(queue(session)));

        assertThat(text(b)).isEqualTo("b");
        assertThat(b.getJMSRedelivered()).isFalse();
    }

    @Test
    void eachMessageGoesToOneOfCompetingConsumers() throws JMSException {
        Session session = session();
        Session other = session();
        MessageConsumer one = session.createConsumer(queue(session));
        MessageConsumer two = other.createConsumer(queue(other));
        send(session, queue(session), "a", "b");

        assertThat(nextText(one)).isEqualTo("a");
        assertThat(nextText(two)).isEqualTo("b");
        assertThat(one.receiveNoWait()).isNull();
    }

    @Test
    void unknownModesAreRefusedAndKnownOnesTold() throws JMSException {
        assertThatThrownBy(() -> connection().createSession(9)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> connection().createSession(false, 0)).isInstanceOf(JMSException.class);
        assertThat(connection().createSession(true, 9).getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
        assertThat(session(Session.CLIENT_ACKNOWLEDGE).getAcknowledgeMode()).isEqualTo(Session.CLIENT_ACKNOWLEDGE);
        assertThat(session().getTransacted()).isFalse();
    }

    @Test
    void aBodyThatDoesNotConvertIsNotReceivedInAuto() throws JMSException {
        JMSContext context = context();
        JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
        context.createProducer().send(context.createQueue("orders"), "a");

        assertThatThrownBy(() -> consumer.receiveBody(Map.class, SOON))
                .isInstanceOf(MessageFormatRuntimeException.class);

        Message message = consumer.receive(SOON);
        assertThat(text(message)).isEqualTo("a");
        assertThat(message.getJMSRedelivered()).isFalse();
        assertThat(message.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
    }

    /** An object of a class that is not allowed here: no receiveBody can have it. */
    private static final class Unreadable implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void anObjectThatMayNotBeReadIsNotReceivedInAuto() throws JMSException {
        JMSContext context = context();
        JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
        context.createProducer().send(context.createQueue("orders"), new Unreadable());

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> consumer.receiveBody(Unreadable.class, SOON))
                    .isInstanceOf(MessageFormatRuntimeException.class)
                    .hasMessageContaining("not allowed");
        }
        assertThatThrownBy(() -> consumer.receiveBody(null, SOON)).isInstanceOf(MessageFormatRuntimeException.class);

        assertThat(consumer.receive(SOON).getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
    }

    @Test
    void aBodyThatDoesNotConvertIsReceivedInClientModeAndTransactions() throws JMSException {
        for (int mode : new int[] {JMSContext.CLIENT_ACKNOWLEDGE, JMSContext.SESSION_TRANSACTED}) {
            JMSContext context = context(mode);
            JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
            Session sender = session();
            send(sender, queue(sender), "a", "b");

            assertThatThrownBy(() -> consumer.receiveBody(Map.class, SOON))
                    .isInstanceOf(MessageFormatRuntimeException.class);
            assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("b");
            if (mode == JMSContext.CLIENT_ACKNOWLEDGE) {
                context.recover();
            } else {
                context.rollback();
            }

            Message again = consumer.receive(SOON);
            assertThat(text(again)).isEqualTo("a");
            assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
            context.close();
            assertThat(drain("orders")).containsExactly("a", "b");
        }
    }

    @Test
    void closingASessionInTheMiddleOfItsReceivesLosesAndDoublesNothing() throws Exception {
        Session sender = session(Session.SESSION_TRANSACTED);
        int count = 2_000;
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add("m" + i);
        }
        send(sender, queue(sender), sent.toArray(String[]::new));
        sender.commit();
        List<String> received = Collections.synchronizedList(new ArrayList<>());

        for (int round = 0; round < 100; round++) {
            Session session = session();
            MessageConsumer consumer = session.createConsumer(queue(session));
            int before = received.size();
            Thread receiver = new Thread(() -> receiveAll(consumer, received));
            receiver.start();
            while (received.size() <= before + round % 3 && received.size() < count) {
                Thread.onSpinWait();
            }
            if (round % 2 == 0) {
                consumer.close();
            }
            session.close();
            receiver.join();
        }

        received.addAll(drain("orders"));
        assertThat(received).doesNotHaveDuplicates().hasSize(count);
    }

    private static void receiveAll(MessageConsumer consumer, List<String> received) {
        try {
            for (Message next = consumer.receive(); next != null; next = consumer.receive()) {
                received.add(text(next));
            }
        } catch (JMSException closed) {
            assertThat(closed).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aContextAcknowledges() throws JMSException {
        JMSContext context = context(JMSContext.CLIENT_ACKNOWLEDGE);
        JMSConsumer consumer = context.createConsumer(context.createQueue("orders"));
        context.createProducer().send(context.createQueue("orders"), "a");
        context.createProducer().send(context.createQueue("orders"), "b");
        consumer.receive(SOON);

        context.acknowledge();
        consumer.receive(SOON);
        context.close();

        assertThat(drain("orders")).containsExactly("b");
    }

    @Test
    void severalQueuesAreAcknowledgedTogetherInAnyOrder() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        List<MessageConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            send(session, session.createQueue("q" + i), "a", "b", "c");
            consumers.add(session.createConsumer(session.createQueue("q" + i)));
        }
        Message first = next(consumers.get(2));
        next(consumers.get(0));
        next(consumers.get(1));
        next(consumers.get(2));

        first.acknowledge();
        next(consumers.get(0));
        session.close();

        assertThat(drain("q0")).containsExactly("b", "c");
        assertThat(drain("q1")).containsExactly("b", "c");
        assertThat(drain("q2")).containsExactly("c");
    }

    @Test
    void whatHasExpiredIsNotRedelivered() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        Session sender = session();
        sender.createProducer(queue(sender)).send(sender.createTextMessage("short"), DeliveryMode.PERSISTENT, 4, 2_000);
        MessageConsumer consumer = session.createConsumer(queue(session));
        assertThat(nextText(consumer)).isEqualTo("short");
        assertThat(sender.createConsumer(sender.createQueue("clock")).receive(2_200))
                .isNull();

        session.rollback();

        assertThat(consumer.receiveNoWait()).isNull();
        assertThat(sender.createBrowser(queue(sender)).getEnumeration().hasMoreElements())
                .isFalse();
    }
}
