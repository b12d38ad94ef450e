package io.mamba.jms.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.cluster.KafkaTestLogs;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
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
                        .isSubsetOf(XAResource.XA_OK, XAException.XAER_NOTA, XAException.XAER_RMFAIL);
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
