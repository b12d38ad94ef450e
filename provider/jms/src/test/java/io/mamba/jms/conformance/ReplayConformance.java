package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.MambaException;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaTopic;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stays after it was settled, and how subscriptions and queues get it again. */
abstract class ReplayConformance extends Conformance {
    private static final DestinationSettings AN_HOUR = DestinationSettings.NONE.retainFor(Duration.ofHours(1));
    private static final DestinationSettings A_MEBIBYTE = DestinationSettings.NONE.retainBytes(1L << 20);

    @SuppressWarnings("NullAway.Init") // set before each test
    private MambaAdmin admin;

    @BeforeEach
    void createDestinationsThatRetain() {
        admin = closing(MambaAdmin.open(url()));
        admin.create("topic://kept", AN_HOUR);
        admin.create("queue://kept", A_MEBIBYTE);
    }

    @Test
    void aSubscriptionStartsWithTheFirstMessageThatIsRetained() throws JMSException {
        Session session = session();
        send(session, kept(null), "a", "b");

        MessageConsumer all = session.createConsumer(kept("earliest"));
        MessageConsumer shared = session.createSharedConsumer(kept("earliest"), "workers");
        MessageConsumer later = session.createConsumer(kept(null));
        send(session, kept(null), "c");

        assertThat(drain(all)).containsExactly("a", "b", "c");
        assertThat(drain(shared)).containsExactly("a", "b", "c");
        assertThat(drain(later)).containsExactly("c");
    }

    @Test
    void aSubscriptionStartsAtATime() throws JMSException {
        Session session = session();
        send(session, kept(null), "a");
        Instant between = afterTheClockHasMovedOn();
        send(session, kept(null), "b");

        assertThat(drain(session.createConsumer(kept(between.toString())))).containsExactly("b");
    }

    @Test
    void aDurableSubscriptionStartsSomewhereOnceAndThenGoesOn() throws JMSException {
        Session session = session();
        send(session, kept(null), "a");
        try (MessageConsumer first = session.createSharedDurableConsumer(kept("earliest"), "audit")) {
            assertThat(drain(first)).containsExactly("a");
        }
        send(session, kept(null), "b");

        assertThat(drain(session.createSharedDurableConsumer(kept("earliest"), "audit")))
                .containsExactly("b");
    }

    @Test
    void aSubscriptionThatIsMovedBackGetsItsMessagesAsNewOnes() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createSharedDurableConsumer(kept(null), "audit");
        send(session, kept(null), "a", "b");
        assertThat(drain(consumer)).containsExactly("a", "b");

        Replayed replayed = admin.moveSubscription(null, "audit", StartFrom.EARLIEST);

        assertThat(replayed.again()).isEqualTo(2);
        assertThat(replayed.complete()).isTrue();
        Message again = next(consumer);
        assertThat(text(again)).isEqualTo("a");
        assertThat(again.getJMSRedelivered()).isFalse();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThat(drain(consumer)).containsExactly("b");
    }

    @Test
    void aSubscriptionThatIsMovedForwardSettlesWhatItSkips() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createSharedDurableConsumer(kept(null), "audit");
        send(session, kept(null), "a", "b");

        assertThat(admin.moveSubscription(null, "audit", StartFrom.LATEST).skipped())
                .isEqualTo(2);

        send(session, kept(null), "c");
        assertThat(drain(consumer)).containsExactly("c");
    }

    @Test
    void whatATransactionHasStaysWithItWhileTheSubscriptionIsMoved() throws JMSException {
        Session sending = session();
        Session session = session(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createSharedDurableConsumer(kept(null), "audit");
        send(sending, kept(null), "a", "b");
        assertThat(text(next(consumer))).isEqualTo("a");

        assertThat(admin.moveSubscription(null, "audit", StartFrom.EARLIEST).again())
                .isZero();

        session.commit();
        assertThat(text(next(consumer))).isEqualTo("b");
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    void aSubscriptionWithASelectorGetsAgainOnlyWhatItWants() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createSharedDurableConsumer(kept(null), "audit", "colour = 'blue'");
        Message blue = session.createTextMessage("blue");
        blue.setStringProperty("colour", "blue");
        session.createProducer(kept(null)).send(blue);
        send(session, kept(null), "other");
        assertThat(drain(consumer)).containsExactly("blue");

        admin.moveSubscription(null, "audit", StartFrom.EARLIEST);

        assertThat(drain(consumer)).containsExactly("blue");
    }

    @Test
    void aQueueIsReplayedBesideWhatWaitsInIt() throws JMSException {
        Session session = session();
        send(session, session.createQueue("kept"), "a", "b");
        MessageConsumer consumer = session.createConsumer(session.createQueue("kept"));
        assertThat(text(next(consumer))).isEqualTo("a");
        assertThat(text(next(consumer))).isEqualTo("b");
        send(session, session.createQueue("kept"), "c");

        assertThat(admin.replay("queue://kept", StartFrom.EARLIEST).again()).isEqualTo(2);

        assertThat(drain(consumer)).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsRetainedAndMovedIsThereAfterTheLogWasOpenedAgain() throws JMSException {
        try (Connection connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            MessageConsumer consumer = session.createSharedDurableConsumer(kept(null), "audit");
            send(session, kept(null), "a", "b");
            assertThat(drain(consumer)).containsExactly("a", "b");
            admin.moveSubscription(null, "audit", StartFrom.EARLIEST);
            assertThat(text(next(consumer))).isEqualTo("a");
        }
        admin.close();

        Session session = session();
        assertThat(drain(session.createSharedDurableConsumer(kept(null), "audit")))
                .containsExactly("b");
        assertThat(drain(session.createConsumer(kept("earliest")))).containsExactly("a", "b");
    }

    @Test
    void whatIsNotRetainedIsNotThere() throws JMSException {
        Session session = session();
        send(session, topic(session), "a");
        MambaTopic topic = new MambaTopic(topic(session).getTopicName());
        topic.setStartFrom("earliest");

        assertThat(session.createConsumer(topic).receiveNoWait()).isNull();
    }

    @Test
    void aStartThatMeansNothingAndASubscriptionThatDoesNotExistAreRefused() {
        assertThatThrownBy(() -> kept("soon"))
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("earliest, latest, a position or a time");
        assertThatThrownBy(() -> admin.moveSubscription("client", "none", StartFrom.EARLIEST))
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("no durable subscription 'none' of client id 'client'");
    }

    private static Topic kept(@Nullable String startFrom) {
        MambaTopic topic = new MambaTopic("kept");
        topic.setStartFrom(startFrom);
        return topic;
    }

    /** Messages bear milliseconds. */
    private static Instant afterTheClockHasMovedOn() {
        long before = System.currentTimeMillis();
        long now = before;
        while (now <= before) {
            Thread.onSpinWait();
            now = System.currentTimeMillis();
        }
        return Instant.ofEpochMilli(now);
    }
}
