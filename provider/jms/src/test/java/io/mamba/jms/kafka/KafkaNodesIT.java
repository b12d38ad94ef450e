package io.mamba.jms.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.WhenFull;
import io.mamba.admin.MambaAdmin;
import io.mamba.cluster.KafkaTestLogs;
import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes of one log in processes of their own, through the API: this process and another. Prints figures. */
final class KafkaNodesIT {
    /** Many times what is aimed at: figures are printed, and a loaded machine is no defect. */
    private static final Duration BOUND = Duration.ofSeconds(2);

    private static final KafkaTestLogs.TestLog LOG = KafkaTestLogs.next();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static OtherJvm other;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Station here;

    private static String url(String node) {
        return "mamba:kafka://" + LOG.servers() + "?node=" + node + "&prefix=" + LOG.prefix();
    }

    @BeforeAll
    static void open() throws Exception {
        other = OtherJvm.start(url("other"));
        here = new Station(url("here"));
    }

    @AfterAll
    static void close() throws Exception {
        here.close();
        other.close();
        LOG.delete();
    }

    private static void report(String what, List<Duration> times) {
        List<Duration> sorted = times.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f ms, longest %.1f ms of %d%n",
                what,
                millis(sorted.get(sorted.size() / 2)),
                millis(sorted.get(sorted.size() - 1)),
                sorted.size());
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static Throwable refusal(CompletionException failure) {
        return requireNonNull(failure.getCause());
    }

    // ---- work ------------------------------------------------------------------------------------------------------

    @Test
    void bothWorkOnAQueueOfOnePartitionAndEachMessageIsReceivedOnce() throws Exception {
        here.send("shared", "first");
        CompletableFuture<List<String>> there = other.begin(station -> {
            station.consume("shared", Session.AUTO_ACKNOWLEDGE);
            return drain(station);
        });
        here.consume("shared", Session.AUTO_ACKNOWLEDGE);
        CompletableFuture<List<String>> own = CompletableFuture.supplyAsync(() -> {
            try {
                return drain(here);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });

        List<String> sent = new ArrayList<>(List.of("first"));
        for (int i = 0; i < 300; i++) {
            sent.add("m" + i);
        }
        here.send("shared", sent.subList(1, sent.size()).toArray(String[]::new));
        // Each drain ends with the first that it gets: the other must get the second.
        here.send("shared", "end");
        here.send("shared", "end");

        List<String> both = new ArrayList<>(own.get());
        both.addAll(there.get());
        assertThat(both).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(own.get()).isNotEmpty();
        assertThat(there.get()).isNotEmpty();
        System.out.println(
                "of 301 messages: " + own.get().size() + " here, " + there.get().size() + " in the other process");
        other.run(station -> station.<MessageConsumer>kept("shared").close());
        here.<MessageConsumer>kept("shared").close();
    }

    /** All texts up to the first end. */
    private static List<String> drain(Station station) throws JMSException {
        List<String> texts = new ArrayList<>();
        MessageConsumer consumer = station.kept("shared");
        for (String text = next(consumer); !text.equals("end"); text = next(consumer)) {
            texts.add(text);
        }
        return texts;
    }

    private static String next(MessageConsumer consumer) throws JMSException {
        return Station.text(Station.next(consumer));
    }

    @Test
    void aProcessWhoseConsumersAreBusyHoldsNothingBackFromAnIdleOne() throws Exception {
        List<Duration> waits = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            waits.add(longestWaitBesideABusyProcess("busy" + round));
        }
        report("an idle consumer waited beside a busy process", waits);
        assertThat(Collections.max(waits)).isLessThan(BOUND);
    }

    /** A listener that takes fast, and so several at a time, stops over one message; the rest is for a receiver here. */
    private static Duration longestWaitBesideABusyProcess(String queue) throws Exception {
        int fast = 60;
        int left = 40;
        try (Session session = here.session();
                MessageConsumer idle = session.createConsumer(session.createQueue(queue))) {
            String[] texts = new String[fast + left];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "m" + i;
            }
            here.send(queue, texts);
            CompletableFuture<Instant> busySince = other.begin(station -> {
                CountDownLatch release = station.keep("release", new CountDownLatch(1));
                CompletableFuture<Instant> busy = new CompletableFuture<>();
                MessageConsumer consumer = station.consume(queue, Session.AUTO_ACKNOWLEDGE);
                int[] count = new int[1];
                consumer.setMessageListener(message -> {
                    if (++count[0] > fast) {
                        busy.complete(Instant.now());
                        awaitQuietly(release);
                    }
                });
                return busy.get();
            });
            Instant last = busySince.get();
            Duration longest = Duration.ZERO;
            for (int i = 0; i < left - 1; i++) { // one is where the other is busy
                Station.next(idle);
                Instant now = Instant.now();
                Duration wait = Duration.between(last, now);
                longest = wait.compareTo(longest) > 0 ? wait : longest;
                last = now;
            }
            other.run(station -> {
                station.<CountDownLatch>kept("release").countDown();
                station.<MessageConsumer>kept(queue).close();
            });
            return longest;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aMessageThatOnlyASelectorElsewhereWantsReachesIt() throws Exception {
        List<Duration> times = new ArrayList<>();
        try (Session session = here.session();
                MessageConsumer red = session.createConsumer(session.createQueue("colors"), "color = 'red'")) {
            other.run(station -> {
                Session there = station.session();
                station.keep("blue", there.createConsumer(there.createQueue("colors"), "color = 'blue'"));
            });
            for (int i = 0; i < 20; i++) {
                String text = "red" + i;
                Instant sent = other.call(station -> {
                    station.sendColored("colors", "red", text);
                    return Instant.now();
                });
                assertThat(next(red)).isEqualTo(text);
                times.add(Duration.between(sent, Instant.now()));
                here.sendColored("colors", "blue", "blue" + i);
                assertThat(other.receive("blue", 1)).containsExactly("blue" + i);
            }
            other.run(station -> station.<MessageConsumer>kept("blue").close());
        }
        report("a message that only a selector elsewhere wants, from send returned to receive returned", times);
    }

    @Test
    void messagesOfAGroupAreReceivedInOrderThoughBothTakePart() throws Exception {
        other.run(station -> station.consume("grouped", Session.AUTO_ACKNOWLEDGE));
        List<String> expected = new ArrayList<>();
        try (Session session = here.session();
                MessageConsumer consumer = session.createConsumer(session.createQueue("grouped"))) {
            MessageProducer producer = session.createProducer(session.createQueue("grouped"));
            for (int i = 0; i < 50; i++) {
                TextMessage message = session.createTextMessage("g" + i);
                message.setStringProperty("JMSXGroupID", "customer 7");
                message.setIntProperty("JMSXGroupSeq", i + 1);
                producer.send(message);
                expected.add("g" + i);
            }
            List<String> received = new ArrayList<>();
            // Whoever has the group receives until no more of it comes.
            while (received.size() < 50) {
                Message own = consumer.receive(20);
                String text = own == null
                        ? other.call(station -> {
                            Message one =
                                    station.<MessageConsumer>kept("grouped").receive(20);
                            return one == null ? "" : Station.text(one);
                        })
                        : Station.text(own);
                if (!text.isEmpty()) {
                    received.add(text);
                }
            }
            assertThat(received).containsExactlyElementsOf(expected);
        }
        other.run(station -> station.<MessageConsumer>kept("grouped").close());
    }

    @Test
    void aReplyToATemporaryQueueCrossesProcesses() throws Exception {
        other.run(station -> {
            Session session = station.session();
            MessageConsumer requests = session.createConsumer(session.createQueue("requests"));
            MessageProducer replies = session.createProducer(null);
            requests.setMessageListener(request -> {
                try {
                    replies.send(request.getJMSReplyTo(), session.createTextMessage("re: " + Station.text(request)));
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            });
            station.keep("requests", session);
        });
        List<Duration> times = new ArrayList<>();
        try (Session session = here.session()) {
            TemporaryQueue replyTo = session.createTemporaryQueue();
            MessageConsumer replies = session.createConsumer(replyTo);
            MessageProducer producer = session.createProducer(session.createQueue("requests"));
            for (int i = 0; i < 20; i++) {
                Instant begin = Instant.now();
                TextMessage request = session.createTextMessage("question " + i);
                request.setJMSReplyTo(replyTo);
                producer.send(request);
                assertThat(next(replies)).isEqualTo("re: question " + i);
                times.add(Duration.between(begin, Instant.now()));
            }
            replies.close();
            replyTo.delete();
        }
        other.run(station -> station.<Session>kept("requests").close());
        report("request and reply by a temporary queue", times);
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    private static void limit(String queue, WhenFull whenFull) {
        try (MambaAdmin admin = MambaAdmin.open(url("here"))) {
            admin.create(
                    "queue://" + queue, DestinationSettings.NONE.maxMessages(3).whenFull(whenFull));
        }
    }

    @Test
    void aDestinationIsFullByWhatBothHaveSent() throws Exception {
        limit("few", WhenFull.REFUSE);
        here.send("few", "1", "2");
        other.run(station -> station.send("few", "3"));

        assertThatThrownBy(() -> here.send("few", "too many")).isInstanceOf(ResourceAllocationException.class);
        assertThatThrownBy(() -> other.run(station -> station.send("few", "too many")))
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        failure -> assertThat(refusal(failure)).isInstanceOf(ResourceAllocationException.class));
        here.consume("few", Session.AUTO_ACKNOWLEDGE);
        assertThat(here.receive("few", 1)).containsExactly("1");
        other.run(station -> station.send("few", "4"));
        assertThat(here.receive("few", 3)).containsExactly("2", "3", "4");
    }

    @Test
    void aSendThatWaitsForRoomGoesOnWhenAnotherProcessMakesIt() throws Exception {
        limit("narrow", WhenFull.BLOCK);
        here.send("narrow", "1", "2", "3");
        CompletableFuture<Boolean> sending = other.begin(station -> {
            station.send("narrow", "4");
            return true;
        });

        here.consume("narrow", Session.AUTO_ACKNOWLEDGE);
        assertThat(here.receive("narrow", 4)).containsExactly("1", "2", "3", "4");
        assertThat(sending.get()).isTrue();
    }

    // ---- names -----------------------------------------------------------------------------------------------------

    @Test
    void aClientIdIsOneConnectionsInTheWholeCluster() throws Exception {
        other.run(station -> {
            Connection connection = station.factory.createConnection();
            connection.setClientID("cashier");
            station.keep("cashier", connection);
        });

        try (Connection refused = here.factory.createConnection()) {
            assertThatThrownBy(() -> refused.setClientID("cashier")).isInstanceOf(InvalidClientIDException.class);
        }
        other.run(station -> station.<Connection>kept("cashier").close());
        try (Connection connection = here.factory.createConnection()) {
            connection.setClientID("cashier");
            assertThat(connection.getClientID()).isEqualTo("cashier");
        }
    }

    @Test
    void aDurableSubscriptionThatIsUsedElsewhereIsNeitherChangedNorEnded() throws Exception {
        other.run(station -> {
            Session session = station.session();
            station.keep("report", session.createSharedDurableConsumer(session.createTopic("reports"), "report"));
        });
        try (Session session = here.session()) {
            Topic reports = session.createTopic("reports");
            assertThatThrownBy(() -> session.unsubscribe("report")).isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> session.createSharedDurableConsumer(reports, "report", "color = 'red'"))
                    .isInstanceOf(JMSException.class);
            session.createSharedDurableConsumer(reports, "report").close();

            other.run(station -> station.<MessageConsumer>kept("report").close());

            session.createSharedDurableConsumer(reports, "report", "color = 'red'")
                    .close();
            session.unsubscribe("report");
            assertThatThrownBy(() -> other.run(station -> {
                        try (Session there = station.session()) {
                            there.unsubscribe("report");
                        }
                    }))
                    .isInstanceOfSatisfying(
                            CompletionException.class,
                            failure -> assertThat(refusal(failure))
                                    .isInstanceOf(jakarta.jms.InvalidDestinationException.class));
        }
    }

    // ---- what returned before is seen ------------------------------------------------------------------------------

    @Test
    void whatASendReturnedBeforeIsReceivedAtOnce() throws Exception {
        try (Session session = here.session();
                MessageConsumer consumer = session.createConsumer(session.createQueue("at once"))) {
            for (int i = 0; i < 30; i++) {
                String text = "m" + i;
                other.run(station -> station.send("at once", text));

                Message received = consumer.receiveNoWait();
                assertThat(received).as(text).isNotNull();
                assertThat(Station.text(requireNonNull(received))).isEqualTo(text);
            }
        }
    }

    @Test
    void whatACommitReturnedBeforeIsBrowsedAndWhatItTookIsNot() throws Exception {
        for (int i = 0; i < 10; i++) {
            String text = "m" + i;
            other.run(station -> {
                try (Session session = station.session(Session.SESSION_TRANSACTED)) {
                    session.createProducer(session.createQueue("committed")).send(session.createTextMessage(text));
                    session.commit();
                }
            });
            assertThat(browsed("committed")).containsExactly(text);

            other.run(station -> {
                try (Session session = station.session(Session.SESSION_TRANSACTED);
                        MessageConsumer consumer = session.createConsumer(session.createQueue("committed"))) {
                    Station.next(consumer);
                    session.commit();
                }
            });
            assertThat(browsed("committed")).isEmpty();
        }
    }

    private static List<String> browsed(String queue) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (Session session = here.session();
                QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                texts.add(Station.text((Message) messages.nextElement()));
            }
        }
        return texts;
    }

    @Test
    void aSubscriptionHasWhatIsSentAfterItWasMadeElsewhereAndNothingFromBefore() throws Exception {
        for (int i = 0; i < 10; i++) {
            String name = "news" + i;
            topicSend(name, "old").run(here);
            other.run(station -> {
                Session session = station.session();
                station.keep(name, session.createConsumer(session.createTopic(name)));
            });

            topicSend(name, "new").run(here);

            String received = other.call(station -> {
                Message message = station.<MessageConsumer>kept(name).receiveNoWait();
                return message == null ? "nothing" : Station.text(message);
            });
            assertThat(received).isEqualTo("new");
            other.run(station -> station.<MessageConsumer>kept(name).close());
        }
    }

    private static OtherJvm.Work topicSend(String topic, String text) {
        return station -> {
            try (Session session = station.session()) {
                session.createProducer(session.createTopic(topic)).send(session.createTextMessage(text));
            }
        };
    }
}
