package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.admin.DestinationInfo;
import io.mamba.admin.MambaAdmin;
import io.mamba.admin.MessageInfo;
import io.mamba.admin.SubscriptionInfo;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;

/** What an administrator does to destinations, subscriptions and messages. */
abstract class AdministrationConformance extends Conformance {
    private record Branch(String name) implements Xid {
        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return name.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }

    private MambaAdmin admin() {
        return closing(MambaAdmin.open(url()));
    }

    private static void sendColored(Session session, String color, String text) throws JMSException {
        TextMessage message = session.createTextMessage(text);
        message.setStringProperty("color", color);
        try (MessageProducer producer = session.createProducer(queue(session))) {
            producer.send(message);
        }
    }

    @Test
    void aDestinationSaysHowManyOfItsMessagesWereSettled() throws JMSException {
        Session session = session();
        Queue orders = queue(session);
        send(session, orders, "a", "b", "c");
        MessageConsumer consumer = session.createConsumer(orders);
        consumer.receive(TimeUnit.SECONDS.toMillis(30));
        consumer.receive(TimeUnit.SECONDS.toMillis(30));
        consumer.close();

        DestinationInfo info = admin().describe("queue://orders");

        assertThat(info.settled()).isEqualTo(2);
        assertThat(info.depth() + info.inFlight()).isEqualTo(1);
    }

    @Test
    void aDeletedQueueIsGoneWithWhatItHeld() throws JMSException {
        Session session = session();
        send(session, queue(session), "a", "b");
        MambaAdmin admin = admin();

        admin.delete("queue://orders");

        assertThat(admin.destinations()).extracting(DestinationInfo::name).doesNotContain("queue://orders");
        assertThatThrownBy(() -> admin.describe("queue://orders"))
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DESTINATION));
    }

    @Test
    void aDeletedQueueStaysGoneAfterARestart() throws JMSException {
        try (var connection = factory().createConnection()) {
            Session session = connection.createSession();
            send(session, queue(session), "a", "b");
            try (MambaAdmin admin = MambaAdmin.open(url())) {
                admin.delete("queue://orders");
            }
        }

        assertThat(admin().destinations()).extracting(DestinationInfo::name).doesNotContain("queue://orders");
    }

    @Test
    void aQueueOfTheSameNameBeginsEmptyAlsoAfterARestart() throws JMSException {
        try (var connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            send(session, queue(session), "old", "older");
            assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("old");
            try (MambaAdmin admin = MambaAdmin.open(url())) {
                admin.delete("queue://orders");
            }

            send(session, queue(session), "new", "newer");
            assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("new");
        }

        assertThat(drain("orders")).containsExactly("newer");
    }

    @Test
    void aConsumerOfADeletedQueueIsTold() throws Exception {
        Session session = session();
        MessageConsumer waiting = session.createConsumer(queue(session));
        CompletableFuture<Message> received = CompletableFuture.supplyAsync(() -> {
            try {
                return waiting.receive();
            } catch (JMSException told) {
                throw new IllegalArgumentException(told);
            }
        });

        admin().delete("queue://orders");

        assertThat(received)
                .failsWithin(SOON, TimeUnit.MILLISECONDS)
                .withThrowableThat()
                .withRootCauseInstanceOf(MambaException.class)
                .withMessageContaining("was deleted by an administrator");
        assertThatThrownBy(waiting::receiveNoWait).isInstanceOf(InvalidDestinationException.class);
        waiting.close();
    }

    @Test
    void whatAConsumerHoldsOfADeletedQueueCanBeFinished() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        send(session, queue(session), "a");
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue(session));
        next(consumer);

        admin().delete("queue://orders");
        session.commit();

        consumer.close();
        send(session, queue(session), "b");
        session.commit();
        assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("b");
    }

    @Test
    void aQueueWithMessagesInDoubtIsNotDeleted() throws JMSException, XAException {
        send(session(), queue(session()), "a");
        XAConnection connection = closing(factory().createXAConnection());
        connection.start();
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        Xid branch = new Branch("payment");
        resource.start(branch, XAResource.TMNOFLAGS);
        next(session.createConsumer(queue(session)));
        resource.end(branch, XAResource.TMSUCCESS);
        resource.prepare(branch);
        MambaAdmin admin = admin();

        assertThatThrownBy(() -> admin.delete("queue://orders"))
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("in doubt");

        resource.rollback(branch);
        assertThat(drain("orders")).containsExactly("a");
        admin.delete("queue://orders");
    }

    @Test
    void aDeletedTopicTakesItsSubscriptionsWithIt() throws JMSException {
        try (var connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            session.createSharedDurableConsumer(topic(session), "watch").close();
            send(session, topic(session), "old");
            try (MambaAdmin admin = MambaAdmin.open(url())) {
                admin.delete("topic://prices");
                assertThat(admin.subscriptions()).isEmpty();
            }
        }

        assertThat(admin().subscriptions()).isEmpty();
        Session session = session();
        MessageConsumer fresh = session.createSharedDurableConsumer(topic(session), "watch");
        assertThat(fresh.receiveNoWait()).isNull();
        send(session, topic(session), "new");
        assertThat(nextText(fresh)).isEqualTo("new");
    }

    @Test
    void subscriptionsAreListed() throws JMSException {
        Session session = connection("client/1").createSession();
        session.createDurableSubscriber(topic(session), "nightly", "color = 'red'", false)
                .close();
        session.createSharedConsumer(topic(session), "live");
        send(session, topic(session), "a");

        assertThat(admin().subscriptions())
                .containsExactlyInAnyOrder(
                        new SubscriptionInfo(
                                "client/1", "nightly", "topic://prices", false, true, "color = 'red'", 0, 0, 0),
                        new SubscriptionInfo("client/1", "live", "topic://prices", true, false, null, 1, 1, 0));
    }

    @Test
    void aSubscriptionIsDeletedWhileAForgottenConsumerIsOpen() throws JMSException {
        Session session = session();
        MessageConsumer forgotten = session.createSharedDurableConsumer(topic(session), "watch");
        send(session, topic(session), "a");
        MambaAdmin admin = admin();

        admin.delete(admin.subscriptions().get(0));

        assertThat(admin.subscriptions()).isEmpty();
        assertThatThrownBy(forgotten::receiveNoWait).isInstanceOf(InvalidDestinationException.class);
        MessageConsumer fresh = session.createSharedDurableConsumer(topic(session), "watch");
        assertThat(fresh.receiveNoWait()).isNull();
        forgotten.close();
        send(session, topic(session), "b");
        assertThat(nextText(fresh)).isEqualTo("b");
    }

    @Test
    void browsingShowsWhatWaitsAndTakesNothing() throws JMSException {
        Session session = session();
        sendColored(session, "red", "a");
        sendColored(session, "blue", "b");
        sendColored(session, "red", "c");
        MambaAdmin admin = admin();

        assertThat(admin.browse("queue://orders", null, 2))
                .extracting(MessageInfo::text)
                .containsExactly("a", "b");
        assertThat(admin.browse("queue://orders", "color = 'red'", 10))
                .hasSize(2)
                .allSatisfy(message -> {
                    assertThat(message.properties()).containsEntry("color", "red");
                    assertThat(message.id()).startsWith("ID:");
                    assertThat(message.bodyBytes()).isEqualTo(1);
                });
        assertThat(drain("orders")).containsExactly("a", "b", "c");
    }

    @Test
    void movingTakesWhatTheSelectorNames() throws JMSException {
        Session session = session();
        sendColored(session, "red", "a");
        sendColored(session, "blue", "b");
        sendColored(session, "red", "c");

        assertThat(admin().move("queue://orders", "queue://reds", "color = 'red'"))
                .isEqualTo(2);

        assertThat(drain("orders")).containsExactly("b");
        assertThat(drain("reds")).containsExactly("a", "c");
    }

    @Test
    void movingLeavesWhatAConsumerHolds() throws JMSException {
        Session session = session(Session.CLIENT_ACKNOWLEDGE);
        send(session, queue(session), "a", "b");
        Message held = next(session.createConsumer(queue(session)));

        assertThat(admin().move("queue://orders", "queue://elsewhere", null)).isEqualTo(1);

        held.acknowledge();
        assertThat(drain("elsewhere")).containsExactly("b");
        assertThatThrownBy(() -> admin().move("queue://orders", "queue://orders", null))
                .isInstanceOf(MambaException.class);
    }
}
