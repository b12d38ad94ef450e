package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.MambaUrl;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.WhenFull;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReplayNodeTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address PRICES = Address.topic("prices");
    private static final BranchId BRANCH = BranchId.of(1, new byte[] {1}, new byte[] {2});
    private static final long HOLDER = 100;
    private static final DestinationSettings AN_HOUR = DestinationSettings.NONE.retainFor(Duration.ofHours(1));

    private final ManualTimers time = new ManualTimers();
    private String options = "";
    private InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private Node node;

    @BeforeEach
    void open() {
        node = Node.open(MambaUrl.parse("mamba:file:/nowhere" + options), log, time, time);
    }

    @Nested
    class WhatIsSettled {
        @Test
        void goesAtOnceUnlessItIsToStay() {
            send(ORDERS, "a");
            takeAll(ORDERS);

            assertThat(log.contents(ORDERS.partition())).isEmpty();
        }

        @Test
        void staysForTheTimeThatIsSaid() {
            node.destinations().create(ORDERS, AN_HOUR);
            send(ORDERS, "a");
            time.pass(Duration.ofMinutes(30));
            send(ORDERS, "b");
            takeAll(ORDERS);
            assertThat(texts(ORDERS)).containsExactly("a", "b");

            time.pass(Duration.ofMinutes(30));
            assertThat(texts(ORDERS)).containsExactly("b");

            time.pass(Duration.ofMinutes(30));
            assertThat(texts(ORDERS)).isEmpty();
        }

        @Test
        void staysUpToTheSizeThatIsSaid() {
            node.destinations().create(ORDERS, DestinationSettings.NONE.retainBytes(300));
            send(ORDERS, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r");
            takeAll(ORDERS);

            assertThat(texts(ORDERS)).hasSizeBetween(2, 17).contains("q", "r").doesNotContain("a");
        }

        @Test
        void goesByItselfWhenItIsSettledAfterItsTime() {
            node.destinations().create(ORDERS, AN_HOUR);
            send(ORDERS, "a", "b");
            time.pass(Duration.ofHours(2));
            assertThat(texts(ORDERS)).containsExactly("a", "b");

            settle(take(node.queue(ORDERS)));

            assertThat(texts(ORDERS)).containsExactly("b");
        }

        @Test
        void staysOverRestartsAndGoesWhenItsTimeComes() {
            node.destinations().create(ORDERS, AN_HOUR);
            send(ORDERS, "a", "b");
            takeAll(ORDERS);
            node.checkpoint();
            send(ORDERS, "c", "waits");
            takeOne(ORDERS);
            crash();
            assertThat(texts(ORDERS)).containsExactly("a", "b", "c", "waits");

            time.pass(Duration.ofHours(1));

            assertThat(texts(ORDERS)).containsExactly("waits");
            assertThat(takeAll(ORDERS)).containsExactly("waits");
        }

        @Test
        void goesDuringADowntimeToo() {
            node.destinations().create(ORDERS, AN_HOUR);
            send(ORDERS, "a", "waits");
            takeOne(ORDERS);
            node.close();
            time.pass(Duration.ofHours(1));

            log = log.crash(Durability.DURABLE);
            open();

            assertThat(texts(ORDERS)).containsExactly("waits");
        }

        @Test
        void goesWhenNothingIsToStayAnyMore() {
            node.destinations().create(ORDERS, AN_HOUR);
            send(ORDERS, "a", "waits");
            takeOne(ORDERS);

            node.destinations().change(ORDERS, DestinationSettings.NONE);

            assertThat(texts(ORDERS)).containsExactly("waits");
            crash();
            assertThat(takeAll(ORDERS)).containsExactly("waits");
            assertThat(texts(ORDERS)).isEmpty();
        }

        @Test
        void staysFromTheMomentThatItIsSaid() {
            send(ORDERS, "a", "b");
            settle(take(node.queue(ORDERS)));
            node.destinations().change(ORDERS, AN_HOUR);
            send(ORDERS, "c");
            takeAll(ORDERS);

            assertThat(texts(ORDERS)).containsExactly("c");
            crash();
            assertThat(texts(ORDERS)).containsExactly("c");
        }

        @Test
        void staysWhereTheUrlSaysSoForAllDestinations() {
            options = "?retainFor=1h";
            crash();
            send(ORDERS, "a");
            takeAll(ORDERS);

            crash();

            assertThat(texts(ORDERS)).containsExactly("a");
        }
    }

    @Nested
    class ATopicThatRetains {
        @BeforeEach
        void create() {
            node.destinations().create(PRICES, AN_HOUR);
        }

        @Test
        void keepsWhatNobodyHasSubscribedTo() {
            send(PRICES, "a", "b");

            crash();

            assertThat(takeAll(join(plain(StartFrom.EARLIEST)))).containsExactly("a", "b");
        }

        @Test
        void startsNewSubscriptionsWhereTheySay() {
            send(PRICES, "a", "b");
            time.pass(Duration.ofMinutes(1));
            Instant later = time.instant();
            send(PRICES, "c", "d");
            long d = log.contents(PRICES.partition()).get(3).position();

            assertThat(takeAll(join(plain(StartFrom.EARLIEST)))).containsExactly("a", "b", "c", "d");
            assertThat(takeAll(join(plain(StartFrom.LATEST)))).isEmpty();
            assertThat(takeAll(join(plain(StartFrom.position(d))))).containsExactly("d");
            assertThat(takeAll(join(plain(StartFrom.time(later))))).containsExactly("c", "d");
            assertThat(takeAll(join(plain(StartFrom.time(later.plusSeconds(1))))))
                    .isEmpty();
        }

        @Test
        void startsADurableSubscriptionThatSurvivesFromWhereItSays() {
            send(PRICES, "a", "b", "c");
            Lane lane = join(durable("audit", StartFrom.EARLIEST));
            send(PRICES, "d");
            settle(take(lane));

            crash();

            assertThat(takeAll(join(durable("audit", StartFrom.EARLIEST)))).containsExactly("b", "c", "d");
        }

        @Test
        void goesOnWithADurableSubscriptionThatExistsWhereItIs() {
            takeAll(join(durable("audit", StartFrom.EARLIEST)));
            send(PRICES, "a");
            node.subscriptions()
                    .leave(node.lane(new LaneId(PRICES, "durable//audit")).orElseThrow());
            takeAll(join(durable("audit", StartFrom.LATEST)));
            node.subscriptions()
                    .leave(node.lane(new LaneId(PRICES, "durable//audit")).orElseThrow());

            assertThat(takeAll(join(durable("audit", StartFrom.EARLIEST)))).isEmpty();
        }

        @Test
        void startsWithTheFirstThatIsRetained() {
            send(PRICES, "a");
            long a = log.contents(PRICES.partition()).get(0).position();
            time.pass(Duration.ofMinutes(59));
            send(PRICES, "b");
            time.pass(Duration.ofMinutes(2));

            assertThat(takeAll(join(plain(StartFrom.position(a))))).containsExactly("b");
        }

        @Test
        void leavesOutWhatTheSubscriptionDoesNotWant() {
            node.send(message(PRICES, "blue", Map.of("colour", "blue")));
            node.send(message(PRICES, "red", Map.of("colour", "red")));
            Selector blue = Selector.parse("colour = 'blue'");

            Lane lane = node.subscriptions()
                    .join(new SubscriptionSpec(PRICES, null, "s", true, true, blue, null, StartFrom.EARLIEST));

            assertThat(takeAll(lane)).containsExactly("blue");
        }

        @Test
        void holdsForSubscriptionsWhatItDoesNotRetainAnyMore() {
            send(PRICES, "a", "b");
            Lane lane = join(durable("audit", StartFrom.EARLIEST));

            time.pass(Duration.ofHours(2));

            assertThat(takeAll(lane)).containsExactly("a", "b");
            assertThat(texts(PRICES)).isEmpty();
        }
    }

    @Nested
    class ASubscriptionThatIsMoved {
        private Lane lane;

        @BeforeEach
        void createWithFourMessagesOfWhichTwoAreSettled() {
            node.destinations().create(PRICES, AN_HOUR);
            lane = join(durable("audit", StartFrom.LATEST));
            send(PRICES, "a", "b");
            time.pass(Duration.ofMinutes(1));
            send(PRICES, "c", "d");
            settle(take(lane));
            settle(take(lane));
        }

        @Test
        void deliversAgainFromTheFirstThatIsRetained() {
            Replayed replayed = move(StartFrom.EARLIEST);

            assertThat(replayed.again()).isEqualTo(2);
            assertThat(replayed.skipped()).isZero();
            assertThat(replayed.complete()).isTrue();
            Acquired first = take(lane);
            assertThat(first.attempt()).isEqualTo(1);
            settle(first);
            assertThat(takeAll(lane)).containsExactly("b", "c", "d");
        }

        @Test
        void knowsItAfterACrash() {
            move(StartFrom.EARLIEST);

            crash();

            assertThat(takeAll(join(durable("audit", StartFrom.LATEST)))).containsExactly("a", "b", "c", "d");
        }

        @Test
        void isAsItWasIfTheLogRefused() {
            log.failNext(new io.mamba.MambaException(io.mamba.ErrorCode.RESOURCE_LIMIT, "full"));

            assertThatThrownBy(() -> move(StartFrom.EARLIEST)).hasMessage("full");

            assertThat(takeAll(lane)).containsExactly("c", "d");
        }

        @Test
        void settlesWhatItSkips() {
            Replayed replayed = move(StartFrom.LATEST);

            assertThat(replayed.skipped()).isEqualTo(2);
            assertThat(takeAll(lane)).isEmpty();
            send(PRICES, "e");
            crash();
            assertThat(takeAll(join(durable("audit", StartFrom.LATEST)))).containsExactly("e");
        }

        @Test
        void goesToAPosition() {
            long b = log.contents(PRICES.partition()).get(1).position();

            Replayed replayed = move(StartFrom.position(b));

            assertThat(replayed).isEqualTo(new Replayed(b, true, 1, 0));
            assertThat(takeAll(lane)).containsExactly("b", "c", "d");
        }

        @Test
        void goesToATime() {
            assertThat(move(StartFrom.time(time.instant())).again()).isZero();
            assertThat(takeAll(lane)).containsExactly("c", "d");

            assertThat(move(StartFrom.time(time.instant())).again()).isEqualTo(2);
            assertThat(takeAll(lane)).containsExactly("c", "d");
        }

        @Test
        void saysWhenOlderOnesWereAskedForThanAreRetained() {
            long a = log.contents(PRICES.partition()).get(0).position();
            takeAll(lane);
            time.pass(Duration.ofMinutes(59));

            Replayed byPosition = move(StartFrom.position(a));
            assertThat(byPosition.complete()).isFalse();
            assertThat(byPosition.again()).isEqualTo(2);
            takeAll(lane);
            Replayed byTime = move(StartFrom.time(time.instant().minus(Duration.ofMinutes(60))));

            assertThat(byTime.complete()).isFalse();
            assertThat(takeAll(lane)).containsExactly("c", "d");
        }

        @Test
        void leavesWhatIsHeldWithItsHolder() {
            Acquired held = take(lane);

            assertThat(move(StartFrom.EARLIEST).again()).isEqualTo(2);

            settle(held);
            assertThat(takeAll(lane)).containsExactly("a", "b", "d");
        }

        @Test
        void leavesWhatIsPreparedLocked() {
            Unit unit = node.branches().start(BRANCH, HOLDER);
            unit.take(lane, HOLDER, take(lane).position());
            node.branches().end(BRANCH, HOLDER, false);
            node.branches().prepare(BRANCH);

            move(StartFrom.LATEST);

            assertThat(takeAll(lane)).isEmpty();
            node.branches().rollback(BRANCH);
            assertThat(takeAll(lane)).containsExactly("c");
        }

        @Test
        void answersThoseWhoWait() {
            takeAll(lane);
            List<String> got = new ArrayList<>();
            lane.demand(new Demand(HOLDER, QueueState.NO_SELECTOR, message -> got.add(textOf(message))));

            move(StartFrom.EARLIEST);

            assertThat(got).containsExactly("a");
        }

        @Test
        void keepsWhatWaitsAgainAfterItsTime() {
            move(StartFrom.EARLIEST);
            time.pass(Duration.ofHours(2));

            assertThat(takeAll(lane)).containsExactly("a", "b", "c", "d");
            assertThat(texts(PRICES)).isEmpty();
        }

        @Test
        void isFollowedByCheckpointsAsEverythingElse() {
            node.checkpoint();
            move(StartFrom.EARLIEST);
            takeOne(lane);
            node.checkpoint();

            crash();

            assertThat(takeAll(join(durable("audit", StartFrom.LATEST)))).containsExactly("b", "c", "d");
        }

        @Test
        void mustExist() {
            assertThatThrownBy(() -> node.subscriptions().move(null, "other", StartFrom.EARLIEST))
                    .hasMessageContaining("no durable subscription 'other'");
        }

        @Test
        void skipsNothingAndRepeatsNothingWhereNothingIsRetainedAndTheEarliestIsAskedFor() {
            node.destinations().change(PRICES, DestinationSettings.NONE);

            Replayed replayed = move(StartFrom.EARLIEST);

            assertThat(replayed.again() + replayed.skipped()).isZero();
            assertThat(takeAll(lane)).containsExactly("c", "d");
        }

        private Replayed move(StartFrom to) {
            return node.subscriptions().move(null, "audit", to);
        }
    }

    @Nested
    class AQueueThatIsReplayed {
        @BeforeEach
        void create() {
            node.destinations().create(ORDERS, AN_HOUR);
        }

        @Test
        void hasItsSettledMessagesAgainBesideWhatWaits() {
            send(ORDERS, "a", "b", "c");
            settle(take(node.queue(ORDERS)));
            settle(take(node.queue(ORDERS)));
            long b = log.contents(ORDERS.partition()).get(1).position();

            Replayed replayed = node.replay(ORDERS, StartFrom.position(b));

            assertThat(replayed).isEqualTo(new Replayed(b, true, 1, 0));
            assertThat(takeAll(ORDERS)).containsExactly("b", "c");
        }

        @Test
        void givesThemToReceiversWithSelectors() {
            Lane lane = node.queue(ORDERS);
            Selector blue = Selector.parse("colour = 'blue'");
            int number = lane.useSelector(blue);
            node.send(message(ORDERS, "red", Map.of("colour", "red")));
            node.send(message(ORDERS, "blue", Map.of("colour", "blue")));
            takeAll(ORDERS);

            node.replay(ORDERS, StartFrom.EARLIEST);

            assertThat(textOf(lane.acquireNow(HOLDER, number))).isEqualTo("blue");
            assertThat(lane.acquireNow(HOLDER, number)).isNull();
        }

        @Test
        void countsForItsLimitsWhatWaitsAgain() {
            node.destinations().change(ORDERS, AN_HOUR.maxMessages(2).whenFull(WhenFull.REFUSE));
            send(ORDERS, "a", "b");
            takeAll(ORDERS);

            node.replay(ORDERS, StartFrom.EARLIEST);

            assertThatThrownBy(() -> send(ORDERS, "c")).hasMessageContaining("2");
            takeOne(ORDERS);
            send(ORDERS, "d");
            assertThatThrownBy(() -> send(ORDERS, "e")).hasMessageContaining("2");
            assertThat(takeAll(ORDERS)).containsExactly("b", "d");
        }

        @Test
        void takesThousandsInTheOldOrder() {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 2_500; i++) {
                sent.add("m" + i);
                send(ORDERS, "m" + i);
            }
            takeAll(ORDERS);

            assertThat(node.replay(ORDERS, StartFrom.EARLIEST).again()).isEqualTo(2_500);
            crash();

            assertThat(takeAll(ORDERS)).isEqualTo(sent);
        }
    }

    // ---- steps --------------------------------------------------------------------------------------------------

    private void crash() {
        time.close(); // The node that died does nothing any more.
        log = log.crash(Durability.WRITTEN);
        open();
    }

    private Lane join(SubscriptionSpec spec) {
        return node.subscriptions().join(spec);
    }

    private static SubscriptionSpec plain(StartFrom from) {
        return new SubscriptionSpec(PRICES, null, null, false, false, null, null, from);
    }

    private static SubscriptionSpec durable(String name, StartFrom from) {
        return new SubscriptionSpec(PRICES, null, name, false, true, null, null, from);
    }

    private void send(Address to, String... texts) {
        for (String text : texts) {
            node.send(message(to, text, Map.of()));
        }
    }

    private static Acquired take(Lane lane) {
        Acquired message = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR);
        if (message == null) {
            throw new AssertionError("no message in " + lane.id());
        }
        return message;
    }

    private void takeOne(Address queue) {
        takeOne(node.queue(queue));
    }

    private void takeOne(Lane lane) {
        settle(take(lane));
    }

    private void settle(Acquired message) {
        node.settle(message.lane(), HOLDER, new long[] {message.position()}, Durability.WRITTEN);
    }

    private List<String> takeAll(Address queue) {
        return takeAll(node.queue(queue));
    }

    /** Receives and settles. */
    private List<String> takeAll(Lane lane) {
        List<String> texts = new ArrayList<>();
        for (Acquired next = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR);
                next != null;
                next = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR)) {
            texts.add(textOf(next));
            settle(next);
        }
        return texts;
    }

    private List<String> texts(Address destination) {
        return log.contents(destination.partition()).stream()
                .map(record -> new String(record.record().value(), UTF_8))
                .toList();
    }

    private String textOf(@Nullable Acquired message) {
        if (message == null) {
            throw new AssertionError("no message");
        }
        return new String(node.read(message.lane(), message.position()).body(), UTF_8);
    }

    private Envelope message(Address to, String text, Map<String, Object> properties) {
        return new Envelope(
                "ID:" + text,
                to,
                true,
                4,
                time.millis(),
                0,
                0,
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
