package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headers at send and receive, producers, delay, expiry, priority, completion listeners. */
abstract class SendingConformance extends Conformance {
    @Test
    void sendingSetsTheHeadersOfTheMessageObject() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        producer.setTimeToLive(60_000);
        producer.setPriority(7);
        TextMessage message = session.createTextMessage("a");
        message.setJMSMessageID("ID:mine");
        message.setJMSPriority(1);
        message.setJMSDestination(topic(session));
        message.setJMSExpiration(1);

        long before = System.currentTimeMillis();
        producer.send(message);
        long after = System.currentTimeMillis();

        assertThat(message.getJMSMessageID()).startsWith("ID:").isNotEqualTo("ID:mine");
        assertThat(message.getJMSTimestamp()).isBetween(before, after);
        assertThat(message.getJMSExpiration()).isEqualTo(message.getJMSTimestamp() + 60_000);
        assertThat(message.getJMSPriority()).isEqualTo(7);
        assertThat(message.getJMSDestination()).isEqualTo(queue(session));
        assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
        assertThat(message.getJMSDeliveryTime()).isEqualTo(message.getJMSTimestamp());
    }

    @Test
    void theReceiverSeesTheSendersHeaders() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        TextMessage message = session.createTextMessage("a");
        message.setJMSCorrelationID("c");
        message.setJMSType("t");
        message.setJMSReplyTo(session.createTemporaryQueue());

        producer.send(message, DeliveryMode.NON_PERSISTENT, 3, 0);
        Message received = next(session.createConsumer(queue(session)));

        assertThat(received.getJMSMessageID()).isEqualTo(message.getJMSMessageID());
        assertThat(received.getJMSTimestamp()).isEqualTo(message.getJMSTimestamp());
        assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
        assertThat(received.getJMSPriority()).isEqualTo(3);
        assertThat(received.getJMSExpiration()).isZero();
        assertThat(received.getJMSDestination()).isEqualTo(queue(session));
        assertThat(received.getJMSCorrelationID()).isEqualTo("c");
        assertThat(received.getJMSType()).isEqualTo("t");
        assertThat(received.getJMSReplyTo()).isEqualTo(message.getJMSReplyTo());
        assertThat(received.getJMSRedelivered()).isFalse();
        assertThat(received.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
    }

    @Test
    void messageIdsAreUniqueAndCanBeLeftOut() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Message message = session.createMessage();
            producer.send(message);
            ids.add(message.getJMSMessageID());
        }
        assertThat(ids).hasSize(100);

        producer.setDisableMessageID(true);
        Message message = session.createMessage();
        producer.send(message);
        assertThat(message.getJMSMessageID()).isNull();
    }

    @Test
    void priorityComesBeforeOrderOfSending() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        for (int priority = 0; priority <= 9; priority++) {
            producer.send(session.createTextMessage("a" + priority), DeliveryMode.PERSISTENT, priority, 0);
            producer.send(session.createTextMessage("b" + priority), DeliveryMode.PERSISTENT, priority, 0);
        }

        List<String> received = drain(session.createConsumer(queue(session)));

        assertThat(received)
                .startsWith("a9", "b9", "a8", "b8")
                .endsWith("a1", "b1", "a0", "b0")
                .hasSize(20);
    }

    @Test
    void anUnidentifiedProducerNeedsADestinationWithEachSend() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(null);
        Message message = session.createMessage();

        assertThatThrownBy(() -> producer.send(message)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> producer.send(null, message)).isInstanceOf(InvalidDestinationException.class);
        producer.send(queue(session), message);
        assertThat(producer.getDestination()).isNull();
    }

    @Test
    void anIdentifiedProducerSendsToItsOwnOnly() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        Message message = session.createMessage();

        assertThatThrownBy(() -> producer.send(queue(session), message))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> producer.send(null)).isInstanceOf(MessageFormatException.class);
        assertThat(producer.getDestination()).isEqualTo(queue(session));
    }

    @Test
    void modesAndPrioritiesOutOfRangeAreRefused() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        JMSProducer simple = context().createProducer();

        assertThatThrownBy(() -> producer.setPriority(-1)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> producer.setPriority(10)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> producer.setDeliveryMode(-1)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> producer.send(session.createMessage(), -1, 4, 0))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> producer.send(session.createMessage(), 1, -1, 0))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> simple.setPriority(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> simple.setDeliveryMode(-1)).isInstanceOf(JMSRuntimeException.class);
    }

    @Test
    void aDelayedMessageIsInvisibleBeforeAndComesAfter() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        producer.setDeliveryDelay(300);
        TextMessage message = session.createTextMessage("late");

        producer.send(message);
        assertThat(message.getJMSDeliveryTime()).isEqualTo(message.getJMSTimestamp() + 300);
        MessageConsumer consumer = session.createConsumer(queue(session));
        Message received = next(consumer);

        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(message.getJMSDeliveryTime());
        assertThat(received.getJMSDeliveryTime()).isEqualTo(message.getJMSDeliveryTime());
    }

    @Test
    void anExpiredMessageIsNeitherReceivedNorBrowsed() throws Exception {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        producer.send(session.createTextMessage("short"), DeliveryMode.PERSISTENT, 4, 1);
        MessageConsumer late = session.createConsumer(session.createQueue("clock"));
        assertThat(late.receive(50)).isNull();

        assertThat(session.createBrowser(queue(session)).getEnumeration().hasMoreElements())
                .isFalse();
        assertThat(session.createConsumer(queue(session)).receiveNoWait()).isNull();
    }

    /** Remembers what it was told. */
    private static final class Told implements CompletionListener {
        final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();

        @Override
        public void onCompletion(Message message) {
            messages.add(message);
        }

        @Override
        public void onException(Message message, Exception exception) {
            messages.add(exception);
        }

        @Nullable
        Object next() throws InterruptedException {
            return messages.poll(SOON, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void completionsComeOncePerMessageInOrderWithTheObjectSent() throws Exception {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        Told told = new Told();
        List<TextMessage> sent =
                List.of(session.createTextMessage("a"), session.createTextMessage("b"), session.createTextMessage("c"));

        for (TextMessage message : sent) {
            producer.send(message, told);
        }

        for (TextMessage message : sent) {
            assertThat(told.next()).isSameAs(message);
        }
        assertThat(drain(session.createConsumer(queue(session)))).containsExactly("a", "b", "c");
    }

    @Test
    void commitAndCloseWaitForCompletions() throws Exception {
        Session session = session(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue(session));
        Told told = new Told();

        producer.send(session.createTextMessage("a"), told);
        session.commit();
        assertThat(told.messages).hasSize(1);

        Session plain = session();
        plain.createProducer(queue(plain)).send(plain.createTextMessage("b"), told);
        plain.close();
        assertThat(told.messages).hasSize(2);
        assertThat(drain("orders")).containsExactly("a", "b");
    }

    @Test
    void aCompletionListenerMayNotCloseOrCommit() throws Exception {
        Connection connection = connection();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue(session));
        List<AutoCloseable> forbidden = List.of(session::commit, session::rollback, session, producer, connection);
        for (AutoCloseable call : forbidden) {
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            producer.send(session.createMessage(), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    try {
                        call.close();
                    } catch (Exception e) {
                        thrown.set(e);
                    }
                    done.countDown();
                }

                @Override
                public void onException(Message message, Exception exception) {
                    thrown.set(exception);
                    done.countDown();
                }
            });
            assertThat(done.await(SOON, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNullCompletionListenerIsRefused() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));

        assertThatThrownBy(() -> producer.send(session.createMessage(), (CompletionListener) null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSimpleProducerLaysPropertiesAndHeadersOverItsMessages() throws JMSException {
        JMSContext context = context();
        Told told = new Told();
        TextMessage message = context.createTextMessage("a");
        message.setStringProperty("p", "message's");
        message.setStringProperty("q", "message's");
        message.setJMSType("message's");

        JMSProducer producer = context.createProducer()
                .setProperty("p", "producer's")
                .setProperty("n", 1)
                .setJMSType("producer's")
                .setJMSCorrelationID("c")
                .setPriority(9);
        producer.send(context.createQueue("orders"), message);
        Message received = context.createConsumer(context.createQueue("orders")).receive(SOON);

        assertThat(received.getStringProperty("p")).isEqualTo("producer's");
        assertThat(received.getStringProperty("q")).isEqualTo("message's");
        assertThat(received.getIntProperty("n")).isEqualTo(1);
        assertThat(received.getJMSType()).isEqualTo("producer's");
        assertThat(received.getJMSCorrelationID()).isEqualTo("c");
        assertThat(received.getJMSPriority()).isEqualTo(9);
        assertThat(producer.getIntProperty("n")).isEqualTo(1);
        assertThatThrownBy(() -> producer.getBooleanProperty("n")).isInstanceOf(MessageFormatRuntimeException.class);
        assertThat(producer.setAsync(told).getAsync()).isSameAs(told);
    }

    @Test
    void theNamesOfASimpleProducersPropertiesAreALiveViewThatCannotBeChanged() {
        JMSProducer producer = context().createProducer();
        Set<String> names = producer.getPropertyNames();

        producer.setProperty("p", 1).setProperty("q", "text");

        assertThat(names).containsExactlyInAnyOrder("p", "q");
        assertThatThrownBy(() -> names.remove("p")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(producer.clearProperties().propertyExists("p")).isFalse();
        assertThat(names).isEmpty();
        assertThatThrownBy(() -> producer.setProperty("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> producer.setProperty("o", new Object()))
                .isInstanceOf(MessageFormatRuntimeException.class);
    }

    @Test
    void aSimpleProducerChangesNoPropertiesOfAReceivedMessage() throws JMSException {
        JMSContext context = context();
        Queue queue = context.createQueue("orders");
        JMSConsumer consumer = context.createConsumer(queue);
        context.createProducer().send(queue, "a");
        Message received = consumer.receive(SOON);

        assertThatThrownBy(() -> context.createProducer().setProperty("p", 1).send(queue, received))
                .isInstanceOf(MessageNotWriteableRuntimeException.class);
        context.createProducer().setJMSType("onward").send(queue, received);

        assertThat(consumer.receive(SOON).getJMSType()).isEqualTo("onward");
    }

    @Test
    void aSimpleProducerSendsBodiesThatAreNothing() throws JMSException {
        JMSContext context = context();
        Queue queue = context.createQueue("orders");
        JMSConsumer consumer = context.createConsumer(queue);

        context.createProducer()
                .send(queue, (String) null)
                .send(queue, (byte[]) null)
                .send(queue, (Map<String, Object>) null)
                .send(queue, (java.io.Serializable) null);

        for (Class<?> type : List.of(TextMessage.class, BytesMessage.class, MapMessage.class, ObjectMessage.class)) {
            Message message = consumer.receive(SOON);
            assertThat(message).isInstanceOf(type);
            assertThat(message.getBody(Object.class)).isNull();
        }
        assertThatThrownBy(() -> context.createProducer().send(queue, (Message) null))
                .isInstanceOf(MessageFormatRuntimeException.class);
        assertThatThrownBy(() -> context.createProducer().send(null, "a"))
                .isInstanceOf(InvalidDestinationRuntimeException.class);
    }

    @Test
    void aSimpleProducerIsAsynchronousWhileItHasAListener() throws Exception {
        JMSContext context = context();
        Queue queue = context.createQueue("orders");
        Told told = new Told();
        Message message = context.createTextMessage("a");
        JMSProducer producer = context.createProducer().setAsync(told);

        producer.send(queue, message);
        assertThat(told.next()).isSameAs(message);
        producer.setAsync(null).send(queue, "b");
        context.close();

        assertThat(told.messages).isEmpty();
        assertThat(drain("orders")).containsExactly("a", "b");
    }

    @Test
    void aCompletionListenerThatFailsIsNoneOfTheOthersBusiness() throws Exception {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        Told told = new Told();

        producer.send(session.createTextMessage("a"), new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                throw new java.lang.IllegalStateException("fails");
            }

            @Override
            public void onException(Message message, Exception exception) {}
        });
        TextMessage second = session.createTextMessage("b");
        producer.send(second, told);

        assertThat(told.next()).isSameAs(second);
    }

    @Test
    void aDelayBeginsWithTheSendNotWithTheCommit() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue(session));
        producer.setDeliveryDelay(100);
        Session other = session();
        MessageConsumer consumer = other.createConsumer(queue(other));
        TextMessage message = session.createTextMessage("a");
        producer.send(message);

        assertThat(consumer.receive(200)).isNull();
        session.commit();

        assertThat(next(consumer).getJMSDeliveryTime()).isEqualTo(message.getJMSDeliveryTime());
    }

    @Test
    void timesBelowZeroAreRefused() throws JMSException {
        MessageProducer producer = session().createProducer(null);
        JMSProducer simple = context().createProducer();

        assertThatThrownBy(() -> producer.setTimeToLive(-1)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> producer.setDeliveryDelay(-1)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> simple.setTimeToLive(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> simple.setDeliveryDelay(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThat(simple.getTimeToLive()).isZero();
        assertThat(simple.getDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
        assertThat(simple.getPriority()).isEqualTo(4);
    }

    @Test
    void aSimpleProducerSendsBodies() throws JMSException {
        JMSContext context = context();
        var queue = context.createQueue("orders");
        var consumer = context.createConsumer(queue);

        context.createProducer()
                .send(queue, "text")
                .send(queue, new byte[] {1})
                .send(queue, Map.of("a", 1))
                .send(queue, (java.io.Serializable) 2);

        assertThat(consumer.receiveBody(String.class, SOON)).isEqualTo("text");
        assertThat(consumer.receiveBody(byte[].class, SOON)).containsExactly(1);
        assertThat((Object) consumer.receiveBody(Map.class, SOON)).isEqualTo(Map.of("a", 1));
        assertThat(consumer.receiveBody(Integer.class, SOON)).isEqualTo(2);
    }

    @Test
    void aReceivedMessageCanBeSentOn() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);
        session.rollback();
        Message again = next(consumer);
        assertThat(again.getJMSRedelivered()).isTrue();

        session.createProducer(session.createQueue("next")).send(again);
        session.commit();

        Message onward = next(session.createConsumer(session.createQueue("next")));
        assertThat(onward.getJMSRedelivered()).isFalse();
        assertThat(onward.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThat(text(onward)).isEqualTo("a");
    }

    @Test
    void completionsOfATransactionKeepTheirTurn() throws Exception {
        Session session = session(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(queue(session));
        BlockingQueue<Message> done = new LinkedBlockingQueue<>();
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Message message = session.createTextMessage("m" + i);
            sent.add(message);
            producer.send(message, new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    done.add(message);
                }

                @Override
                public void onException(Message message, Exception exception) {
                    throw new AssertionError(exception);
                }
            });
        }
        session.commit();

        assertThat(List.copyOf(done)).containsExactlyElementsOf(sent);
        assertThat(drain("orders")).hasSize(100);
    }

    @Test
    void anAsynchronousSendToWhatIsGoneIsToldOneWayOrTheOther() throws Exception {
        Connection connection = connection();
        Session session = connection.createSession();
        TemporaryQueue gone = session.createTemporaryQueue();
        gone.delete();
        MessageProducer producer = session.createProducer(null);
        BlockingQueue<Exception> told = new LinkedBlockingQueue<>();
        try {
            producer.send(gone, session.createMessage(), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    told.add(new Exception("sent"));
                }

                @Override
                public void onException(Message message, Exception exception) {
                    told.add(exception);
                }
            });
        } catch (InvalidDestinationException e) {
            told.add(e);
        }

        assertThat(told.poll(SOON, TimeUnit.MILLISECONDS)).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void theHintToLeaveOutIdsAndTimesIsKeptByTheProducer() throws JMSException {
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
        assertThat(producer.getDisableMessageID()).isTrue();
        assertThat(producer.getDisableMessageTimestamp()).isTrue();
        long before = System.currentTimeMillis();
        producer.send(session.createTextMessage("a"), DeliveryMode.PERSISTENT, 4, 100_000);

        Message received = next(session.createConsumer(queue(session)));

        assertThat(received.getJMSMessageID()).isNull();
        assertThat(received.getJMSTimestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(received.getJMSExpiration()).isEqualTo(received.getJMSTimestamp() + 100_000);
        assertThat(received.getJMSDeliveryTime()).isEqualTo(received.getJMSTimestamp());
    }
}
