package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.StartFrom;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueSettings;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NodeTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address SHIPMENTS = Address.queue("shipments");
    private static final Address PRICES = Address.topic("prices");
    private static final BranchId BRANCH = BranchId.of(1, new byte[] {1}, new byte[] {2});
    private static final long HOLDER = 100;

    private final ManualTimers time = new ManualTimers();
    private InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private Node node;

    @BeforeEach
    void open() {
        node = Node.open(MambaUrl.parse("mamba:file:/nowhere"), log, time, time);
    }

    @Nested
    class AQueue {
        @Test
        void givesMessagesInTheOrderOfSending() {
            send(ORDERS, "a", "b", "c");

            assertThat(takeAll(ORDERS)).containsExactly("a", "b", "c");
        }

        @Test
        void answersADemandWhenAMessageComes() {
            List<String> got = new ArrayList<>();
            node.queue(ORDERS).demand(new Demand(HOLDER, QueueState.NO_SELECTOR, message -> got.add(textOf(message))));
            assertThat(got).isEmpty();

            send(ORDERS, "a", "b");

            assertThat(got).containsExactly("a");
        }

        @Test
        void aDemandTakenBackIsNotAnswered() {
            List<String> got = new ArrayList<>();
            Demand demand = new Demand(HOLDER, QueueState.NO_SELECTOR, message -> got.add(textOf(message)));
            node.queue(ORDERS).demand(demand);

            assertThat(node.queue(ORDERS).cancel(demand)).isTrue();
            send(ORDERS, "a");

            assertThat(got).isEmpty();
            assertThat(takeAll(ORDERS)).containsExactly("a");
        }

        @Test
        void settledMessagesStayAwayAfterACrash() {
            send(ORDERS, "a", "b");
            settle(take(ORDERS));

            crash();

            assertThat(takeAll(ORDERS)).containsExactly("b");
        }

        @Test
        void aMarkedMessageComesBackAfterACrashWithItsCount() {
            send(ORDERS, "a");
            Acquired first = take(ORDERS);
            node.mark(first.lane(), HOLDER, first.position());

            crash();

            assertThat(take(ORDERS).attempt()).isEqualTo(2);
        }

        @Test
        void anUnmarkedMessageComesBackAsIfItHadNotBeenTaken() {
            send(ORDERS, "a");
            take(ORDERS);

            crash();

            assertThat(take(ORDERS).attempt()).isEqualTo(1);
        }

        @Test
        void aSelectorFindsWhatWaitsAndWhatComes() {
            node.send(message(ORDERS, "red", Map.of("colour", "red")));
            node.send(message(ORDERS, "blue", Map.of("colour", "blue")));
            Selector selector = Selector.parse("colour = 'blue'");
            int number = node.queue(ORDERS).useSelector(selector);
            node.send(message(ORDERS, "blue again", Map.of("colour", "blue")));

            assertThat(textOf(node.queue(ORDERS).acquireNow(HOLDER, number))).isEqualTo("blue");
            assertThat(textOf(node.queue(ORDERS).acquireNow(HOLDER, number))).isEqualTo("blue again");
            assertThat(node.queue(ORDERS).acquireNow(HOLDER, number)).isNull();
        }

        @Test
        void aDelayedMessageComesWhenItsTimeHasCome() {
            long now = time.millis();
            node.send(message(ORDERS, "later", Map.of(), now + 5_000, 0));
            List<String> got = new ArrayList<>();
            node.queue(ORDERS).demand(new Demand(HOLDER, QueueState.NO_SELECTOR, message -> got.add(textOf(message))));

            time.pass(Duration.ofMillis(4_999));
            assertThat(got).isEmpty();
            time.pass(Duration.ofMillis(1));
            assertThat(got).containsExactly("later");
        }

        @Test
        void aDelayedMessageComesOnTimeAlthoughAnExpiryWasRefusedJustBefore() {
            long now = time.millis();
            node.send(message(ORDERS, "old", Map.of(), 0, now + 1_000));
            node.send(message(ORDERS, "later", Map.of(), now + 1_500, 0));
            log.failNext(new MambaException(ErrorCode.UNAVAILABLE, "refused by a test"));
            time.pass(Duration.ofMillis(1_200));
            List<String> got = new ArrayList<>();
            node.queue(ORDERS).demand(new Demand(HOLDER, QueueState.NO_SELECTOR, message -> got.add(textOf(message))));

            time.pass(Duration.ofMillis(299));
            assertThat(got).isEmpty();
            time.pass(Duration.ofMillis(1));
            assertThat(got).containsExactly("later");
        }

        @Test
        void anExpiredMessageIsNeverGiven() {
            node.send(message(ORDERS, "old", Map.of(), 0, time.millis() + 1_000));

            time.pass(Duration.ofSeconds(2));

            assertThat(takeAll(ORDERS)).isEmpty();
        }
    }

    @Nested
    class AFailingListener {
        @Test
        void meetsTheMessageAgainAtOnceAndThenAfterABackOff() {
            send(ORDERS, "a");
            fail(take(ORDERS), "boom");
            fail(take(ORDERS), "boom");
            assertThat(node.queue(ORDERS).acquireNow(HOLDER, QueueState.NO_SELECTOR))
                    .isNull();

            time.pass(Duration.ofMillis(100));

            assertThat(take(ORDERS).attempt()).isEqualTo(3);
        }

        @Test
        void isRidOfItAfterTenDeliveriesWithCauseAttemptsAndOriginInTheDeadLetterQueue() {
            exhaust("boom");

            Acquired dead = take(Address.queue("DLQ.orders"));
            assertThat(textOf(dead)).isEqualTo("a");
            assertThat(node.read(dead.lane(), dead.position()).properties())
                    .containsEntry(DeadLetters.CAUSE, "boom")
                    .containsEntry(DeadLetters.ATTEMPTS, 10)
                    .containsEntry(DeadLetters.ORIGIN, "queue://orders");
            assertThat(takeAll(ORDERS)).isEmpty();
        }

        @Test
        void mayHaveRulesAndADeadLetterQueueOfItsOwn() {
            Address morgue = Address.queue("morgue");
            node.queue(ORDERS).redelivery(usual -> new QueueSettings(2, Duration.ZERO, 1, Duration.ZERO), morgue);
            send(ORDERS, "a");
            fail(take(ORDERS), "boom");
            fail(take(ORDERS), "boom");

            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(morgue)).containsExactly("a");
        }

        @Test
        void mayLowerTheLimitForWhatHasFailedBefore() {
            send(ORDERS, "a");
            fail(take(ORDERS), "boom");
            fail(take(ORDERS), "boom");

            node.queue(ORDERS).redelivery(usual -> new QueueSettings(2, Duration.ZERO, 1, Duration.ZERO), null);
            time.pass(Duration.ofSeconds(1));

            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(Address.queue("DLQ.orders"))).containsExactly("a");
        }

        @Test
        void doesNotLoseADeadLetterInACrash() {
            exhaust("boom");

            crash();

            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(Address.queue("DLQ.orders"))).containsExactly("a");
        }

        @Test
        void getsItBackByRedrive() {
            exhaust("boom");

            assertThat(Transfer.redrive(node, ORDERS)).isEqualTo(1);

            Acquired again = take(ORDERS);
            assertThat(textOf(again)).isEqualTo("a");
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(node.read(again.lane(), again.position()).properties()).doesNotContainKey(DeadLetters.CAUSE);
        }

        private void exhaust(String cause) {
            send(ORDERS, "a");
            for (int i = 0; i < 10; i++) {
                fail(take(ORDERS), cause);
                time.pass(Duration.ofSeconds(30));
            }
        }

        private void fail(Acquired message, String cause) {
            node.mark(message.lane(), HOLDER, message.position());
            node.release(message.lane(), HOLDER, new long[] {message.position()}, cause);
        }
    }

    @Nested
    class AUnit {
        @Test
        void isSeenOnlyAfterItsCommit() {
            send(ORDERS, "a");
            Unit unit = node.newUnit();
            unit.send(message(SHIPMENTS, "ship a", Map.of()));
            takeInto(unit, ORDERS);
            assertThat(takeAll(SHIPMENTS)).isEmpty();

            node.commit(unit);

            assertThat(takeAll(SHIPMENTS)).containsExactly("ship a");
            crash();
            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(SHIPMENTS)).containsExactly("ship a");
        }

        @Test
        void leavesNothingWhenTheLogRefusesIt() {
            send(ORDERS, "a");
            Unit unit = node.newUnit();
            unit.send(message(SHIPMENTS, "ship a", Map.of()));
            takeInto(unit, ORDERS);
            log.failNext(new MambaException(ErrorCode.RESOURCE_LIMIT, "full"));

            assertThatThrownBy(() -> node.commit(unit)).hasMessageContaining("full");
            node.rollback(unit);

            assertThat(takeAll(SHIPMENTS)).isEmpty();
            assertThat(takeAll(ORDERS)).containsExactly("a");
        }
    }

    @Nested
    class ABranch {
        @Test
        void isFoundAfterACrashAndCommittedByAnybody() {
            prepare();
            crash();

            assertThat(node.branches().inDoubt()).containsExactly(BRANCH);
            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(SHIPMENTS)).isEmpty();

            node.branches().commit(BRANCH, false);

            assertThat(takeAll(SHIPMENTS)).containsExactly("ship a");
            crash();
            assertThat(node.branches().inDoubt()).isEmpty();
            assertThat(takeAll(ORDERS)).isEmpty();
        }

        @Test
        void isFoundAfterACrashAndRolledBackByAnybody() {
            prepare();
            crash();

            node.branches().rollback(BRANCH);

            assertThat(takeAll(ORDERS)).containsExactly("a");
            assertThat(takeAll(SHIPMENTS)).isEmpty();
            crash();
            assertThat(node.branches().inDoubt()).isEmpty();
            assertThat(takeAll(ORDERS)).containsExactly("a");
        }

        @Test
        void isForgottenByACrashBeforeItsPrepare() {
            send(ORDERS, "a");
            Unit unit = node.branches().start(BRANCH, HOLDER);
            takeInto(unit, ORDERS);

            crash();

            assertThat(node.branches().inDoubt()).isEmpty();
            assertThat(takeAll(ORDERS)).containsExactly("a");
        }

        @Test
        void staysPreparedOverACheckpoint() {
            prepare();
            node.checkpoint();
            crash();

            node.branches().commit(BRANCH, false);

            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(SHIPMENTS)).containsExactly("ship a");
        }

        @Test
        void isFoundWhileItsOutcomeIsBeingWritten() throws InterruptedException {
            prepare();
            log.hold(Durability.DURABLE);
            Thread committing = new Thread(() -> node.branches().commit(BRANCH, false));
            committing.start();
            awaitHeld(1);

            assertThat(node.branches().inDoubt()).containsExactly(BRANCH);

            log.proceed();
            committing.join();
            assertThat(node.branches().inDoubt()).isEmpty();
        }

        @Test
        void withoutWorkIsReadOnly() {
            node.branches().start(BRANCH, HOLDER);
            node.branches().end(BRANCH, HOLDER, false);

            assertThat(node.branches().prepare(BRANCH)).isFalse();
            assertThat(node.branches().inDoubt()).isEmpty();
        }

        private void prepare() {
            send(ORDERS, "a");
            Unit unit = node.branches().start(BRANCH, HOLDER);
            unit.send(message(SHIPMENTS, "ship a", Map.of()));
            takeInto(unit, ORDERS);
            node.branches().end(BRANCH, HOLDER, false);
            assertThat(node.branches().prepare(BRANCH)).isTrue();
        }
    }

    @Nested
    class ATopic {
        @Test
        void givesEverySubscriptionItsOwnCopy() {
            Lane one = node.subscriptions().join(plain(null));
            Lane two = node.subscriptions().join(plain(null));

            send(PRICES, "a");

            assertThat(takeAll(one)).containsExactly("a");
            assertThat(takeAll(two)).containsExactly("a");
        }

        @Test
        void filtersAtTheSubscription() {
            Lane lane = node.subscriptions().join(plain(Selector.parse("colour = 'blue'")));

            node.send(message(PRICES, "red", Map.of("colour", "red")));
            node.send(message(PRICES, "blue", Map.of("colour", "blue")));

            assertThat(takeAll(lane)).containsExactly("blue");
        }

        @Test
        void keepsForADurableSubscriptionWhatWasSentWhileItWasAwayAlsoOverACrash() {
            node.subscriptions().leave(node.subscriptions().join(durable("alerts", null)));
            send(PRICES, "a");
            crash();
            send(PRICES, "b");

            Lane lane = node.subscriptions().join(durable("alerts", null));

            assertThat(takeAll(lane)).containsExactly("a", "b");
        }

        @Test
        void replacesADurableSubscriptionThatChanged() {
            node.subscriptions().leave(node.subscriptions().join(durable("alerts", null)));
            send(PRICES, "a");

            Lane lane = node.subscriptions().join(durable("alerts", Selector.parse("colour = 'blue'")));
            node.send(message(PRICES, "blue", Map.of("colour", "blue")));

            assertThat(takeAll(lane)).containsExactly("blue");
            crash();
            assertThat(takeAll(node.subscriptions().join(durable("alerts", Selector.parse("colour = 'blue'")))))
                    .containsExactly("blue");
        }

        @Test
        void forgetsASubscriptionThatWasEnded() {
            node.subscriptions().leave(node.subscriptions().join(durable("alerts", null)));
            send(PRICES, "a");
            node.subscriptions().unsubscribe(null, "alerts");

            assertThatThrownBy(() -> node.subscriptions().unsubscribe(null, "alerts"))
                    .hasMessageContaining("no durable subscription 'alerts'");
            crash();
            assertThat(takeAll(node.subscriptions().join(durable("alerts", null))))
                    .isEmpty();
        }

        @Test
        void letsWhoHasAMessageOfASubscriptionThatEndedSettleIt() {
            Lane lane = node.subscriptions().join(plain(null));
            send(PRICES, "a");
            Acquired message = take(lane);
            node.subscriptions().leave(lane);

            settle(message);

            assertThat(log.contents(PRICES.partition())).isEmpty();
            assertStillWorks();
        }

        @Test
        void doesNotBuryWhatASubscriptionThatEndedHadFailedWith() {
            Lane lane = node.subscriptions().join(plain(null));
            send(PRICES, "a");
            Acquired message = take(lane);
            for (int i = 0; i < 10; i++) {
                node.mark(lane, HOLDER, message.position());
            }
            node.subscriptions().leave(lane);

            node.release(lane, HOLDER, new long[] {message.position()}, "boom");

            assertStillWorks();
        }

        @Test
        void settlesNothingOfASubscriptionThatHasTheNameOfAnEarlierOne() {
            Lane earlier = node.subscriptions().join(durable("alerts", null));
            send(PRICES, "a");
            Acquired old = take(earlier);
            node.subscriptions().leave(earlier);
            node.subscriptions().unsubscribe(null, "alerts");
            Lane lane = node.subscriptions().join(durable("alerts", null));
            send(PRICES, "b");

            settle(old);

            assertThat(takeAll(lane)).containsExactly("b");
            assertStillWorks();
        }

        @Test
        void leavesNothingBehindWhenItEndsDuringACheckpoint() throws InterruptedException {
            node.queue(ORDERS);
            node.subscriptions().leave(node.subscriptions().join(durable("alerts", null)));
            send(PRICES, "a");
            send(ORDERS, "b");
            log.hold(Durability.DURABLE);
            Thread checkpoint = new Thread(node::checkpoint);
            checkpoint.start();
            awaitHeld(1);
            Thread ending = new Thread(() -> node.subscriptions().unsubscribe(null, "alerts"));
            ending.start();
            awaitHeld(2);
            log.proceed();
            checkpoint.join();
            ending.join();

            crash();

            assertThat(takeAll(node.subscriptions().join(durable("alerts", null))))
                    .isEmpty();
        }

        private void assertStillWorks() {
            send(ORDERS, "next");
            assertThat(takeAll(ORDERS)).containsExactly("next");
        }

        private SubscriptionSpec plain(@Nullable Selector selector) {
            return new SubscriptionSpec(PRICES, null, null, false, false, selector, null, StartFrom.LATEST);
        }

        private SubscriptionSpec durable(String name, @Nullable Selector selector) {
            return new SubscriptionSpec(PRICES, null, name, false, true, selector, null, StartFrom.LATEST);
        }
    }

    @Nested
    class ACheckpoint {
        @Test
        void givesTheSameQueueAsTheWholeHistory() {
            send(ORDERS, "a", "b", "c", "d");
            settle(take(ORDERS));
            node.checkpoint();
            settle(take(ORDERS));
            send(ORDERS, "e");

            crash();

            assertThat(takeAll(ORDERS)).containsExactly("c", "d", "e");
        }

        @Test
        void knowsWhatOvertookAMessageThatWasStillBeingForced() throws InterruptedException {
            send(ORDERS, "first");
            log.hold(Durability.DURABLE);
            var slow = node.sendAsync(message(ORDERS, "slow", Map.of()), new Sender());
            node.send(nonPersistent(ORDERS, "fast"));
            node.send(nonPersistent(ORDERS, "faster"));
            takeNamed("fast");
            Thread checkpoint = new Thread(node::checkpoint);
            checkpoint.start();
            awaitHeld(2);
            log.proceed();
            checkpoint.join();
            assertThat(slow).isCompleted();

            crash();

            assertThat(takeAll(ORDERS)).containsExactlyInAnyOrder("first", "slow", "faster");
        }

        private void takeNamed(String text) {
            List<Acquired> others = new ArrayList<>();
            Acquired message = take(ORDERS);
            while (!textOf(message).equals(text)) {
                others.add(message);
                message = take(ORDERS);
            }
            settle(message);
            others.forEach(other -> node.release(other.lane(), HOLDER, new long[] {other.position()}, null));
        }
    }

    private void awaitHeld(int number) {
        while (log.held() < number) {
            Thread.onSpinWait();
        }
    }

    private void crash() {
        log = log.crash(Durability.WRITTEN);
        open();
    }

    private void send(Address to, String... texts) {
        for (String text : texts) {
            node.send(message(to, text, Map.of()));
        }
    }

    private Acquired take(Address queue) {
        return take(node.queue(queue));
    }

    private Acquired take(Lane lane) {
        return Objects.requireNonNull(
                lane.acquireNow(HOLDER, QueueState.NO_SELECTOR), () -> "no message in " + lane.id());
    }

    private List<String> takeAll(Address queue) {
        return takeAll(node.queue(queue));
    }

    private List<String> takeAll(Lane lane) {
        List<String> texts = new ArrayList<>();
        Acquired message = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR);
        while (message != null) {
            texts.add(textOf(message));
            message = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR);
        }
        return texts;
    }

    private void takeInto(Unit unit, Address queue) {
        Acquired message = take(queue);
        unit.take(message.lane(), HOLDER, message.position());
    }

    private void settle(Acquired message) {
        node.settle(message.lane(), HOLDER, new long[] {message.position()}, Durability.WRITTEN);
    }

    private String textOf(@Nullable Acquired message) {
        Acquired taken = Objects.requireNonNull(message, "no message");
        byte[] body = node.read(taken.lane(), taken.position()).body();
        return body == null ? "" : new String(body, UTF_8);
    }

    private Envelope message(Address to, String text, Map<String, Object> properties) {
        return message(to, text, properties, 0, 0);
    }

    private Envelope message(Address to, String text, Map<String, Object> properties, long deliverAt, long expireAt) {
        return envelope(to, text, properties, deliverAt, expireAt, true);
    }

    private Envelope nonPersistent(Address to, String text) {
        return envelope(to, text, Map.of(), 0, 0, false);
    }

    private Envelope envelope(
            Address to,
            String text,
            Map<String, Object> properties,
            long deliverAt,
            long expireAt,
            boolean persistent) {
        return new Envelope(
                "ID:" + text,
                to,
                persistent,
                4,
                time.millis(),
                expireAt,
                deliverAt,
                null,
                null,
                null,
                null,
                null,
                properties,
                BodyType.TEXT,
                text.getBytes(UTF_8),
                null);
    }
}
