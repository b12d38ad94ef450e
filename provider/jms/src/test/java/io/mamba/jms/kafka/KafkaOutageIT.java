package io.mamba.jms.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.cluster.KafkaCluster;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster that is away when it is wanted, goes away, and comes back. */
final class KafkaOutageIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    /** How long a call goes on trying: shorter than a program would want it. */
    private static final String PATIENCE = "&kafka.default.api.timeout.ms=4000&kafka.request.timeout.ms=2000"
            + "&kafka.delivery.timeout.ms=4000&kafka.max.block.ms=4000";

    private final KafkaCluster cluster = KafkaCluster.oneBroker();
    private final MambaConnectionFactory factory =
            new MambaConnectionFactory("mamba:kafka://" + cluster.bootstrap() + "?node=outage" + PATIENCE);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void send(Session session, String text) throws JMSException {
        session.createProducer(session.createQueue("orders")).send(session.createTextMessage(text));
    }

    private static void expectUnavailable(ThrowingRunnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        JMSException.class,
                        refused -> assertThat(refused.getErrorCode()).isEqualTo("UNAVAILABLE"));
    }

    private interface ThrowingRunnable {
        void run() throws JMSException;
    }

    private void listen(Connection connection) throws JMSException {
        Session session = connection.createSession();
        session.createConsumer(session.createQueue("orders")).setMessageListener(message -> {
            try {
                received.add(Station.text(message));
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aConnectionIsRefusedWhileTheClusterIsAwayAndOpensWhenItIsThere() throws Exception {
        cluster.kill(1);
        Instant begin = Instant.now();

        expectUnavailable(() -> factory.createConnection().close());

        assertThat(Duration.between(begin, Instant.now())).isLessThan(SOON);
        cluster.restart(1);
        cluster.awaitReady();
        try (Connection connection = factory.createConnection()) {
            connection.start();
            listen(connection);
            send(connection.createSession(), "hello");
            assertThat(received.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void whatIsOpenHearsOfAnOutageFailsMeanwhileAndGoesOnByItself() throws Exception {
        BlockingQueue<JMSException> told = new LinkedBlockingQueue<>();
        try (Connection connection = factory.createConnection()) {
            connection.setExceptionListener(told::add);
            connection.start();
            listen(connection);
            Session session = connection.createSession();
            Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
            Session waiting = connection.createSession();
            MessageConsumer stock = waiting.createConsumer(waiting.createQueue("stock"));
            CompletableFuture<String> blocked = CompletableFuture.supplyAsync(() -> {
                try (MessageConsumer consumer = stock) {
                    return Station.text(consumer.receive());
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            });
            send(session, "before");
            assertThat(received.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("before");

            cluster.kill(1);
            expectUnavailable(() -> send(session, "lost"));
            send(transacted, "lost too");
            expectUnavailable(transacted::commit);
            JMSException outage = told.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(outage).isNotNull();
            assertThat(outage.getErrorCode()).isEqualTo("UNAVAILABLE");
            cluster.restart(1);
            cluster.awaitReady();

            Instant back = Instant.now();
            await().atMost(SOON).ignoreExceptionsInstanceOf(JMSException.class).until(() -> {
                send(session, "after");
                return true;
            });
            await().atMost(SOON).until(() -> "after".equals(received.poll(1, TimeUnit.SECONDS)));
            transacted.rollback();
            transacted.createProducer(transacted.createQueue("stock")).send(transacted.createTextMessage("committed"));
            transacted.commit();
            assertThat(blocked.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("committed");
            System.out.println("all went on "
                    + Duration.between(back, Instant.now()).toMillis() + " ms after the cluster was back");
            assertThat(told).isEmpty();
        }
    }
}
