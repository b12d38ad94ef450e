package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.MambaException;
import io.mamba.WhenFull;
import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Limits of a destination: what a program sees that sends to a full one, and where old and late messages go. */
abstract class LimitsConformance extends Conformance {
    private static final DestinationSettings TWO = DestinationSettings.NONE.maxMessages(2);
    private static final DestinationSettings REFUSING = TWO.whenFull(WhenFull.REFUSE);

    private void orders(DestinationSettings settings) {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.create("queue://orders", settings);
        }
    }

    /** Sends in a thread of its own; the future completes when send has returned. */
    private static CompletableFuture<Void> sending(Session session, String text) {
        return CompletableFuture.runAsync(() -> {
            try {
                send(session, queue(session), text);
            } catch (JMSException refused) {
                throw new CompletionException(refused);
            }
        });
    }

    @Test
    void aFullDestinationRefusesAndNamesItselfItsSizeAndItsLimit() throws JMSException {
        orders(REFUSING);
        Session session = session();
        send(session, queue(session), "a", "b");

        assertThatThrownBy(() -> send(session, queue(session), "c"))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContaining("queue://orders is full (2 of at most 2 messages)");
        MessageProducer producer = session.createProducer(queue(session));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        assertThatThrownBy(() -> producer.send(session.createTextMessage("c")))
                .isInstanceOf(ResourceAllocationException.class);
        JMSContext context = context();
        assertThatThrownBy(() -> context.createProducer().send(context.createQueue("orders"), "c"))
                .isInstanceOf(ResourceAllocationRuntimeException.class);
        assertThatThrownBy(() -> producer.send(session.createTextMessage("c"), new CompletionListener() {
                    @Override
                    public void onCompletion(Message message) {}

                    @Override
                    public void onException(Message message, Exception exception) {}
                }))
                .isInstanceOf(ResourceAllocationException.class);

        assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("a");
        send(session, queue(session), "c");
    }

    @Test
    void aFullDestinationByTheUrlRefusesToo() throws JMSException {
        try (var connection = new MambaConnectionFactory(url("maxMessages=1&whenFull=refuse")).createConnection()) {
            Session session = connection.createSession();
            send(session, queue(session), "a");
            assertThatThrownBy(() -> send(session, queue(session), "b"))
                    .isInstanceOf(ResourceAllocationException.class);
        }
    }

    @Test
    void aSendWaitsUntilAMessageIsAcknowledged() throws Exception {
        orders(TWO);
        Session session = session();
        send(session, queue(session), "a", "b");
        Session consuming = session(Session.CLIENT_ACKNOWLEDGE);
        Message first = next(consuming.createConsumer(queue(consuming)));
        CompletableFuture<Void> waits = sending(session, "c");
        assertThatThrownBy(() -> waits.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        first.acknowledge();

        waits.get(SOON, TimeUnit.MILLISECONDS);
    }

    @Test
    void anAdministratorSeesTheLimitsAndRaisesThemForThoseWhoWait() throws Exception {
        orders(TWO);
        Session session = session();
        send(session, queue(session), "a", "b");
        CompletableFuture<Void> waits = sending(session, "c");
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            DestinationSettings before = admin.describe("queue://orders").settings();
            assertThat(before).isEqualTo(TWO);

            admin.change("queue://orders", before.maxMessages(3));

            assertThat(admin.describe("queue://orders").settings().maxMessages())
                    .contains(3L);
        }
        waits.get(SOON, TimeUnit.MILLISECONDS);
        assertThat(drain("orders")).containsExactly("a", "b", "c");
    }

    @Test
    void aSendIsRefusedAfterTheSendTimeout() throws JMSException {
        orders(TWO.sendTimeout(Duration.ofMillis(30)));
        Session session = session();
        send(session, queue(session), "a", "b");

        assertThatThrownBy(() -> send(session, queue(session), "c"))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContaining("after it had waited for 30 ms");
    }

    @Test
    void aSendThatWaitsIsEndedByClosingItsConnection() throws Exception {
        orders(TWO);
        Session session = session();
        send(session, queue(session), "a", "b");
        var closing = connection();
        Session waiting = closing.createSession();
        CompletableFuture<Void> waits = sending(waiting, "c");
        assertThatThrownBy(() -> waits.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        closing.close();

        assertThatThrownBy(() -> waits.get(SOON, TimeUnit.MILLISECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(MambaException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class);
        assertThat(drain("orders")).containsExactly("a", "b");
    }

    @Test
    void aListenerThatWaitsForRoomDoesNotKeepItsSessionFromClosing() throws Exception {
        orders(TWO);
        Session session = session();
        send(session, queue(session), "a", "b");
        send(session, session.createQueue("more"), "x");
        var connection = connection();
        Session listening = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        CountDownLatch got = new CountDownLatch(1);
        listening.createConsumer(listening.createQueue("more")).setMessageListener(message -> {
            got.countDown();
            try {
                send(listening, queue(listening), "c");
            } catch (JMSException refused) {
                throw new java.lang.IllegalStateException(refused);
            }
        });
        assertThat(got.await(SOON, TimeUnit.MILLISECONDS)).isTrue();

        CompletableFuture.runAsync(() -> {
                    try {
                        connection.close();
                    } catch (JMSException e) {
                        throw new CompletionException(e);
                    }
                })
                .get(SOON, TimeUnit.MILLISECONDS);

        assertThat(drain("orders")).containsExactly("a", "b");
        assertThat(drain("more")).containsExactly("x");
    }

    @Test
    void aTransactionThatFindsNoRoomIsRolledBackWhole() throws JMSException {
        orders(REFUSING);
        Session session = session();
        send(session, queue(session), "a", "b");
        send(session, session.createQueue("inbox"), "x");
        Session transacted = session(Session.SESSION_TRANSACTED);
        MessageConsumer inbox = transacted.createConsumer(transacted.createQueue("inbox"));
        assertThat(nextText(inbox)).isEqualTo("x");
        send(transacted, queue(transacted), "c");
        send(transacted, transacted.createQueue("others"), "c");

        assertThatThrownBy(transacted::commit)
                .isInstanceOf(TransactionRolledBackException.class)
                .hasMessageContaining("queue://orders is full (2 of at most 2 messages)");

        Message again = next(inbox);
        assertThat(text(again)).isEqualTo("x");
        assertThat(again.getJMSRedelivered()).isTrue();
        transacted.rollback();
        assertThat(drain("others")).isEmpty();
    }

    @Test
    void aTransactionMayReceiveFromAFullQueueAndSendToIt() throws JMSException {
        orders(TWO);
        Session transacted = session(Session.SESSION_TRANSACTED);
        send(transacted, queue(transacted), "a", "b");
        transacted.commit();
        MessageConsumer consumer = transacted.createConsumer(queue(transacted));

        assertThat(nextText(consumer)).isEqualTo("a");
        send(transacted, queue(transacted), "c");
        transacted.commit();
        consumer.close();

        assertThat(drain("orders")).containsExactly("b", "c");
    }

    @Test
    void theOldestMessagesGoToTheDeadLettersWithTheirCause() throws JMSException {
        orders(TWO.whenFull(WhenFull.OLDEST_TO_DLQ));
        Session session = session();
        send(session, queue(session), "a", "b", "c");

        Message dead = next(session.createConsumer(session.createQueue("DLQ.orders")));
        assertThat(text(dead)).isEqualTo("a");
        assertThat(dead.getStringProperty("JMS_Mamba_Origin")).isEqualTo("queue://orders");
        assertThat(dead.getStringProperty("JMS_Mamba_Cause")).contains("was full");
        assertThat(drain("orders")).containsExactly("b", "c");
    }

    @Test
    void aMessageExpiresAtTheAgeThatItsDestinationAllows() throws JMSException {
        orders(DestinationSettings.NONE.maxAge(Duration.ofMinutes(1)));
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        TextMessage open = session.createTextMessage("a");
        TextMessage shorter = session.createTextMessage("b");

        producer.send(open);
        producer.setTimeToLive(10_000);
        producer.send(shorter);

        assertThat(open.getJMSExpiration()).isEqualTo(open.getJMSTimestamp() + 60_000);
        assertThat(shorter.getJMSExpiration()).isEqualTo(shorter.getJMSTimestamp() + 10_000);
        assertThat(next(session.createConsumer(queue(session))).getJMSExpiration())
                .isEqualTo(open.getJMSExpiration());
    }

    @Test
    void anExpiredMessageGoesToTheExpiryDestination() throws JMSException {
        orders(DestinationSettings.NONE.expiryDestination("queue://late"));
        Session session = session();
        MessageProducer producer = session.createProducer(queue(session));
        producer.setTimeToLive(1);
        producer.send(session.createTextMessage("a"));

        Message late = next(session.createConsumer(session.createQueue("late")));

        assertThat(text(late)).isEqualTo("a");
        assertThat(late.getJMSExpiration()).isZero();
        assertThat(late.getStringProperty("JMS_Mamba_Origin")).isEqualTo("queue://orders");
        assertThat(late.getStringProperty("JMS_Mamba_Cause")).startsWith("Expired at ");
        assertThat(drain("orders")).isEmpty();
    }

    @Test
    void aSlowSubscriptionLimitsItsTopic() throws JMSException {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.create("topic://prices", REFUSING);
        }
        Session session = connection("c").createSession();
        MessageConsumer slow = session.createDurableConsumer(topic(session), "slow");
        MessageConsumer fast = session.createConsumer(topic(session));
        send(session, topic(session), "a", "b");
        assertThat(drain(fast)).containsExactly("a", "b");

        assertThatThrownBy(() -> send(session, topic(session), "c")).isInstanceOf(ResourceAllocationException.class);
        assertThat(nextText(slow)).isEqualTo("a");
        send(session, topic(session), "c");
    }
}
