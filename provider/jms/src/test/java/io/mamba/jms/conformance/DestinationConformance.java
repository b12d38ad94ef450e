package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueRequestor;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicRequestor;
import jakarta.jms.TopicSession;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Queues, browsers, temporary destinations, selectors on queues, the legacy types. */
abstract class DestinationConformance extends Conformance {
    @Test
    void queuesAreFirstInFirstOut() throws JMSException {
        Session session = session();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("m" + i);
        }
        send(session, queue(session), sent.toArray(String[]::new));

        assertThat(drain("orders")).isEqualTo(sent);
    }

    @Test
    void namesGiveTheSameIdentityAndAQueueIsNoTopic() throws JMSException {
        Session session = session();
        Queue queue = session.createQueue("same.name-with:things");
        send(session, queue, "q");
        MessageConsumer subscriber = session.createConsumer(session.createTopic("same.name-with:things"));

        assertThat(queue).isEqualTo(session.createQueue("same.name-with:things"));
        assertThat(subscriber.receiveNoWait()).isNull();
        assertThat(drain("same.name-with:things")).containsExactly("q");
    }

    @Test
    void browsersConsumeNothingAndHonourSelectors() throws JMSException {
        Session session = session();
        for (int i = 0; i < 4; i++) {
            TextMessage message = session.createTextMessage("m" + i);
            message.setIntProperty("n", i);
            session.createProducer(queue(session)).send(message);
        }

        QueueBrowser all = session.createBrowser(queue(session));
        QueueBrowser some = session.createBrowser(queue(session), "n > 1");

        assertThat(texts(all)).containsExactly("m0", "m1", "m2", "m3");
        assertThat(texts(some)).containsExactly("m2", "m3");
        assertThat(some.getMessageSelector()).isEqualTo("n > 1");
        assertThat(all.getMessageSelector()).isNull();
        assertThat(all.getQueue()).isEqualTo(queue(session));
        assertThat(drain("orders")).hasSize(4);
        all.close();
        assertThatThrownBy(all::getEnumeration).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createBrowser(null)).isInstanceOf(InvalidDestinationException.class);
    }

    private static List<String> texts(QueueBrowser browser) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Object message : listed(browser.getEnumeration())) {
            texts.add(text((Message) message));
        }
        return texts;
    }

    @Test
    void whatDoesNotMatchStaysForOthersInOrder() throws JMSException {
        Session session = session();
        for (int i = 0; i < 6; i++) {
            TextMessage message = session.createTextMessage("m" + i);
            message.setStringProperty("kind", i % 2 == 0 ? "even" : "odd");
            session.createProducer(queue(session)).send(message);
        }

        MessageConsumer odd = session.createConsumer(queue(session), "kind = 'odd'");
        assertThat(drain(odd)).containsExactly("m1", "m3", "m5");
        assertThat(odd.getMessageSelector()).isEqualTo("kind = 'odd'");
        odd.close();
        MessageConsumer all = session.createConsumer(queue(session), "");
        assertThat(all.getMessageSelector()).isNull();
        assertThat(drain(all)).containsExactly("m0", "m2", "m4");
    }

    @Test
    void selectorsOfWrongSyntaxAreRefusedAtCreation() throws JMSException {
        Session session = connection("client").createSession();

        assertThatThrownBy(() -> session.createConsumer(queue(session), "a = "))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> session.createBrowser(queue(session), "a = "))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> session.createDurableConsumer(topic(session), "s", "a = ", false))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> session.createSharedConsumer(topic(session), "s", "a = "))
                .isInstanceOf(InvalidSelectorException.class);
    }

    @Test
    void anyoneSendsToATemporaryQueueItsConnectionReceives() throws JMSException {
        Connection connection = connection();
        Session session = connection.createSession();
        TemporaryQueue mine = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(mine);
        Session other = session();

        send(other, mine, "a");

        assertThat(nextText(consumer)).isEqualTo("a");
        assertThatThrownBy(() -> other.createConsumer(mine)).isInstanceOf(JMSException.class);
    }

    @Test
    void aTemporaryQueueIsDeletedWhenNobodyReceives() throws JMSException {
        Session session = session();
        TemporaryQueue queue = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(queue);

        assertThatThrownBy(queue::delete).isInstanceOf(JMSException.class);
        consumer.close();
        queue.delete();

        Session other = session();
        assertThatThrownBy(() -> send(other, queue, "a")).isInstanceOf(JMSException.class);
    }

    @Test
    void aTemporaryTopicIsItsConnectionsAndDeletedWhenNobodyListens() throws JMSException {
        Session session = session();
        TemporaryTopic topic = session.createTemporaryTopic();
        MessageConsumer consumer = session.createConsumer(topic);
        Session other = session();
        send(other, topic, "a");

        assertThat(nextText(consumer)).isEqualTo("a");
        assertThatThrownBy(() -> other.createConsumer(topic)).isInstanceOf(JMSException.class);
        assertThatThrownBy(topic::delete).isInstanceOf(JMSException.class);
        consumer.close();
        topic.delete();
        assertThatThrownBy(() -> session.createConsumer(topic)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> send(other, topic, "b")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void aReplyDestinationOfAnotherConnectionCanBeAnsweredAndNotDeleted() throws JMSException {
        Session session = session();
        TemporaryQueue mine = session.createTemporaryQueue();
        MessageConsumer replies = session.createConsumer(mine);
        Session server = session();
        TextMessage request = session.createTextMessage("request");
        request.setJMSReplyTo(mine);
        session.createProducer(queue(session)).send(request);

        TemporaryQueue replyTo =
                (TemporaryQueue) next(server.createConsumer(queue(server))).getJMSReplyTo();
        send(server, replyTo, "reply");

        assertThat(replyTo).isEqualTo(mine);
        assertThat(nextText(replies)).isEqualTo("reply");
        replies.close();
        assertThatThrownBy(replyTo::delete).isInstanceOf(JMSException.class);
        send(server, replyTo, "still there");
    }

    @Test
    void aBrowserThatIsClosedShowsNothingMore() throws JMSException {
        Session session = session();
        send(session, queue(session), "a", "b");
        QueueBrowser browser = session.createBrowser(queue(session), "");
        assertThat(browser.getMessageSelector()).isNull();
        Iterator<?> messages = browser.getEnumeration().asIterator();
        assertThat(text((Message) messages.next())).isEqualTo("a");
        assertThat(text((Message) messages.next())).isEqualTo("b");
        assertThat(messages.hasNext()).isFalse();
        assertThatThrownBy(messages::next).isInstanceOf(NoSuchElementException.class);

        browser.close();
        browser.close();

        assertThatThrownBy(browser::getEnumeration).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createBrowser(null)).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void temporaryDestinationsSurviveTheirSessionAndEndWithTheirConnection() throws JMSException {
        Connection connection = connection();
        Session session = connection.createSession();
        TemporaryQueue queue = session.createTemporaryQueue();
        session.close();
        Session second = connection.createSession();
        send(second, queue, "a");
        assertThat(nextText(second.createConsumer(queue))).isEqualTo("a");

        connection.close();

        Session other = session();
        assertThatThrownBy(() -> send(other, queue, "b")).isInstanceOf(JMSException.class);
    }

    @Test
    void nullDestinationsAreRefused() throws JMSException {
        Session session = connection("client").createSession();

        assertThatThrownBy(() -> session.createConsumer(null)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createDurableConsumer(null, "s"))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createSharedConsumer(null, "s"))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(null, "s"))
                .isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void requestorsGetTheirReply() throws Exception {
        Session server = session();
        server.createConsumer(queue(server)).setMessageListener(message -> {
            try {
                TextMessage reply = server.createTextMessage("re: " + text(message));
                server.createProducer(null).send(message.getJMSReplyTo(), reply);
            } catch (JMSException e) {
                throw new AssertionError(e);
            }
        });
        QueueConnection connection = closing(factory().createQueueConnection());
        connection.start();
        QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);

        QueueRequestor requestor = new QueueRequestor(session, session.createQueue("orders"));

        assertThat(text(requestor.request(session.createTextMessage("a")))).isEqualTo("re: a");
        requestor.close();
    }

    @Test
    void topicRequestorsGetTheirReply() throws Exception {
        Session server = session();
        server.createConsumer(topic(server)).setMessageListener(message -> {
            try {
                server.createProducer(null).send(message.getJMSReplyTo(), server.createTextMessage("reply"));
            } catch (JMSException e) {
                throw new AssertionError(e);
            }
        });
        TopicConnection connection = closing(factory().createTopicConnection());
        connection.start();
        TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);

        TopicRequestor requestor = new TopicRequestor(session, session.createTopic("prices"));

        assertThat(text(requestor.request(session.createTextMessage("a")))).isEqualTo("reply");
        requestor.close();
    }

    @Test
    void withoutAutomaticCreationAnUnknownDestinationIsRefused() throws JMSException {
        var factory = factory();
        factory.setUrl(url("autoCreate=false"));
        Connection connection = closing(factory.createConnection());
        Session session = connection.createSession();

        assertThatThrownBy(() -> session.createConsumer(queue(session)))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createProducer(queue(session)))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createConsumer(topic(session)))
                .isInstanceOf(InvalidDestinationException.class);
        session.createConsumer(session.createTemporaryQueue()).close();
    }

    @Test
    void aQueueSessionRefusesTopics() throws JMSException {
        QueueConnection connection = closing(factory().createQueueConnection());
        QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);

        assertThatThrownBy(() -> session.createTopic("t")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(session::createTemporaryTopic).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createDurableSubscriber(null, "s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.unsubscribe("s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> connection.createDurableConnectionConsumer(null, "s", null, null, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTopicSessionRefusesQueues() throws JMSException {
        TopicConnection connection = closing(factory().createTopicConnection());
        TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);

        assertThatThrownBy(() -> session.createQueue("q")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(session::createTemporaryQueue).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createBrowser(null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void legacyTypesSendReceivePublishAndSubscribe() throws JMSException {
        QueueConnection queues = closing(factory().createQueueConnection());
        queues.start();
        QueueSession session = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        Queue queue = session.createQueue("orders");
        session.createSender(queue).send(session.createTextMessage("a"));
        assertThat(text(session.createReceiver(queue).receive(SOON))).isEqualTo("a");

        TopicConnection topics = closing(factory().createTopicConnection());
        topics.start();
        TopicSession topicSession = topics.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        var subscriber = topicSession.createSubscriber(topicSession.createTopic("prices"));
        topicSession.createPublisher(topicSession.createTopic("prices")).publish(topicSession.createTextMessage("b"));
        assertThat(text(subscriber.receive(SOON))).isEqualTo("b");
        assertThat(subscriber.getTopic()).isEqualTo(topicSession.createTopic("prices"));
    }

    @Test
    void requestorsRefuseNullDestinations() throws Exception {
        QueueSession queues = closing(factory().createQueueConnection()).createQueueSession(false, 1);
        TopicSession topics = closing(factory().createTopicConnection()).createTopicSession(false, 1);

        assertThatThrownBy(() -> new QueueRequestor(queues, null)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> new TopicRequestor(topics, null)).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void namesMayHoldAnything() throws JMSException {
        Session session = connection("a/b client").createSession();
        for (String name : List.of("a.b.c", "a/b?c=d&e", "spaces and \u00e4\u6f22", "queue://q", "../up", "A", "a")) {
            send(session, session.createQueue(name), name);
            MessageConsumer durable =
                    session.createDurableConsumer(session.createTopic(name), name + " sub/scription", null, false);
            send(session, session.createTopic(name), "topic " + name);

            assertThat(drain(session.createConsumer(session.createQueue(name)))).containsExactly(name);
            assertThat(drain(durable)).containsExactly("topic " + name);
            durable.close();
            session.unsubscribe(name + " sub/scription");
        }
    }

    @Test
    void manySelectorsOnOneQueueTakeEachTheirOwn() throws JMSException {
        Session session = session();
        List<MessageConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            consumers.add(session.createConsumer(queue(session), "n = " + i + " AND kind LIKE 'k%'"));
        }
        for (int i = 0; i < 20; i++) {
            TextMessage message = session.createTextMessage("m" + i);
            message.setIntProperty("n", i % 5);
            message.setStringProperty("kind", "k" + i);
            session.createProducer(queue(session)).send(message);
        }

        for (int i = 4; i >= 0; i--) {
            assertThat(drain(consumers.get(i))).containsExactly("m" + i, "m" + (i + 5), "m" + (i + 10), "m" + (i + 15));
        }
    }

    @Test
    void aSelectorForOneCorrelationIdFindsOldAndNewMessages() throws JMSException {
        Session session = session();
        for (String id : List.of("a", "b", "a")) {
            TextMessage message = session.createTextMessage("old " + id);
            message.setJMSCorrelationID(id);
            session.createProducer(queue(session)).send(message);
        }
        MessageConsumer consumer = session.createConsumer(queue(session), "JMSCorrelationID = 'a'");
        assertThat(drain(consumer)).containsExactly("old a", "old a");
        TextMessage message = session.createTextMessage("new a");
        message.setJMSCorrelationID("a");
        session.createProducer(queue(session)).send(message);
        assertThat(drain(consumer)).containsExactly("new a");

        MessageConsumer second = session.createConsumer(queue(session), "JMSCorrelationID = 'b' AND JMSPriority = 4");
        Message found = next(second);
        assertThat(text(found)).isEqualTo("old b");
        MessageConsumer byId =
                session.createConsumer(queue(session), "JMSMessageID = '" + message.getJMSMessageID() + "'");
        assertThat(byId.receiveNoWait()).isNull();
        session.createProducer(queue(session)).send(message);
        MessageConsumer byNewId =
                session.createConsumer(queue(session), "JMSMessageID = '" + message.getJMSMessageID() + "'");
        assertThat(drain(byNewId)).containsExactly("new a");
    }
}
