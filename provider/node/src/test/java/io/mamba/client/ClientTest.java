package io.mamba.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client over the real node and the embedded log. */
class ClientTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address PRICES = Address.topic("prices");

    @TempDir
    private Path directory;

    private Client client;
    private ClientSession session;

    @BeforeEach
    void open() {
        client = Client.open(url(), null, null);
        session = client.openSession();
        session.start();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private MambaUrl url() {
        return MambaUrl.parse("mamba:file:" + directory);
    }

    @Nested
    class AReceiver {
        @Test
        void getsWhatWasSentBeforeARestart() {
            send("a", "b");
            client.close();
            open();

            Receiver receiver = receiver();

            assertThat(text(receiver.receiveNow())).isEqualTo("a");
            assertThat(text(receiver.receiveNow())).isEqualTo("b");
            assertThat(receiver.receiveNow()).isNull();
        }

        @Test
        void aloneSaysAfterARestartWhenItsMessagesAreBuried() {
            Redelivery often = new Redelivery(11, Duration.ZERO, null, null, null);
            send("hard");
            for (int attempt = 1; attempt <= 10; attempt++) { // the limit of a queue whose receiver says nothing
                Delivery delivery = Objects.requireNonNull(
                        session.receiver(Source.queue(ORDERS, null), often).receive(Duration.ofMinutes(1)));
                assertThat(delivery.attempt()).isEqualTo(attempt);
                delivery.mark();
                client.close();
                open();
            }
            Receiver dead = session.receiver(Source.queue(Address.queue("DLQ.orders"), null));
            assertThat(dead.receiveNow()).isNull();

            Delivery last = Objects.requireNonNull(
                    session.receiver(Source.queue(ORDERS, null), often).receive(Duration.ofMinutes(1)));
            assertThat(last.attempt()).isEqualTo(11);
            last.mark();
            client.close();
            open();
            assertThat(receiver().receiveNow()).isNull();
            assertThat(text(session.receiver(Source.queue(Address.queue("DLQ.orders"), null))
                            .receive(Duration.ofMinutes(1))))
                    .isEqualTo("hard");
        }

        @Test
        void waitsForAMessageOfAnotherThread() {
            CompletableFuture<String> got =
                    CompletableFuture.supplyAsync(() -> text(receiver().receive(null)));

            send("a");

            assertThat(got.join()).isEqualTo("a");
        }

        @Test
        void givesUpAfterItsTimeout() {
            assertThat(receiver().receive(Duration.ofMillis(1))).isNull();
        }

        @Test
        void isFreedByItsClose() {
            Receiver receiver = receiver();
            CompletableFuture<Boolean> nothing = CompletableFuture.supplyAsync(() -> receiver.receive(null) == null);

            receiver.close();

            assertThat(nothing.join()).isTrue();
        }

        @Test
        void answersOneDemandWithOneDelivery() throws InterruptedException {
            BlockingQueue<String> got = new LinkedBlockingQueue<>();
            Receiver receiver = receiver();
            receiver.sink(delivery -> got.add(text(delivery)));
            receiver.demand();

            send("a", "b");

            assertThat(got.take()).isEqualTo("a");
            assertThat(got).isEmpty();
        }

        @Test
        void keepsItsDemandOverAStop() throws InterruptedException {
            BlockingQueue<String> got = new LinkedBlockingQueue<>();
            Receiver receiver = receiver();
            receiver.sink(delivery -> got.add(text(delivery)));
            receiver.demand();
            session.stop();
            send("a");
            assertThat(got).isEmpty();

            session.start();

            assertThat(got.take()).isEqualTo("a");
        }

        @Test
        void returnsWhatItsSessionHeldWhenThatCloses() {
            send("a", "b");
            Receiver receiver = receiver();
            Delivery first = Objects.requireNonNull(receiver.receiveNow());
            first.mark();
            session.close();
            session = client.openSession();
            session.start();

            Delivery again = Objects.requireNonNull(receiver().receiveNow());

            assertThat(text(again)).isEqualTo("a");
            assertThat(again.attempt()).isEqualTo(2);
        }

        @Test
        void ofAnotherConnectionsTemporaryQueueIsRefused() {
            Address replies = client.createTemporary(Address.Kind.TEMPORARY_QUEUE);
            try (Client other = Client.open(url(), null, null);
                    ClientSession stranger = other.openSession()) {
                assertThatThrownBy(() -> stranger.receiver(Source.queue(replies, null)))
                        .hasMessageContaining("belongs to another connection");
            }
        }
    }

    @Nested
    class ATemporaryQueue {
        @Test
        void isDeletedOnlyWithoutReceiversAndThenGone() {
            Address replies = client.createTemporary(Address.Kind.TEMPORARY_QUEUE);
            Receiver receiver = session.receiver(Source.queue(replies, null));
            session.send(message(replies, "answer"));
            assertThat(text(receiver.receiveNow())).isEqualTo("answer");

            refused(ErrorCode.ILLEGAL_STATE, () -> client.deleteTemporary(replies));
            receiver.close();
            client.deleteTemporary(replies);

            refused(ErrorCode.INVALID_DESTINATION, () -> session.send(message(replies, "late")));
        }
    }

    @Nested
    class ASubscription {
        @Test
        void withNoLocalMissesTheOwnConnectionsMessages() {
            Receiver receiver = session.receiver(new Source(PRICES, null, Source.Kind.PLAIN, null, true));
            try (Client other = Client.open(url(), null, null);
                    ClientSession theirs = other.openSession()) {
                session.send(from(client, "mine"));
                theirs.send(from(other, "theirs"));
            }

            assertThat(text(receiver.receiveNow())).isEqualTo("theirs");
            assertThat(receiver.receiveNow()).isNull();
        }

        @Test
        void thatIsSharedSharesItsMessages() {
            Source source = new Source(PRICES, null, Source.Kind.SHARED, new SubscriptionName(null, "workers"), false);
            Receiver one = session.receiver(source);
            Receiver two = session.receiver(source);

            session.send(message(PRICES, "a"));
            session.send(message(PRICES, "b"));

            assertThat(List.of(text(one.receiveNow()), text(two.receiveNow()))).containsExactly("a", "b");
        }

        @Test
        void thatIsDurableHasOneReceiverAtATime() {
            Source source =
                    new Source(PRICES, null, Source.Kind.DURABLE, new SubscriptionName("shop", "alerts"), false);
            session.receiver(source);

            refused(ErrorCode.ILLEGAL_STATE, () -> session.receiver(source));
            refused(ErrorCode.ILLEGAL_STATE, () -> client.unsubscribe(new SubscriptionName("shop", "alerts")));
        }
    }

    @Nested
    class ABranchOfTheTransactionManager {
        private final Xid xid = new TestXid(1);

        @Test
        void takesSendsAndDeliveriesOfItsSession() throws XAException {
            send("a");
            XAResource resource = client.xaResource(session);
            resource.start(xid, XAResource.TMNOFLAGS);
            UnitOfWork unit = Objects.requireNonNull(session.branch());
            unit.add(Objects.requireNonNull(receiver().receiveNow()));
            unit.send(message(ORDERS, "b"));
            resource.end(xid, XAResource.TMSUCCESS);
            assertThat(session.branch()).isNull();
            assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);

            XAResource anyOther = client.xaResource(null);
            assertThat(anyOther.recover(XAResource.TMSTARTRSCAN)).hasSize(1);
            assertThat(anyOther.recover(XAResource.TMENDRSCAN)).isEmpty();
            assertThat(anyOther.isSameRM(resource)).isTrue();
            anyOther.commit(anyOther.recover(XAResource.TMSTARTRSCAN)[0], false);

            assertThat(text(receiver().receiveNow())).isEqualTo("b");
            assertThat(anyOther.recover(XAResource.TMSTARTRSCAN)).isEmpty();
        }

        @Test
        void isUnknownOnceItIsFinished() {
            XAResource resource = client.xaResource(null);

            assertThatThrownBy(() -> resource.commit(xid, false))
                    .isInstanceOfSatisfying(
                            XAException.class,
                            refusal -> assertThat(refusal.errorCode).isEqualTo(XAException.XAER_NOTA));
        }

        @Test
        void mayBeRolledBackBeforeAJoinedSessionHasEnded() throws XAException {
            send("a");
            ClientSession joined = client.openSession();
            XAResource first = client.xaResource(session);
            XAResource second = client.xaResource(joined);
            first.start(xid, XAResource.TMNOFLAGS);
            second.start(xid, XAResource.TMJOIN);
            Objects.requireNonNull(session.branch())
                    .add(Objects.requireNonNull(receiver().receiveNow()));
            Objects.requireNonNull(joined.branch()).send(message(ORDERS, "b"));
            first.end(xid, XAResource.TMFAIL);
            first.rollback(xid);

            second.end(xid, XAResource.TMSUCCESS);

            assertThat(joined.branch()).isNull();
            assertThat(text(receiver().receiveNow())).isEqualTo("a");
            assertThat(receiver().receiveNow()).isNull();
        }

        @Test
        void cutsItsSessionOffWhenItIsEndedAsFailedByAnotherThread() throws XAException {
            XAResource resource = client.xaResource(session);
            resource.start(xid, XAResource.TMNOFLAGS);
            CompletableFuture.runAsync(() -> endAsFailed(resource)).join();

            assertThat(session.branch()).isNull();
            refused(ErrorCode.ILLEGAL_STATE, session::checkNotCutOff);
            resource.start(new TestXid(2), XAResource.TMNOFLAGS);
            session.checkNotCutOff();
            resource.end(new TestXid(2), XAResource.TMFAIL);
            session.checkNotCutOff();
        }

        private void endAsFailed(XAResource resource) {
            try {
                resource.end(xid, XAResource.TMFAIL);
            } catch (XAException refusal) {
                throw new AssertionError(refusal);
            }
        }

        @Test
        void mayEndWhileItsSessionWorksInAnother() throws XAException {
            Xid other = new TestXid(2);
            XAResource resource = client.xaResource(session);
            resource.start(xid, XAResource.TMNOFLAGS);
            resource.end(xid, XAResource.TMSUSPEND);
            resource.start(other, XAResource.TMNOFLAGS);
            UnitOfWork working = session.branch();

            resource.end(xid, XAResource.TMSUCCESS);

            assertThat(working).isNotNull();
            assertThat(session.branch()).isSameAs(working);
            resource.end(other, XAResource.TMSUCCESS);
            assertThat(session.branch()).isNull();
        }

        @Test
        void refusesWorkOnceItWasRolledBackAndGivesTheMessageBack() throws XAException {
            send("a");
            XAResource resource = client.xaResource(session);
            resource.start(xid, XAResource.TMNOFLAGS);
            UnitOfWork unit = Objects.requireNonNull(session.branch());
            Delivery delivery = Objects.requireNonNull(receiver().receiveNow());
            client.xaResource(null).rollback(xid);

            refused(ErrorCode.ILLEGAL_STATE, () -> unit.add(delivery));
            refused(ErrorCode.ILLEGAL_STATE, () -> unit.send(message(ORDERS, "b")));
            resource.end(xid, XAResource.TMFAIL);

            assertThat(text(receiver().receiveNow())).isEqualTo("a");
            assertThat(receiver().receiveNow()).isNull();
        }
    }

    @Test
    void aClientIdIsOneConnectionsAtATime() {
        client.claimClientId("shop");
        try (Client other = Client.open(url(), null, null)) {
            refused(ErrorCode.INVALID_CLIENT_ID, () -> other.claimClientId("shop"));
            client.close();
            other.claimClientId("shop");
        }
    }

    @Test
    void whatAnEngineCannotDoWithSaysSo() {
        assertThatThrownBy(() -> Client.open(MambaUrl.parse("mamba:kafka://localhost:9092"), null, null))
                .hasMessageContaining("On Kafka each node needs a name of its own");
    }

    private Receiver receiver() {
        return session.receiver(Source.queue(ORDERS, null));
    }

    private void send(String... texts) {
        for (String text : texts) {
            session.send(message(ORDERS, text));
        }
    }

    private static Envelope from(Client sender, String text) {
        return envelope(PRICES, text, sender.id());
    }

    private static Envelope message(Address to, String text) {
        return envelope(to, text, null);
    }

    private static Envelope envelope(Address to, String text, @Nullable String origin) {
        return new Envelope(
                "ID:" + text,
                to,
                true,
                4,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                text.getBytes(UTF_8),
                origin);
    }

    private static String text(@Nullable Delivery delivery) {
        Delivery there = Objects.requireNonNull(delivery, "no message");
        return new String(Objects.requireNonNull(there.message().body()), UTF_8);
    }

    private static void refused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        MambaException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    private record TestXid(int number) implements Xid {
        @Override
        public int getFormatId() {
            return 4711;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {1, 2, (byte) number};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {4};
        }
    }
}
