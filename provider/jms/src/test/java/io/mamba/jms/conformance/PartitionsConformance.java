package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.WhenFull;
import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaTopic;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Destinations of several partitions: they differ in nothing but order, which holds for a session and for a group. */
abstract class PartitionsConformance extends Conformance {
    private static final DestinationSettings FOUR = DestinationSettings.NONE.partitions(4);
    private static final int SESSIONS = 6;
    private static final int EACH = 5;

    @BeforeEach
    void createThem() {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.create("queue://wide", FOUR);
            admin.create("topic://wide", FOUR.retainFor(Duration.ofHours(1)));
        }
    }

    private static Queue wide(Session session) throws JMSException {
        return session.createQueue("wide");
    }

    private static Topic wideTopic(Session session) throws JMSException {
        return session.createTopic("wide");
    }

    /** Sessions of all partitions send {@code <session>-<number>}. @return all of them */
    private List<String> sendByMany(boolean toQueue) throws JMSException {
        List<String> all = new ArrayList<>();
        Connection connection = connection();
        for (int number = 0; number < SESSIONS; number++) {
            Session session = connection.createSession();
            for (int i = 0; i < EACH; i++) {
                String text = number + "-" + i;
                send(session, toQueue ? wide(session) : wideTopic(session), text);
                all.add(text);
            }
        }
        return all;
    }

    private static void assertInOrderOfSessions(List<String> received) {
        Map<String, List<String>> bySession = new TreeMap<>();
        received.forEach(text -> bySession
                .computeIfAbsent(text.split("-", 2)[0], any -> new ArrayList<>())
                .add(text));
        bySession.forEach((session, texts) -> assertThat(texts)
                .containsExactlyElementsOf(IntStream.range(0, EACH)
                        .mapToObj(i -> session + "-" + i)
                        .toList()));
    }

    @Test
    void aConsumerGetsWhatAllSessionsHaveSentInTheOrderOfEach() throws JMSException {
        List<String> sent = sendByMany(true);
        Session session = session();

        List<String> received = drain(session.createConsumer(wide(session)));

        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        assertInOrderOfSessions(received);
    }

    @Test
    void aConsumerThatWaitsGetsAMessageOfAnyPartition() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(wide(session));
        Connection senders = connection();
        for (int number = 0; number < SESSIONS; number++) {
            Session sender = senders.createSession();
            CompletableFuture<Message> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return next(consumer);
                } catch (JMSException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            send(sender, wide(sender), "message " + number);
            assertThat(text(waiting.join())).isEqualTo("message " + number);
        }
    }

    @Test
    void aListenerGetsWhatAllSessionsHaveSentAndSend() throws Exception {
        List<String> sent = new ArrayList<>(sendByMany(true));
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Session session = session();
        session.createConsumer(wide(session)).setMessageListener(message -> received.add(textOf(message)));
        sent.addAll(sendByMany(true));

        List<String> got = new ArrayList<>();
        while (got.size() < sent.size()) {
            String text = received.poll(SOON, TimeUnit.MILLISECONDS);
            assertThat(text).as("after %s", got).isNotNull();
            got.add(text);
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(received).isEmpty();
    }

    private static String textOf(Message message) {
        try {
            return text(message);
        } catch (JMSException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void consumersShareWhatIsThereAndEachMessageGoesToOne() throws JMSException {
        List<String> sent = sendByMany(true);
        Session one = session();
        Session two = session();
        MessageConsumer first = one.createConsumer(wide(one));
        MessageConsumer second = two.createConsumer(wide(two));
        List<String> received = new ArrayList<>();
        while (received.size() < sent.size()) {
            received.add(nextText(received.size() % 2 == 0 ? first : second));
        }

        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aGroupStaysInOrderWhoeverSends() throws JMSException {
        Connection connection = connection();
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(connection.createSession());
        }
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 3 * SESSIONS; i++) {
            Session session = sessions.get(i % SESSIONS);
            Message message = session.createTextMessage("step " + i);
            message.setStringProperty("JMSXGroupID", "order 4711");
            session.createProducer(wide(session)).send(message);
            sent.add("step " + i);
        }

        assertThat(drain("wide")).isEqualTo(sent);
    }

    @Test
    void aTransactionTakesFromAllPartitionsAndGivesBackToThem() throws JMSException {
        List<String> sent = sendByMany(true);
        Session session = session(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(wide(session));
        assertThat(drain(consumer)).containsExactlyInAnyOrderElementsOf(sent);
        session.rollback();

        List<String> again = drain(consumer);
        assertThat(again).containsExactlyInAnyOrderElementsOf(sent);
        assertInOrderOfSessions(again);
        session.commit();

        assertThat(drain(consumer)).isEmpty();
    }

    @Test
    void whatFailsGoesToTheDeadLetterQueueAndComesBack() throws JMSException {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.change("queue://wide", FOUR.maxDeliveries(1));
            List<String> sent = sendByMany(true);
            Session session = session(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = session.createConsumer(wide(session));
            assertThat(drain(consumer)).containsExactlyInAnyOrderElementsOf(sent);
            session.rollback();
            assertThat(consumer.receiveNoWait()).isNull();
            Session other = session();
            MessageConsumer dead = other.createConsumer(other.createQueue("DLQ.wide"));
            Message letter = next(dead);
            assertThat(letter.getStringProperty("JMS_Mamba_Origin")).isEqualTo("queue://wide");
            sent.remove(text(letter));
            dead.close();

            for (int back = 0; back < sent.size(); ) { // what is buried is written after the rollback
                back += admin.redrive("queue://wide");
            }

            List<String> received = new ArrayList<>();
            while (received.size() < sent.size()) {
                received.add(nextText(consumer));
            }
            assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void aSubscriptionGetsWhatAllSessionsSendAlsoWhileItIsClosed() throws JMSException {
        Session session = session();
        MessageConsumer plain = session.createConsumer(wideTopic(session));
        session.createSharedDurableConsumer(wideTopic(session), "audit").close();
        List<String> sent = sendByMany(false);

        List<String> received = drain(session.createSharedDurableConsumer(wideTopic(session), "audit"));
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        assertInOrderOfSessions(received);
        assertThat(drain(plain)).containsExactlyInAnyOrderElementsOf(sent);
        MambaTopic all = new MambaTopic("wide");
        all.setStartFrom("earliest");
        assertThat(drain(session.createConsumer(all))).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aSubscriptionEndsInAllPartitions() throws JMSException {
        Session session = session();
        session.createSharedDurableConsumer(wideTopic(session), "audit").close();
        sendByMany(false);
        session.unsubscribe("audit");

        assertThat(drain(session.createSharedDurableConsumer(wideTopic(session), "audit")))
                .isEmpty();
    }

    @Test
    void aSubscriptionIsMovedInAllPartitionsButNotToAPosition() throws JMSException {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            Session session = session();
            MessageConsumer consumer = session.createSharedDurableConsumer(wideTopic(session), "audit");
            List<String> sent = sendByMany(false);
            drain(consumer);

            assertThatThrownBy(() -> admin.moveSubscription(null, "audit", StartFrom.position(3)))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContaining("topic://wide has several");
            assertThat(admin.moveSubscription(null, "audit", StartFrom.EARLIEST).again())
                    .isEqualTo(sent.size());

            assertThat(drain(consumer)).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void administratorsSeeTheWholeDestination() throws JMSException {
        List<String> sent = sendByMany(true);
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            assertThat(admin.describe("queue://wide").depth()).isEqualTo(sent.size());
            assertThat(admin.destinations())
                    .filteredOn(info -> info.name().contains("wide"))
                    .hasSize(2);
            assertThat(admin.browse("queue://wide", null, 100)).hasSize(sent.size());
            Session session = session();
            assertThat(listed(session.createBrowser(wide(session)).getEnumeration()))
                    .hasSize(sent.size());

            assertThat(admin.move("queue://wide", "queue://other", null)).isEqualTo(sent.size());
            assertThat(admin.move("queue://other", "queue://wide", null)).isEqualTo(sent.size());
            assertThat(admin.purge("queue://wide")).isEqualTo(sent.size());
            assertThat(admin.describe("queue://wide").depth()).isZero();
        }
    }

    @Test
    void limitsHoldInEachPartitionWhichErrorsName() throws JMSException {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.create("queue://narrow", FOUR.maxMessages(1).whenFull(WhenFull.REFUSE));
        }
        Session session = session();
        MessageProducer producer = session.createProducer(session.createQueue("narrow"));
        List<String> refusals = new ArrayList<>();
        for (int group = 0; group < 20; group++) {
            Message message = session.createMessage();
            message.setStringProperty("JMSXGroupID", "group " + group);
            try {
                producer.send(message);
            } catch (ResourceAllocationException refused) {
                refusals.add(refused.getMessage());
            }
        }
        assertThat(refusals).hasSize(20 - 4);
        for (int partition = 1; partition < 4; partition++) {
            String named = "queue://narrow, partition " + partition + " is full (1 of at most 1 messages)";
            assertThat(refusals).anySatisfy(refusal -> assertThat(refusal).contains(named));
        }
    }

    @Test
    void whatWaitsIsThereAfterARestart() throws JMSException {
        List<String> sent;
        try (Connection connection = factory().createConnection()) {
            Session session = connection.createSession();
            session.createSharedDurableConsumer(wideTopic(session), "audit").close();
            sent = sendByMany(true);
            sendByMany(false);
        }
        assertThat(sent).isNotEmpty();
        closeEverything();

        Session session = session();
        List<String> received = drain(session.createConsumer(wide(session)));
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        assertInOrderOfSessions(received);
        assertThat(drain(session.createSharedDurableConsumer(wideTopic(session), "audit")))
                .containsExactlyInAnyOrderElementsOf(sent);
        closeEverything();

        assertThat(drain("wide")).isEmpty();
    }

    private void closeEverything() {
        try {
            closeAll();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void theNumberOfPartitionsIsKept() {
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            assertThatThrownBy(() -> admin.change("queue://wide", DestinationSettings.NONE.partitions(5)))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContaining("queue://wide was to have partitions=5, but its topic has 4");

            admin.change("queue://wide", DestinationSettings.NONE.maxMessages(10));
            admin.change("queue://wide", FOUR);
        }
    }

    @Test
    void aDestinationThatIsDeletedIsGoneInAllPartitions() throws JMSException {
        sendByMany(true);
        sendByMany(false);
        try (MambaAdmin admin = MambaAdmin.open(url())) {
            admin.delete("queue://wide");
            admin.delete("topic://wide");
            assertThat(admin.destinations()).noneMatch(info -> info.name().contains("wide"));
            admin.create("queue://wide", FOUR);

            assertThat(admin.describe("queue://wide").depth()).isZero();
        }
        List<String> sent = sendByMany(true);
        assertThat(drain("wide")).containsExactlyInAnyOrderElementsOf(sent);
    }
}
