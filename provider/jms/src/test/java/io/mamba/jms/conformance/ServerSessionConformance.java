package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connection consumers, server sessions and the listener of a session itself. */
abstract class ServerSessionConformance extends Conformance {
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private Object seen() throws InterruptedException {
        Object next = seen.poll(SOON, TimeUnit.MILLISECONDS);
        return next == null ? "nothing" : next;
    }

    /** What the listeners of a pool do. */
    private interface Work {
        void on(Session session, Message message) throws Exception;
    }

    /** An application server's pool: as many sessions as it is given, each run by a thread of its own. */
    private final class Pool implements ServerSessionPool {
        private final BlockingQueue<Pooled> free = new LinkedBlockingQueue<>();
        private final List<Pooled> all = new ArrayList<>();
        private final AtomicInteger failures = new AtomicInteger();

        Pool(Connection connection, int mode, int size, Work work) throws JMSException {
            for (int i = 0; i < size; i++) {
                all.add(new Pooled(this, connection.createSession(mode), work));
            }
            free.addAll(all);
        }

        @Override
        public ServerSession getServerSession() throws JMSException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new JMSException("no session today");
            }
            try {
                return free.take();
            } catch (InterruptedException e) {
                throw new JMSException("interrupted");
            }
        }
    }

    private final class Pooled implements ServerSession {
        private final Pool pool;
        private final Session session;

        Pooled(Pool pool, Session session, Work work) throws JMSException {
            this.pool = pool;
            this.session = session;
            session.setMessageListener(message -> {
                try {
                    work.on(session, message);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    seen.add(e);
                }
            });
        }

        @Override
        public Session getSession() {
            return session;
        }

        @Override
        public void start() {
            new Thread(() -> {
                        session.run();
                        pool.free.add(this);
                    })
                    .start();
        }
    }

    private Work noting() {
        return (session, message) -> seen.add(text(message));
    }

    @Test
    void aConnectionConsumerFeedsTheSessionsOfItsPool() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, noting());
        Session sender = session();
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a", "b", "c");

        assertThat(List.of(seen(), seen(), seen())).containsExactly("a", "b", "c");
        assertThat(consumer.getServerSessionPool()).isSameAs(pool);
        consumer.close();
        connection.close();
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void severalSessionsOfThePoolWorkAtTheSameTime() throws Exception {
        Connection connection = connection();
        CountDownLatch bothIn = new CountDownLatch(2);
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 2, (session, message) -> {
            bothIn.countDown();
            seen.add(bothIn.await(SOON, TimeUnit.MILLISECONDS));
        });
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a", "b");

        assertThat(List.of(seen(), seen())).containsExactly(true, true);
    }

    @Test
    void atMostSoManyMessagesAreLoadedAtATime() throws Exception {
        Connection connection = closing(factory().createConnection());
        AtomicInteger runs = new AtomicInteger();
        Session worker = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        worker.setMessageListener(message -> {
            try {
                seen.add(runs.get() + text(message));
            } catch (JMSException e) {
                seen.add(e);
            }
        });
        BlockingQueue<ServerSession> free = new LinkedBlockingQueue<>();
        free.add(new ServerSession() {
            @Override
            public Session getSession() {
                return worker;
            }

            @Override
            public void start() {
                runs.incrementAndGet();
                worker.run();
                free.add(this);
            }
        });
        Session sender = session();
        send(sender, queue(sender), "a", "b", "c", "d", "e");
        connection.createConnectionConsumer(
                queue(sender),
                null,
                () -> {
                    try {
                        return free.take();
                    } catch (InterruptedException e) {
                        throw new JMSException("interrupted");
                    }
                },
                2);
        connection.start();

        assertThat(List.of(seen(), seen(), seen(), seen(), seen())).containsExactly("1a", "1b", "2c", "2d", "3e");
    }

    @Test
    void aMessageThatItsListenerFailsComesAgain() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 2, (session, message) -> {
            seen.add(message.getIntProperty("JMSXDeliveryCount"));
            if (!message.getJMSRedelivered()) {
                throw new java.lang.IllegalStateException("not yet");
            }
        });
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");

        assertThat(List.of(seen(), seen())).containsExactly(1, 2);
        connection.close();
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aTransactedServerSessionCommitsAndRollsBack() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.SESSION_TRANSACTED, 2, (session, message) -> {
            send(session, session.createQueue("out"), text(message));
            if (message.getJMSRedelivered()) {
                session.commit();
                seen.add("committed");
            } else {
                session.rollback();
            }
        });
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");

        assertThat(seen()).isEqualTo("committed");
        assertThat(drain("out")).containsExactly("a");
    }

    @Test
    void aServerSessionWithClientAcknowledgementAcknowledgesItself() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.CLIENT_ACKNOWLEDGE, 1, (session, message) -> {
            if (text(message).equals("b")) {
                message.acknowledge();
            }
            seen.add(text(message));
        });
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a", "b", "c");

        assertThat(List.of(seen(), seen(), seen())).containsExactly("a", "b", "c");
        connection.close();
        assertThat(drain("orders")).containsExactly("c");
    }

    @Test
    void aConnectionConsumerTakesOnlyWhatItsSelectorMatches() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, noting());
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), "wanted", pool, 1);
        Message unwanted = sender.createTextMessage("a");
        Message wanted = sender.createTextMessage("b");
        wanted.setBooleanProperty("wanted", true);
        sender.createProducer(queue(sender)).send(unwanted);
        sender.createProducer(queue(sender)).send(wanted);

        assertThat(seen()).isEqualTo("b");
        connection.close();
        assertThat(drain("orders")).containsExactly("a");
    }

    @Test
    void aConnectionConsumerTakesFromEachKindOfSubscription() throws Exception {
        Connection connection = connection("client");
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 4, noting());
        Session sender = session();
        Topic topic = topic(sender);
        connection.createConnectionConsumer(topic, null, pool, 1);
        connection.createSharedConnectionConsumer(topic, "shared", null, pool, 1);
        ConnectionConsumer durable = connection.createDurableConnectionConsumer(topic, "durable", null, pool, 1);
        connection.createSharedDurableConnectionConsumer(topic, "both", null, pool, 1);
        send(sender, topic, "a");

        assertThat(List.of(seen(), seen(), seen(), seen())).containsOnly("a");
        durable.close();
        send(sender, topic, "b");
        assertThat(List.of(seen(), seen(), seen())).containsOnly("b");
        connection.createDurableConnectionConsumer(topic, "durable", null, pool, 1);
        assertThat(seen()).isEqualTo("b");
    }

    @Test
    void aPoolThatFailsIsReportedAndTheMessageGoesBack() throws Exception {
        Connection connection = connection();
        connection.setExceptionListener(failure -> seen.add(failure.getMessage()));
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> {
            seen.add(message.getIntProperty("JMSXDeliveryCount"));
        });
        pool.failures.set(1);
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");

        assertThat(seen()).asString().contains("no session today");
        assertThat(seen()).isEqualTo(1);
    }

    @Test
    void aServerSessionOfAnotherConnectionIsReported() throws Exception {
        Connection connection = connection();
        connection.setExceptionListener(failure -> seen.add(failure));
        Pool pool = new Pool(connection(), Session.AUTO_ACKNOWLEDGE, 1, noting());
        Session sender = session();
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");

        assertThat(seen()).isInstanceOf(JMSException.class);
        consumer.close();
        assertThat(drain("orders")).containsExactly("a");
    }

    @Test
    void closingGivesBackWhatWaitsForThePool() throws Exception {
        Connection connection = connection();
        CountDownLatch leave = new CountDownLatch(1);
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> {
            seen.add(text(message));
            seen.add(leave.await(SOON, TimeUnit.MILLISECONDS));
        });
        Session sender = session();
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a", "b");
        assertThat(seen()).isEqualTo("a");

        consumer.close();
        assertThat(drain("orders")).containsExactly("b");
        leave.countDown();
        assertThat(seen()).isEqualTo(true);
        assertThatThrownBy(consumer::getServerSessionPool).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingIsDeliveredWhileTheConnectionIsStopped() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, noting());
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");
        assertThat(seen()).isEqualTo("a");

        connection.stop();
        send(sender, queue(sender), "b");
        MessageConsumer other = sender.createConsumer(queue(sender));
        assertThat(nextText(other)).isEqualTo("b");
        other.close();
        connection.start();
        send(sender, queue(sender), "c");

        assertThat(seen()).isEqualTo("c");
    }

    @Test
    void aSessionWithAListenerOfItsOwnReceivesInNoOtherWay() throws Exception {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(queue(session));
        session.setMessageListener(message -> seen.add(message));

        assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> consumer.setMessageListener(message -> seen.add(message)))
                .isInstanceOf(IllegalStateException.class);
        send(session, queue(session), "a");
        session.setMessageListener(null);
        assertThat(session.getMessageListener()).isNull();
        assertThat(nextText(consumer)).isEqualTo("a");
        session.close();
        assertThatThrownBy(session::run).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void aServerSessionMayNotCloseItsSessionFromWithin() throws Exception {
        Connection connection = connection();
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> {
            assertThatThrownBy(session::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(connection::close).isInstanceOf(IllegalStateException.class);
            seen.add("refused");
        });
        Session sender = session();
        connection.createConnectionConsumer(queue(sender), null, pool, 1);
        send(sender, queue(sender), "a");

        assertThat(seen()).isEqualTo("refused");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        Connection connection = connection();
        Session session = session();
        Queue queue = queue(session);
        Topic topic = topic(session);
        Pool pool = new Pool(connection, Session.AUTO_ACKNOWLEDGE, 1, noting());

        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, null, null, 1))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, null, pool, 0))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, "no selector", pool, 1))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> connection.createConnectionConsumer(null, null, pool, 1))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> connection.createDurableConnectionConsumer(topic, "durable", null, pool, 1))
                .isInstanceOf(IllegalStateException.class);
        try (Connection queues = factory().createQueueConnection()) {
            assertThatThrownBy(() -> queues.createDurableConnectionConsumer(topic, "durable", null, pool, 1))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> queues.createSharedConnectionConsumer(topic, "shared", null, pool, 1))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> queues.createSharedDurableConnectionConsumer(topic, "both", null, pool, 1))
                    .isInstanceOf(IllegalStateException.class);
        }
        connection.close();
        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, null, pool, 1))
                .isInstanceOf(IllegalStateException.class);
    }
}
