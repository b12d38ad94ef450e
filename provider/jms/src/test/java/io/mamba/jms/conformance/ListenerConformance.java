package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Message listeners and their threads. */
abstract class ListenerConformance extends Conformance {
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private Object seen() throws InterruptedException {
        Object next = seen.poll(SOON, TimeUnit.MILLISECONDS);
        return next == null ? "nothing" : next;
    }

    /** A listener that may fail as tests do. */
    private interface Hearing {
        void hear(Message message) throws Exception;
    }

    private MessageListener hearing(Hearing hearing) {
        return message -> {
            try {
                hearing.hear(message);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                seen.add(e);
            }
        };
    }

    @Test
    void aListenerGetsMessagesInOrderAndSettlesThem() throws Exception {
        Session session = session();
        session.createConsumer(queue(session)).setMessageListener(hearing(message -> seen.add(text(message))));
        Session sender = session();
        send(sender, queue(sender), "a", "b", "c");

        assertThat(List.of(seen(), seen(), seen())).containsExactly("a", "b", "c");
        session.close();
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aListenerThatThrowsGetsTheMessageAgain() throws Exception {
        Session session = session();
        session.createConsumer(queue(session)).setMessageListener(hearing(message -> {
            seen.add(message.getIntProperty("JMSXDeliveryCount"));
            if (!message.getJMSRedelivered()) {
                throw new java.lang.IllegalStateException("not yet");
            }
        }));
        Session sender = session();
        send(sender, queue(sender), "a");

        assertThat(seen()).isEqualTo(1);
        assertThat(seen()).isEqualTo(2);
        session.close();
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void listenersOfOneSessionNeverRunTogether() throws Exception {
        Session session = session();
        AtomicInteger inside = new AtomicInteger();
        MessageListener listener = hearing(message -> {
            seen.add(inside.incrementAndGet());
            Thread.onSpinWait();
            inside.decrementAndGet();
        });
        List<MessageConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            consumers.add(session.createConsumer(session.createQueue("q" + i)));
        }
        for (MessageConsumer consumer : consumers) {
            consumer.setMessageListener(listener);
        }
        Session sender = session();
        for (int i = 0; i < 40; i++) {
            send(sender, sender.createQueue("q" + i % 4), "m");
        }

        for (int i = 0; i < 40; i++) {
            assertThat(seen()).isEqualTo(1);
        }
    }

    @Test
    void stopWaitsForTheListenerAndNothingComesAfter() throws Exception {
        Connection connection = connection();
        Session session = connection.createSession();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        session.createConsumer(queue(session)).setMessageListener(hearing(message -> {
            entered.countDown();
            assertThat(leave.await(SOON, TimeUnit.MILLISECONDS)).isTrue();
            seen.add(text(message));
        }));
        Session sender = session();
        send(sender, queue(sender), "a", "b");
        assertThat(entered.await(SOON, TimeUnit.MILLISECONDS)).isTrue();

        Thread stopper = new Thread(() -> {
            try {
                connection.stop();
                seen.add("stopped");
            } catch (JMSException e) {
                seen.add(e);
            }
        });
        stopper.start();
        leave.countDown();

        List<Object> before = new ArrayList<>();
        for (Object event = seen(); !event.equals("stopped"); event = seen()) {
            before.add(event);
        }
        stopper.join(SOON);
        assertThat(before).startsWith("a");
        assertThat(seen).isEmpty();
        if (before.contains("b")) {
            assertThat(drain("orders")).isEmpty();
        } else { // It may have been on its way to the listener: then it comes back a moment later.
            assertThat(nextText(sender.createConsumer(queue(sender)))).isEqualTo("b");
        }
    }

    @Test
    void aListenerMayNotCloseWhatItRunsInButItsConsumer() throws Exception {
        Connection connection = connection();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue(session));
        consumer.setMessageListener(hearing(message -> {
            for (AutoCloseable call : List.<AutoCloseable>of(session, connection, connection::stop)) {
                try {
                    call.close();
                    seen.add("closed");
                } catch (IllegalStateException e) {
                    seen.add("refused");
                }
            }
            consumer.close();
            seen.add("done");
        }));
        send(session(), session.createQueue("orders"), "a", "b");

        assertThat(List.of(seen(), seen(), seen(), seen())).containsExactly("refused", "refused", "refused", "done");
        session.close();
        assertThat(drain("orders")).containsExactly("b");
    }

    @Test
    void aConsumerWithAListenerDoesNotReceive() throws Exception {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(queue(session));
        MessageListener listener = hearing(message -> seen.add(text(message)));
        consumer.setMessageListener(listener);

        assertThat(consumer.getMessageListener()).isSameAs(listener);
        assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(JMSException.class);
        consumer.setMessageListener(null);
        send(session, queue(session), "a");
        assertThat(nextText(consumer)).isEqualTo("a");
        assertThat(seen).isEmpty();
    }

    @Test
    void aSecondListenerReplacesTheFirst() throws Exception {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(queue(session));
        consumer.setMessageListener(hearing(message -> seen.add("first")));
        consumer.setMessageListener(hearing(message -> seen.add("second")));
        Session sender = session();
        send(sender, queue(sender), "a");

        assertThat(seen()).isEqualTo("second");
    }

    @Test
    void recoverInAListenerBringsTheMessageAgain() throws Exception {
        for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE}) {
            Session session = session(mode);
            session.createConsumer(queue(session)).setMessageListener(hearing(message -> {
                seen.add(message.getJMSRedelivered());
                if (message.getJMSRedelivered()) {
                    message.acknowledge();
                } else {
                    session.recover();
                }
            }));
            Session sender = session();
            send(sender, queue(sender), "a");

            assertThat(seen()).isEqualTo(false);
            assertThat(seen()).isEqualTo(true);
            session.close();
        }
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aTransactedListenerCommits() throws Exception {
        Session session = session(Session.SESSION_TRANSACTED);
        session.createConsumer(queue(session)).setMessageListener(hearing(message -> {
            send(session, session.createQueue("out"), text(message));
            if (message.getJMSRedelivered()) {
                session.commit();
                seen.add("committed");
            } else {
                session.rollback();
            }
        }));
        Session sender = session();
        send(sender, queue(sender), "a");

        assertThat(seen()).isEqualTo("committed");
        assertThat(drain("out")).containsExactly("a");
    }

    @Test
    void allTypesOfMessagesArriveAsThemselves() throws Exception {
        Session session = session();
        List<Message> sent = List.of(
                session.createMessage(),
                session.createTextMessage("a"),
                session.createBytesMessage(),
                session.createMapMessage(),
                session.createStreamMessage(),
                session.createObjectMessage("b"));
        for (Message message : sent) {
            session.createProducer(queue(session)).send(message);
        }

        session().createConsumer(queue(session)).setMessageListener(hearing(message -> seen.add(message.getClass())));

        for (Message message : sent) {
            assertThat(seen()).isEqualTo(message.getClass());
        }
    }

    @Test
    void aListenerHearsTopicsDurableAndShared() throws Exception {
        Session session = connection("client").createSession();
        MessageListener listener = hearing(message -> seen.add(text(message)));
        session.createConsumer(topic(session)).setMessageListener(listener);
        session.createDurableConsumer(topic(session), "durable").setMessageListener(listener);
        session.createSharedConsumer(topic(session), "shared").setMessageListener(listener);
        session.createSharedDurableConsumer(topic(session), "both").setMessageListener(listener);
        Session sender = session();
        send(sender, topic(sender), "a");

        assertThat(List.of(seen(), seen(), seen(), seen())).containsOnly("a");
    }

    @Test
    void noListenerIsSetWhileAnotherThreadReceives() throws Exception {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(queue(session));
        Thread receiver = new Thread(() -> {
            try {
                seen.add(text(consumer.receive()));
            } catch (JMSException e) {
                seen.add(e);
            }
        });
        receiver.start();
        while (receiver.getState() != Thread.State.WAITING && receiver.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> consumer.setMessageListener(message -> seen.add("heard")))
                .isInstanceOf(JMSException.class);
        Session sender = session();
        send(sender, queue(sender), "a");
        assertThat(seen()).isEqualTo("a");
        receiver.join(SOON);
    }

    @Test
    void whatIsRolledBackComesBeforeYoungerMessagesOfOtherConsumers() throws Exception {
        Session sender = session();
        for (int i = 0; i < 20; i++) {
            send(sender, queue(sender), "m" + i);
        }
        Connection connection = closing(factory().createConnection());
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageListener listener = hearing(message -> {
            seen.add(text(message));
            if (!message.getJMSRedelivered() && text(message).endsWith("5")) {
                session.rollback();
            } else {
                session.commit();
            }
        });
        session.createConsumer(queue(session)).setMessageListener(listener);
        session.createConsumer(queue(session)).setMessageListener(listener);
        session.createConsumer(queue(session)).setMessageListener(listener);
        connection.start();

        List<Object> heard = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            heard.add(seen());
        }
        assertThat(heard).doesNotContain("nothing");
        assertThat(heard.stream().distinct().count()).isEqualTo(20);
        assertThat(heard.indexOf("m5")).isLessThan(heard.lastIndexOf("m5"));
        assertThat(heard.subList(heard.indexOf("m5") + 1, heard.size()).indexOf("m5"))
                .isLessThanOrEqualTo(3);
    }

    @Test
    void anExpiredMessageIsNotHeard() throws Exception {
        Session sender = session();
        sender.createProducer(queue(sender)).send(sender.createTextMessage("short"), DeliveryMode.PERSISTENT, 4, 1);
        assertThat(sender.createConsumer(sender.createQueue("clock")).receive(50))
                .isNull();
        Session session = session();
        session.createConsumer(queue(session)).setMessageListener(hearing(message -> seen.add(text(message))));
        send(sender, queue(sender), "b");

        assertThat(seen()).isEqualTo("b");
    }

    @Test
    void aListenerWithASelectorHearsItsOwnOnly() throws Exception {
        Session session = session();
        session.createConsumer(queue(session), "wanted")
                .setMessageListener(hearing(message -> seen.add(text(message))));
        Session sender = session();
        Message message = sender.createTextMessage("a");
        sender.createProducer(queue(sender)).send(message);
        message.setBooleanProperty("wanted", true);
        sender.createProducer(queue(sender)).send(message);

        assertThat(seen()).isEqualTo("a");
        session.close();
        assertThat(drain("orders")).containsExactly("a");
    }
}
