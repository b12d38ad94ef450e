package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plain, durable, shared and shared durable subscriptions. */
abstract class SubscriptionConformance extends Conformance {
    @Test
    void eachPlainSubscriberGetsItsCopyOfWhatIsSentWhileItListens() throws JMSException {
        Session session = session();
        send(session, topic(session), "before");
        MessageConsumer one = session.createConsumer(topic(session));
        MessageConsumer two = session().createConsumer(topic(session));
        send(session, topic(session), "a", "b");

        assertThat(drain(one)).containsExactly("a", "b");
        assertThat(drain(two)).containsExactly("a", "b");
    }

    @Test
    void aSelectorDropsWhatDoesNotMatch() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(topic(session), "n = 1");
        for (int i = 0; i < 3; i++) {
            TextMessage message = session.createTextMessage("m" + i);
            message.setIntProperty("n", i);
            session.createProducer(topic(session)).send(message);
        }

        assertThat(drain(consumer)).containsExactly("m1");
    }

    @Test
    void aDurableSubscriberGetsWhatWasSentWhileItWasAway() throws JMSException {
        Connection connection = connection("client");
        Session session = connection.createSession();
        session.createDurableConsumer(topic(session), "sub").close();
        send(session, topic(session), "a");
        connection.close();
        Session sender = session();
        send(sender, topic(sender), "b");

        Session again = connection("client").createSession();
        MessageConsumer consumer = again.createDurableConsumer(topic(again), "sub");

        assertThat(drain(consumer)).containsExactly("a", "b");
    }

    @Test
    void aDurableSubscriptionNeedsAClientId() throws JMSException {
        Session session = session();

        assertThatThrownBy(() -> session.createDurableConsumer(topic(session), "sub"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createDurableConsumer(topic(session), "sub", null, true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDurableSubscriptionHasOneConsumerAtATime() throws JMSException {
        Session session = connection("client").createSession();
        MessageConsumer first = session.createDurableConsumer(topic(session), "sub");

        assertThatThrownBy(() -> session.createDurableConsumer(topic(session), "sub"))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.unsubscribe("sub")).isInstanceOf(JMSException.class);
        first.close();
        session.createDurableConsumer(topic(session), "sub").close();
    }

    @Test
    void anotherSelectorMakesItANewSubscription() throws JMSException {
        Session session = connection("client").createSession();
        session.createDurableConsumer(topic(session), "sub").close();
        send(session, topic(session), "a");

        MessageConsumer changed = session.createDurableConsumer(topic(session), "sub", "n IS NULL", false);

        assertThat(drain(changed)).isEmpty();
        send(session, topic(session), "b");
        assertThat(drain(changed)).containsExactly("b");
    }

    @Test
    void unsubscribeEndsIt() throws JMSException {
        Session session = connection("client").createSession();
        session.createDurableConsumer(topic(session), "sub").close();
        send(session, topic(session), "a");

        session.unsubscribe("sub");

        assertThat(drain(session.createDurableConsumer(topic(session), "sub"))).isEmpty();
        assertThatThrownBy(() -> session.unsubscribe("unknown")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void namesLivePerClientId() throws JMSException {
        Session one = connection("one").createSession();
        Session two = connection("two").createSession();
        MessageConsumer first = one.createDurableConsumer(topic(one), "sub");
        MessageConsumer second = two.createDurableConsumer(topic(two), "sub");
        send(one, topic(one), "a");

        assertThat(drain(first)).containsExactly("a");
        assertThat(drain(second)).containsExactly("a");
    }

    @Test
    void noLocalKeepsTheOwnConnectionsMessagesAway() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(topic(session), null, true);
        send(session, topic(session), "mine");
        Session other = session();
        send(other, topic(other), "other's");

        assertThat(drain(consumer)).containsExactly("other's");
    }

    @Test
    void durableNoLocalKeepsTheClientsMessagesAway() throws JMSException {
        Session session = connection("client").createSession();
        MessageConsumer consumer = session.createDurableConsumer(topic(session), "sub", null, true);
        send(session, topic(session), "mine");
        Session other = session();
        send(other, topic(other), "other's");

        assertThat(drain(consumer)).containsExactly("other's");
    }

    @Test
    void durableNoLocalHoldsForEachConnectionOfTheClient() throws JMSException {
        Connection first = connection("client");
        Session session = first.createSession();
        session.createDurableConsumer(topic(session), "sub", null, true).close();
        first.close();
        Session second = connection("client").createSession();
        send(second, topic(second), "mine");
        Session other = session();
        send(other, topic(other), "other's");

        assertThat(drain(second.createDurableConsumer(topic(second), "sub", null, true)))
                .containsExactly("other's");
    }

    @Test
    void whatWasConsumedOfASubscriptionThatIsGoneHarmsNobody() throws JMSException {
        Session session = connection("client").createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createDurableConsumer(topic(session), "sub");
        send(session, topic(session), "a");
        Message message = next(consumer);
        consumer.close();

        session.unsubscribe("sub");
        message.acknowledge();

        MessageConsumer again = session.createDurableConsumer(topic(session), "sub");
        send(session, topic(session), "b");
        assertThat(drain(again)).containsExactly("b");
    }

    @Test
    void aTransactionThatConsumedOfASubscriptionThatIsGoneEndsAsItWants() throws JMSException {
        for (boolean commit : List.of(true, false)) {
            Connection connection = connection("client");
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = session.createDurableConsumer(topic(session), "sub");
            Session sender = session();
            send(sender, topic(sender), "a");
            next(consumer);
            send(session, session.createQueue("out"), "committed");
            consumer.close();

            connection.createSession().unsubscribe("sub");
            if (commit) {
                session.commit();
            } else {
                session.rollback();
            }
            connection.close();
        }

        assertThat(drain("out")).containsExactly("committed");
    }

    @Test
    void anUnacknowledgedMessageOfAClosedSubscriberStaysWithItsSession() throws JMSException {
        Session session = connection("client").createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createDurableConsumer(topic(session), "sub");
        Session sender = session();
        send(sender, topic(sender), "a");
        next(consumer);
        consumer.close();

        MessageConsumer again = session.createDurableConsumer(topic(session), "sub");
        assertThat(again.receiveNoWait()).isNull();
        session.rollback();

        assertThat(next(again).getJMSRedelivered()).isTrue();
    }

    @Test
    void aSharedDurableSubscriptionIsNotUnsubscribedWhileAnyoneConsumes() throws JMSException {
        Session one = session();
        Session two = session();
        MessageConsumer consumer = one.createSharedDurableConsumer(topic(one), "sub");

        assertThatThrownBy(() -> two.unsubscribe("sub")).isInstanceOf(IllegalStateException.class);
        consumer.close();
        two.unsubscribe("sub");
    }

    @Test
    void consumersOfASharedSubscriptionShareItsMessages() throws JMSException {
        Session one = session();
        Session two = session();
        MessageConsumer first = one.createSharedConsumer(topic(one), "sub");
        MessageConsumer second = two.createSharedConsumer(topic(two), "sub");
        send(one, topic(one), "a", "b");

        assertThat(nextText(first)).isEqualTo("a");
        assertThat(nextText(second)).isEqualTo("b");
        assertThat(first.receiveNoWait()).isNull();
    }

    @Test
    void aSharedSubscriptionEndsWithItsLastConsumer() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createSharedConsumer(topic(session), "sub");
        consumer.close();
        send(session, topic(session), "a");

        assertThat(drain(session.createSharedConsumer(topic(session), "sub"))).isEmpty();
    }

    @Test
    void aSharedDurableSubscriptionStaysUntilUnsubscribed() throws JMSException {
        for (boolean withId : List.of(true, false)) {
            Connection connection = withId ? connection("client") : connection();
            Session session = connection.createSession();
            session.createSharedDurableConsumer(topic(session), "sub").close();
            send(session, topic(session), "a");
            MessageConsumer one = session.createSharedDurableConsumer(topic(session), "sub");
            MessageConsumer two = session.createSharedDurableConsumer(topic(session), "sub");
            send(session, topic(session), "b");

            assertThat(nextText(one)).isEqualTo("a");
            assertThat(nextText(two)).isEqualTo("b");
            one.close();
            two.close();
            session.unsubscribe("sub");
        }
    }

    @Test
    void sharedAndSharedDurableSubscriptionsOfOneNameAreSeparate() throws JMSException {
        Session session = session();
        MessageConsumer plain = session.createSharedConsumer(topic(session), "sub");
        MessageConsumer durable = session.createSharedDurableConsumer(topic(session), "sub");
        send(session, topic(session), "a");

        assertThat(drain(plain)).containsExactly("a");
        assertThat(drain(durable)).containsExactly("a");
    }

    @Test
    void subscriptionsNeedNames() throws JMSException {
        Session session = connection("client").createSession();

        assertThatThrownBy(() -> session.createDurableConsumer(topic(session), null))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createSharedConsumer(topic(session), ""))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.unsubscribe(null)).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void aSharedSubscriptionInUseKeepsTopicAndSelector() throws JMSException {
        Session session = session();
        session.createSharedConsumer(topic(session), "sub");
        session.createSharedDurableConsumer(topic(session), "durable");

        assertThatThrownBy(() -> session.createSharedConsumer(topic(session), "sub", "a = 1"))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createSharedConsumer(session.createTopic("other"), "sub"))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(topic(session), "durable", "a = 1"))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void aDurableNameIsSharedOrNot() throws JMSException {
        Session session = connection("client").createSession();
        session.createDurableConsumer(topic(session), "sub").close();

        assertThatThrownBy(() -> session.createSharedDurableConsumer(topic(session), "sub"))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void temporaryTopicsHaveNoDurableSubscriptions() throws JMSException {
        Session session = connection("client").createSession();
        var temporary = session.createTemporaryTopic();

        assertThatThrownBy(() -> session.createDurableConsumer(temporary, "sub"))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(temporary, "sub"))
                .isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void aRolledBackTopicMessageIsRedelivered() throws JMSException {
        Session session = session(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(topic(session));
        Session sender = session();
        send(sender, topic(sender), "a");
        next(consumer);

        session.rollback();

        assertThat(next(consumer).getJMSRedelivered()).isTrue();
    }

    @Test
    void anotherTopicOrNoLocalMakesItANewSubscription() throws JMSException {
        Session session = connection("client").createSession();
        Session other = session();
        session.createDurableConsumer(topic(session), "sub").close();
        send(other, topic(other), "a");

        MessageConsumer changed = session.createDurableConsumer(session.createTopic("other"), "sub");
        assertThat(drain(changed)).isEmpty();
        send(other, topic(other), "b");
        send(other, other.createTopic("other"), "c");
        assertThat(drain(changed)).containsExactly("c");
        send(other, other.createTopic("other"), "d");
        changed.close();

        MessageConsumer noLocal = session.createDurableConsumer(session.createTopic("other"), "sub", null, true);
        assertThat(drain(noLocal)).isEmpty();
        send(session, session.createTopic("other"), "own");
        send(other, other.createTopic("other"), "e");
        assertThat(drain(noLocal)).containsExactly("e");
    }

    @Test
    void sharedDurableNamesWithAndWithoutAClientIdAreSeparate() throws JMSException {
        Session identified = connection("client").createSession();
        Session anonymous = session();
        MessageConsumer one = identified.createSharedDurableConsumer(topic(identified), "sub");
        MessageConsumer two = anonymous.createSharedDurableConsumer(topic(anonymous), "sub");
        send(anonymous, topic(anonymous), "a");

        assertThat(drain(one)).containsExactly("a");
        assertThat(drain(two)).containsExactly("a");
        one.close();
        identified.unsubscribe("sub");
        assertThatThrownBy(() -> identified.unsubscribe("sub")).isInstanceOf(InvalidDestinationException.class);
        send(anonymous, topic(anonymous), "b");
        assertThat(drain(two)).containsExactly("b");
    }

    @Test
    void aDelayedMessageReachesSubscribersLater() throws JMSException {
        Session session = session();
        MessageConsumer consumer = session.createConsumer(topic(session));
        MessageProducer producer = session.createProducer(topic(session));
        // Far longer than a slow machine takes for the second send.
        producer.setDeliveryDelay(3_000);
        producer.send(session.createTextMessage("late"));
        producer.setDeliveryDelay(0);
        producer.send(session.createTextMessage("now"));

        assertThat(nextText(consumer)).isEqualTo("now");
        Message late = next(consumer);
        assertThat(text(late)).isEqualTo("late");
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(late.getJMSDeliveryTime());
    }
}
