package io.mamba.jms.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.MambaUrl;
import io.mamba.cluster.KafkaTestLogs;
import io.mamba.node.Nodes;
import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a process's messages, names and branches when it is killed or closed. Prints figures. */
final class KafkaTakeOverIT {
    /** The session's time is 6 s; a loaded machine may need more for what follows. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(30);

    private final KafkaTestLogs.TestLog log = KafkaTestLogs.next();

    @SuppressWarnings("NullAway.Init") // before each test
    private OtherJvm other;

    @SuppressWarnings("NullAway.Init") // before each test
    private Station here;

    private String url(String node) {
        return "mamba:kafka://" + log.servers() + "?node=" + node + "&prefix=" + log.prefix();
    }

    @BeforeEach
    void open() throws Exception {
        other = OtherJvm.start(url("other"));
        here = new Station(url("here"));
    }

    @AfterEach
    void close() throws Exception {
        here.close();
        other.close();
        log.delete();
    }

    private static void report(String what, Instant since) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d ms%n",
                what,
                Duration.between(since, Instant.now()).toMillis());
    }

    /** Counts of delivery by text, with a mark where the redelivered flag is set. */
    private static List<String> deliveries(List<Message> messages) throws JMSException {
        List<String> all = new ArrayList<>();
        for (Message message : messages) {
            all.add(Station.text(message) + " " + message.getIntProperty("JMSXDeliveryCount")
                    + (message.getJMSRedelivered() ? " again" : ""));
        }
        return all;
    }

    // ---- messages and names ----------------------------------------------------------------------------------------

    @Test
    void whatAKilledProcessHeldComesAgainFlaggedAndCounted() throws Exception {
        here.send("orders", "1", "2", "3", "4", "5");
        other.run(station -> station.consume("orders", Session.CLIENT_ACKNOWLEDGE));
        assertThat(other.receive("orders", 3)).containsExactly("1", "2", "3");
        here.consume("orders", Session.AUTO_ACKNOWLEDGE);

        Instant killed = Instant.now();
        other.kill();

        List<Message> received = here.messages("orders", 5);
        report("take-over of messages after kill -9", killed);
        assertThat(deliveries(received)).containsExactlyInAnyOrder("1 2 again", "2 2 again", "3 2 again", "4 1", "5 1");
        assertThat(here.<MessageConsumer>kept("orders").receiveNoWait()).isNull();
        assertThat(Duration.between(killed, Instant.now())).isLessThan(TAKEN_OVER);
    }

    @Test
    void theKeeperMayBeTheOneThatIsKilled() throws Exception {
        here.close(); // the other was here first, and keeps
        other.run(station -> station.consume("orders", Session.SESSION_TRANSACTED));
        here = new Station(url("here"));
        here.send("orders", "1", "2");
        assertThat(other.receive("orders", 1)).containsExactly("1");
        here.consume("orders", Session.AUTO_ACKNOWLEDGE);
        assertThat(deliveries(here.messages("orders", 1))).containsExactly("2 1");

        Instant killed = Instant.now();
        other.kill();

        assertThat(deliveries(here.messages("orders", 1))).containsExactly("1 2 again");
        report("take-over of the keeper's messages after kill -9", killed);
        assertThat(Duration.between(killed, Instant.now())).isLessThan(TAKEN_OVER);
    }

    @Test
    void whatAProcessHoldsThatClosesIsHandedOverAtOnce() throws Exception {
        here.send("orders", "1", "2", "3");
        other.run(station -> station.consume("orders", Session.CLIENT_ACKNOWLEDGE));
        assertThat(other.receive("orders", 3)).hasSize(3);
        here.consume("orders", Session.AUTO_ACKNOWLEDGE);

        Instant closing = Instant.now();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(other::close);

        List<Message> received = here.messages("orders", 3);
        report("hand-over of messages on close", closing);
        assertThat(deliveries(received)).containsExactlyInAnyOrder("1 2 again", "2 2 again", "3 2 again");
        assertThat(Duration.between(closing, Instant.now())).isLessThan(TAKEN_OVER);
        closed.get();
    }

    @Test
    void namesOfAKilledProcessAreFree() throws Exception {
        other.run(station -> {
            Connection connection = station.factory.createConnection();
            connection.setClientID("cashier");
            Session session = connection.createSession();
            session.createDurableConsumer(session.createTopic("reports"), "report");
        });

        Instant killed = Instant.now();
        other.kill();

        try (Connection connection = here.factory.createConnection()) {
            await().atMost(TAKEN_OVER)
                    .ignoreExceptionsInstanceOf(InvalidClientIDException.class)
                    .until(() -> {
                        connection.setClientID("cashier");
                        return true;
                    });
            report("a client id was free after kill -9", killed);
            Session session = connection.createSession();
            session.createDurableConsumer(session.createTopic("reports"), "report")
                    .close();
            session.unsubscribe("report");
        }
    }

    @Test
    void aProcessThatStoodStillForLongerThanItsSessionGoesOnWithoutWhatItHeld() throws Exception {
        here.send("orders", "1", "2");
        other.run(station -> station.consume("orders", Session.SESSION_TRANSACTED));
        assertThat(other.receive("orders", 1)).containsExactly("1");
        here.consume("orders", Session.AUTO_ACKNOWLEDGE);
        assertThat(deliveries(here.messages("orders", 1))).containsExactly("2 1");

        other.pause();
        assertThat(deliveries(here.messages("orders", 1))).containsExactly("1 2 again");
        other.resume();

        boolean committed = other.call(station -> {
            try {
                station.<Session>kept("orders.session").commit();
                return true;
            } catch (JMSException refused) {
                return false;
            }
        });
        assertThat(committed).isFalse();
        here.<MessageConsumer>kept("orders").close();
        here.send("orders", "3");
        assertThat(other.receive("orders", 1)).containsExactly("3");
        await().atMost(TAKEN_OVER)
                .until(() -> other.call(station -> {
                    try {
                        station.<Session>kept("orders.session").commit();
                        return true;
                    } catch (JMSException refused) {
                        station.<Session>kept("orders.session").rollback();
                        station.receive("orders", 1);
                        return false;
                    }
                }));
    }

    @Test
    void aProcessThatStoodStillUntilEventsWereGoneStopsAndIsOpenedAgain() throws Exception {
        other.run(station -> {
            station.send("orders", "1");
            Connection connection = station.factory.createConnection();
            BlockingQueue<String> told = station.keep("told", new LinkedBlockingQueue<>());
            connection.setExceptionListener(failure -> told.add(failure.getErrorCode()));
        });

        other.pause();
        long position = letGoOfEvents();
        other.resume();

        assertThat(position).isPositive();
        String told = other.call(
                station -> station.<BlockingQueue<String>>kept("told").poll(TAKEN_OVER.toSeconds(), TimeUnit.SECONDS));
        assertThat(told).isEqualTo("FENCED");
        here.send("orders", "2");
        List<String> received = other.call(station -> {
            try (Connection again = station.factory.createConnection()) {
                again.start();
                Session session = again.createSession();
                MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
                return List.of(Station.text(Station.next(consumer)), Station.text(Station.next(consumer)));
            }
        });
        assertThat(received).containsExactly("1", "2");
        other.kill(); // its station is of the node that has stopped
    }

    /** Events and checkpoints until the first events are gone. @return where they begin now */
    private long letGoOfEvents() throws Exception {
        TopicPartition events = new TopicPartition(log.prefix() + "mamba.events", 0);
        try (Nodes.Lease lease = Nodes.lease(MambaUrl.parse(url("here")));
                Admin admin = Admin.create(Map.of("bootstrap.servers", log.servers()))) {
            long now = offset(admin, events, OffsetSpec.latest());
            here.consume("passing", Session.AUTO_ACKNOWLEDGE);
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                here.send("passing", "by");
                here.receive("passing", 1);
                lease.node().checkpoint();
                return offset(admin, events, OffsetSpec.earliest()) >= now;
            });
            return now;
        }
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec which) throws Exception {
        return admin.listOffsets(Map.of(partition, which))
                .partitionResult(partition)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    // ---- branches --------------------------------------------------------------------------------------------------

    /** A process prepares a branch that has received a message and sent another, and is killed. */
    private void prepareAndDie(String name) throws Exception {
        here.send("orders", "order of " + name);
        other.run(station -> {
            XAConnection connection = station.factory.createXAConnection();
            connection.start();
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            Xid branch = new Branch(name);
            resource.start(branch, XAResource.TMNOFLAGS);
            Station.next(session.createConsumer(session.createQueue("orders")));
            session.createProducer(session.createQueue("stock")).send(session.createTextMessage("stock of " + name));
            resource.end(branch, XAResource.TMSUCCESS);
            if (resource.prepare(branch) != XAResource.XA_OK) {
                throw new IllegalStateException("expected XA_OK");
            }
        });
        other.kill();
    }

    private static boolean isListed(XAResource resource, Branch branch) throws XAException {
        return Stream.of(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .anyMatch(branch::is);
    }

    @Test
    void aBranchThatAKilledProcessPreparedIsFinishedByAnother() throws Exception {
        Instant begun = Instant.now();
        prepareAndDie("payment");
        try (XAConnection connection = here.factory.createXAConnection();
                XASession session = connection.createXASession()) {
            XAResource resource = session.getXAResource();
            Branch branch = new Branch("payment");

            await().atMost(TAKEN_OVER).until(() -> isListed(resource, branch));
            report("a branch is listed elsewhere, from before it began until after kill -9", begun);
            resource.commit(branch, false);

            assertThat(isListed(resource, branch)).isFalse();
        }
        assertThat(waiting("orders")).isEmpty();
        assertThat(waiting("stock")).containsExactly("stock of payment");
    }

    @Test
    void aBranchHasOneOutcomeThoughTwoProcessesFinishItAtOnce() throws Exception {
        try (OtherJvm third = OtherJvm.start(url("third"));
                XAConnection connection = here.factory.createXAConnection();
                XASession session = connection.createXASession()) {
            XAResource resource = session.getXAResource();
            for (int round = 0; round < 3; round++) {
                Branch branch = new Branch("round" + round);
                boolean rivalCommits = round != 1;
                if (round > 0) {
                    other = OtherJvm.start(url("other" + round));
                }
                prepareAndDie(branch.name());
                await().atMost(TAKEN_OVER).until(() -> isListed(resource, branch));

                CompletableFuture<Integer> rival = third.begin(station -> {
                    try (XAConnection theirs = station.factory.createXAConnection();
                            XASession works = theirs.createXASession()) {
                        return finish(works.getXAResource(), branch, rivalCommits);
                    }
                });
                int own = finish(resource, branch, true);
                int theirs = rival.get();

                assertThat(List.of(own, theirs)).as("codes of round " + round).contains(XAResource.XA_OK);
                assertThat(List.of(own, theirs))
                        .isSubsetOf(XAResource.XA_OK, XAException.XAER_NOTA, XAException.XA_RETRY);
                assertThat(isListed(resource, branch)).isFalse();
                boolean committed = own == XAResource.XA_OK || rivalCommits;
                assertThat(waiting("stock")).isEqualTo(committed ? List.of("stock of " + branch.name()) : List.of());
                assertThat(waiting("orders")).isEqualTo(committed ? List.of() : List.of("order of " + branch.name()));
                System.out.println("two at once, round " + round + ": " + own + " and " + theirs
                        + (committed ? ", committed" : ", rolled back"));
            }
        }
    }

    /** XA_OK, or the code of the refusal. */
    private static int finish(XAResource resource, Xid branch, boolean commit) {
        try {
            if (commit) {
                resource.commit(branch, false);
            } else {
                resource.rollback(branch);
            }
            return XAResource.XA_OK;
        } catch (XAException refused) {
            return refused.errorCode;
        }
    }

    /** What waits in a queue, which is received. */
    private List<String> waiting(String queue) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (Session session = here.session();
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                texts.add(Station.text(next));
            }
        }
        return texts;
    }
}
