package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.StartFrom;
import io.mamba.WhenFull;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import io.mamba.queue.QueueState;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a full destination does to sends, over the in-memory log. */
class LimitsTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address DEAD = Address.queue("DLQ.orders");
    private static final Address PRICES = Address.topic("prices");
    private static final BranchId BRANCH = BranchId.of(1, new byte[] {1}, new byte[] {2});
    private static final long HOLDER = 100;
    private static final DestinationSettings THREE = DestinationSettings.NONE.maxMessages(3);
    private static final DestinationSettings REFUSING = THREE.whenFull(WhenFull.REFUSE);

    private final ManualTimers time = new ManualTimers();
    private InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private Node node;

    @BeforeEach
    void open() {
        open("");
    }

    private void open(String options) {
        node = Node.open(MambaUrl.parse("mamba:file:/nowhere" + options), log, time, time);
    }

    @Nested
    class WhereSendsAreRefused {
        @Test
        void takesMessagesUpToTheLimitAndAgainWhenOneIsDone() {
            node.destinations().create(ORDERS, REFUSING);
            send(ORDERS, "a", "b", "c");

            assertFull(() -> send(ORDERS, "d"))
                    .withMessage("queue://orders is full (3 of at most 3 messages): the send was refused at once"
                            + " (whenFull=refuse). Receive messages from it, or raise its limits.");
            Acquired first = take(ORDERS);
            assertFull(() -> send(ORDERS, "d"));
            settle(first);

            send(ORDERS, "e");
            assertThat(takeAll(ORDERS)).containsExactly("b", "c", "e");
        }

        @Test
        void countsNonPersistentAndAsynchronousSendsToo() {
            node.destinations().create(ORDERS, REFUSING);
            node.send(message(ORDERS, "a", false));
            node.sendAsync(message(ORDERS, "b", true), new Sender()).join();
            node.sendAsync(message(ORDERS, "c", false), new Sender()).join();

            assertFull(() -> node.send(message(ORDERS, "d", false)));
            assertFull(() ->
                    node.sendAsync(message(ORDERS, "d", true), new Sender()).join());
        }

        @Test
        void countsBytesAsTheyAreStored() {
            int size = Admission.bytes(MessageCodec.encode(message(ORDERS, "a", true)));
            node.destinations()
                    .create(ORDERS, DestinationSettings.NONE.maxBytes(3L * size).whenFull(WhenFull.REFUSE));
            send(ORDERS, "a", "b", "c");

            assertFull(() -> send(ORDERS, "d")).withMessageContaining("of at most " + 3 * size + " bytes");
            settle(take(ORDERS));

            assertFull(() -> send(ORDERS, "longer")).withMessageContaining(2 * size + " of at most");
            send(ORDERS, "e");
            assertFull(() -> send(ORDERS, "x".repeat(3 * size))).withMessageContaining("can never take 1 messages");
        }

        @Test
        void takesBackRoomOfWhatTheLogRefused() {
            node.destinations().create(ORDERS, REFUSING);
            log.failNext(new MambaException(ErrorCode.RESOURCE_LIMIT, "The disk is full."));

            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> send(ORDERS, "a"))
                    .withMessageMatching("A message of \\d+ bytes for queue://orders was refused: The disk is full.");
            send(ORDERS, "b", "c", "d");

            assertFull(() -> send(ORDERS, "e"));
        }

        @Test
        void refusesATransactionWhole() {
            node.destinations().create(ORDERS, REFUSING);
            send(ORDERS, "a", "b");
            Unit unit = node.newUnit();
            unit.send(message(ORDERS, "c", true));
            unit.send(message(ORDERS, "d", true));
            unit.send(message(Address.queue("others"), "e", true));

            assertFull(() -> node.commit(unit));

            assertThat(takeAll(Address.queue("others"))).isEmpty();
            send(ORDERS, "f");
        }

        @Test
        void letsATransactionInThatTakesAsMuchAsItBrings() {
            node.destinations().create(ORDERS, REFUSING);
            send(ORDERS, "a", "b", "c");
            Unit unit = node.newUnit();
            take(unit, ORDERS);
            unit.send(message(ORDERS, "d", true));
            node.commit(unit);

            assertFull(() -> send(ORDERS, "e"));
            assertThat(takeAll(ORDERS)).containsExactly("b", "c", "d");
        }

        @Test
        void countsWhatAPreparedBranchWillSend() {
            node.destinations().create(ORDERS, REFUSING);
            prepareTwo();

            send(ORDERS, "c");
            assertFull(() -> send(ORDERS, "d"));
            node.branches().rollback(BRANCH);
            send(ORDERS, "d", "e");
            assertFull(() -> send(ORDERS, "f"));
        }

        @Test
        void countsWhatAPreparedBranchSentOnlyOnce() {
            node.destinations().create(ORDERS, REFUSING);
            prepareTwo();
            node.branches().commit(BRANCH, false);

            send(ORDERS, "c");
            assertFull(() -> send(ORDERS, "d"));
        }

        @Test
        void rollsABranchBackThatCannotBePrepared() {
            node.destinations().create(ORDERS, REFUSING);
            send(ORDERS, "a", "b");
            Unit unit = node.branches().start(BRANCH, HOLDER);
            take(unit, ORDERS);
            List.of("c", "d", "e").forEach(text -> unit.send(message(ORDERS, text, true)));
            node.branches().end(BRANCH, HOLDER, false);

            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> node.branches().prepare(BRANCH))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ROLLED_BACK))
                    .withMessageContaining("queue://orders is full (2 of at most 3 messages)");

            assertThat(node.branches().inDoubt()).isEmpty();
            assertThat(takeAll(ORDERS)).containsExactly("a", "b");
        }

        @Test
        void holdsAfterARestartWithPreparedBranches() {
            node.destinations().create(ORDERS, REFUSING.maxBytes(10_000));
            prepareTwo();
            send(ORDERS, "c");
            log = log.crash(Durability.DURABLE);
            open();

            assertFull(() -> send(ORDERS, "d"));
            node.branches().commit(BRANCH, false);
            assertFull(() -> send(ORDERS, "d"));
            settle(take(ORDERS));
            send(ORDERS, "d");
            assertThat(node.owner(ORDERS).gate().used().bytes())
                    .isEqualTo(3L * Admission.bytes(MessageCodec.encode(message(ORDERS, "d", true))));
        }

        @Test
        void changesWithTheSettings() {
            node.destinations().create(ORDERS, DestinationSettings.NONE);
            send(ORDERS, "a", "b", "c");
            node.destinations().change(ORDERS, REFUSING);
            assertFull(() -> send(ORDERS, "d"));

            node.destinations().change(ORDERS, REFUSING.maxMessages(4));
            send(ORDERS, "d");
            assertFull(() -> send(ORDERS, "e"));

            node.destinations().change(ORDERS, REFUSING.maxMessages(2));
            settle(take(ORDERS));
            settle(take(ORDERS));
            assertFull(() -> send(ORDERS, "e"));
            settle(take(ORDERS));
            send(ORDERS, "e");

            node.destinations().change(ORDERS, DestinationSettings.NONE);
            send(ORDERS, "f", "g", "h");
        }

        @Test
        void holdsForAllByTheUrlButNotForDeadLettersAndTemporaryOnes() {
            open("?maxMessages=1&whenFull=refuse");
            Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");
            node.destinations().ensure(temporary);
            send(ORDERS, "a");

            assertFull(() -> send(ORDERS, "b"));
            send(DEAD, "x", "y");
            send(temporary, "x", "y");
        }

        private void prepareTwo() {
            Unit unit = node.branches().start(BRANCH, HOLDER);
            unit.send(message(ORDERS, "1", true));
            unit.send(message(ORDERS, "2", true));
            node.branches().end(BRANCH, HOLDER, false);
            node.branches().prepare(BRANCH);
        }
    }

    @Nested
    class WhereSendsWait {
        @Test
        void wakesThemInTheOrderOfTheirComing() {
            node.destinations().create(ORDERS, THREE);
            send(ORDERS, "a", "b", "c");
            CompletableFuture<Void> first = waiting(message(ORDERS, "d", true), new Sender());
            CompletableFuture<Void> second = waiting(message(ORDERS, "e", true), new Sender());

            settle(take(ORDERS));
            first.join();
            assertThat(second).isNotDone();
            settle(take(ORDERS));
            second.join();

            assertThat(takeAll(ORDERS)).containsExactly("c", "d", "e");
        }

        @Test
        void refusesThemAfterTheTimeout() {
            node.destinations().create(ORDERS, THREE.sendTimeout(Duration.ofMillis(20)));
            send(ORDERS, "a", "b", "c");

            assertFull(() -> send(ORDERS, "d"))
                    .withMessageContaining("refused after it had waited for 20 ms (whenFull=block, sendTimeout)");
            settle(take(ORDERS));
            send(ORDERS, "e");
        }

        @Test
        void endsThemWithTheirSender() {
            node.destinations().create(ORDERS, THREE);
            send(ORDERS, "a", "b", "c");
            Sender sender = new Sender();
            CompletableFuture<Void> waits = waiting(message(ORDERS, "d", true), sender);
            CompletableFuture<Void> other = waiting(message(ORDERS, "e", true), new Sender());

            sender.end();

            assertThat(waits)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("its session is closed");
            settle(take(ORDERS));
            other.join();
        }

        @Test
        void endsThemWithTheNode() {
            node.destinations().create(ORDERS, THREE);
            send(ORDERS, "a", "b", "c");
            CompletableFuture<Void> waits = waiting(message(ORDERS, "d", true), new Sender());

            node.close();

            assertThat(waits)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("The log is closed.");
        }

        @Test
        void letsThemThroughWhenTheLimitIsRaised() {
            node.destinations().create(ORDERS, THREE);
            send(ORDERS, "a", "b", "c");
            CompletableFuture<Void> waits = waiting(message(ORDERS, "d", true), new Sender());

            node.destinations().change(ORDERS, THREE.maxMessages(4));

            waits.join();
            assertThat(takeAll(ORDERS)).hasSize(4);
        }

        @Test
        void letsTheirConsumersTransactionsPass() {
            node.destinations().create(ORDERS, THREE);
            send(ORDERS, "a", "b", "c");
            CompletableFuture<Void> waits = waiting(message(ORDERS, "d", true), new Sender());
            Unit unit = node.newUnit();
            take(unit, ORDERS);
            unit.send(message(ORDERS, "again", true));
            node.commit(unit);
            assertThat(waits).isNotDone();

            settle(take(ORDERS));

            waits.join();
            assertThat(takeAll(ORDERS)).containsExactly("c", "again", "d");
        }

        @Test
        void neverHoldsMoreThanTheLimitUnderManySenders() {
            node.destinations().create(ORDERS, THREE.maxMessages(10));
            int senders = 8;
            int each = 250;
            long most = 0;
            List<CompletableFuture<Void>> sending = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                boolean inUnits = s % 2 == 0;
                sending.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < each; i++) {
                                if (inUnits) {
                                    Unit unit = node.newUnit();
                                    unit.send(message(ORDERS, "t" + i, true));
                                    node.commit(unit);
                                } else {
                                    node.send(message(ORDERS, "p" + i, i % 3 == 0));
                                }
                            }
                        },
                        task -> new Thread(task).start()));
            }
            for (int received = 0; received < senders * each; ) {
                most = Math.max(most, node.status().get(0).getDepth());
                Acquired message = node.queue(ORDERS).acquireNow(HOLDER, QueueState.NO_SELECTOR);
                if (message == null) {
                    sending.stream()
                            .filter(CompletableFuture::isCompletedExceptionally)
                            .forEach(CompletableFuture::join);
                    Thread.onSpinWait();
                } else {
                    settle(message);
                    received++;
                }
            }
            CompletableFuture.allOf(sending.toArray(CompletableFuture[]::new)).join();

            assertThat(most).isBetween(1L, 10L);
            assertThat(node.owner(ORDERS).gate().used().messages()).isZero();
        }

        private CompletableFuture<Void> waiting(Envelope message, Sender sender) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    node.send(message, sender);
                    sent.complete(null);
                } catch (MambaException refused) {
                    sent.completeExceptionally(refused);
                }
            });
            thread.start();
            while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
                LockSupport.parkNanos(100_000);
            }
            return sent;
        }
    }

    @Nested
    class WhereTheOldestMakeRoom {
        private final DestinationSettings moving = THREE.whenFull(WhenFull.OLDEST_TO_DLQ);

        @Test
        void movesThemWithTheirCauseAndOrigin() {
            node.destinations().create(ORDERS, moving);
            send(ORDERS, "a", "b", "c", "d", "e");

            assertThat(takeAll(ORDERS)).containsExactly("c", "d", "e");
            Envelope dead = node.read(node.queue(DEAD), take(DEAD).position());
            assertThat(dead.properties())
                    .containsEntry(
                            DeadLetters.CAUSE, "queue://orders was full, and this was among its oldest messages.")
                    .containsEntry(DeadLetters.ORIGIN, "queue://orders")
                    .containsEntry(DeadLetters.ATTEMPTS, 0);
            assertThat(takeAll(DEAD)).containsExactly("b");
        }

        @Test
        void makesRoomForWholeTransactions() {
            node.destinations().create(ORDERS, moving);
            send(ORDERS, "a", "b", "c");
            Unit unit = node.newUnit();
            unit.send(message(ORDERS, "d", true));
            unit.send(message(ORDERS, "e", true));
            node.commit(unit);

            assertThat(takeAll(ORDERS)).containsExactly("c", "d", "e");
            assertThat(takeAll(DEAD)).containsExactly("a", "b");
        }

        @Test
        void makesRoomInBytes() {
            int size = Admission.bytes(MessageCodec.encode(message(ORDERS, "a", true)));
            node.destinations()
                    .create(ORDERS, DestinationSettings.NONE.maxBytes(3L * size).whenFull(WhenFull.OLDEST_TO_DLQ));
            send(ORDERS, "a", "b", "c", "dd");

            assertThat(takeAll(ORDERS)).containsExactly("c", "dd");
        }

        @Test
        void refusesASendIfAllAreInUse() {
            node.destinations().create(ORDERS, moving);
            send(ORDERS, "a", "b", "c");
            List<Acquired> taken = List.of(take(ORDERS), take(ORDERS), take(ORDERS));

            assertFull(() -> send(ORDERS, "d")).withMessageContaining("none of them could go to the dead-letter queue");
            settle(taken.get(0));
            send(ORDERS, "d");
        }

        @Test
        void makesRoomOnATopicOnceForEverySubscriptionThatNeedsIt() {
            node.destinations().create(PRICES, moving);
            Lane slow = subscribe("slow");
            Lane fast = subscribe("fast");
            send(PRICES, "a", "b");
            settle(take(fast));
            send(PRICES, "c", "d", "e");

            assertThat(takeAll(slow)).containsExactly("c", "d", "e");
            assertThat(takeAll(fast)).containsExactly("c", "d", "e");
            assertThat(takeAll(Address.queue("DLQ.prices"))).containsExactly("a", "b", "b");
        }

        @Test
        void isNotForDeadLetterQueues() {
            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> node.destinations().create(DEAD, moving))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Nested
    class OnATopic {
        @Test
        void countsWhatAnySubscriptionNeedsOnce() {
            node.destinations().create(PRICES, REFUSING);
            send(PRICES, "nobody's", "nobody's", "nobody's", "nobody's");
            Lane slow = subscribe("slow");
            Lane fast = subscribe("fast");
            send(PRICES, "a", "b", "c");
            takeAndSettle(fast, 3);

            assertFull(() -> send(PRICES, "d"));
            takeAndSettle(slow, 1);
            send(PRICES, "d");
            assertFull(() -> send(PRICES, "e"));
        }

        @Test
        void namesTheSubscriptionThatHoldsBackMostOnceUntilThereIsRoomAgain() {
            List<String> told = new ArrayList<>();
            Handler handler = new Handler() {
                @Override
                public void publish(LogRecord warning) {
                    told.add(warning.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
            Logger logger = Logger.getLogger(PartitionOwner.class.getName());
            logger.addHandler(handler);
            try {
                node.destinations().create(PRICES, REFUSING);
                Lane slow = subscribe("slow");
                Lane fast = subscribe("fast");
                send(PRICES, "a", "b", "c");
                takeAndSettle(fast, 2);
                assertFull(() -> send(PRICES, "d"));
                assertFull(() -> send(PRICES, "d"));
                assertThat(told)
                        .containsExactly("topic://prices is full (3 of at most 3 messages): sends to it are refused."
                                + " The subscription durable/client/slow holds back 3 messages: receive from it,"
                                + " unsubscribe it, or raise the limits.");

                takeAndSettle(slow, 1);
                send(PRICES, "d");
                assertFull(() -> send(PRICES, "e"));
                assertThat(told).hasSize(2);
            } finally {
                logger.removeHandler(handler);
            }
        }

        @Test
        void forgetsWhatOnlyAnEndedSubscriptionNeeded() {
            node.destinations().create(PRICES, REFUSING);
            Lane slow = subscribe("slow");
            send(PRICES, "a", "b", "c");
            assertFull(() -> send(PRICES, "d"));
            node.subscriptions().leave(slow);
            node.subscriptions().unsubscribe("client", "slow");

            subscribe("other");
            send(PRICES, "d", "e", "f");
        }

        private void takeAndSettle(Lane lane, int messages) {
            for (int i = 0; i < messages; i++) {
                settle(take(lane));
            }
        }
    }

    @Nested
    class Age {
        @Test
        void endsMessagesThatSayNothingOrMore() {
            node.destinations().create(ORDERS, DestinationSettings.NONE.maxAge(Duration.ofSeconds(10)));
            send(ORDERS, "old");
            time.pass(Duration.ofSeconds(9));
            send(ORDERS, "young");
            assertThat(node.browse(node.queue(ORDERS))).hasSize(2);

            time.pass(Duration.ofSeconds(1));

            assertThat(takeAll(ORDERS)).containsExactly("young");
        }

        @Test
        void countsFromTheTimeOfDelivery() {
            node.destinations().create(ORDERS, DestinationSettings.NONE.maxAge(Duration.ofSeconds(10)));

            assertThat(node.destinations().expiration(ORDERS, 5_000, 0)).isEqualTo(15_000);
            assertThat(node.destinations().expiration(ORDERS, 5_000, 7_000)).isEqualTo(7_000);
            assertThat(node.destinations().expiration(Address.queue("others"), 5_000, 0))
                    .isZero();
        }
    }

    @Nested
    class ExpiredMessages {
        private final Address late = Address.queue("late");

        @Test
        void goToTheirDestinationWithCauseAndOrigin() {
            node.destinations().create(ORDERS, DestinationSettings.NONE.expiryDestination("queue://late"));
            long expiration = time.millis() + 1_000;
            send(ORDERS, "stays");
            node.send(message(ORDERS, "a", true).expiringAt(expiration));

            time.pass(Duration.ofSeconds(2));

            assertThat(takeAll(ORDERS)).containsExactly("stays");
            Envelope expired = node.read(node.queue(late), take(late).position());
            assertThat(expired.properties())
                    .containsEntry(DeadLetters.ORIGIN, "queue://orders")
                    .containsEntry(DeadLetters.CAUSE, "Expired at " + Instant.ofEpochMilli(expiration) + ".");
            assertThat(expired.expiration()).isZero();
            assertThat(node.lane(LaneId.of(ORDERS))
                            .orElseThrow()
                            .state()
                            .counts()
                            .expired())
                    .isEqualTo(1);
        }

        @Test
        void goThereAllOfThemInBoundedBatches() {
            open("?expiryDestination=queue://late");
            for (int i = 0; i < 350; i++) {
                node.send(message(ORDERS, "m" + i, true).expiringAt(time.millis() + 1_000));
            }

            time.pass(Duration.ofSeconds(2));

            assertThat(takeAll(ORDERS)).isEmpty();
            assertThat(takeAll(late)).hasSize(350).startsWith("m0", "m1").endsWith("m349");
        }

        @Test
        void goThereLaterIfTheLogHasNoRoomNow() {
            node.destinations().create(ORDERS, DestinationSettings.NONE.expiryDestination("queue://late"));
            node.destinations().ensure(late);
            node.send(message(ORDERS, "a", true).expiringAt(time.millis() + 1_000));
            log.failNext(new MambaException(ErrorCode.RESOURCE_LIMIT, "The disk is full."));
            time.pass(Duration.ofSeconds(1));
            assertThat(takeAll(late)).isEmpty();

            time.pass(Duration.ofSeconds(2));

            assertThat(takeAll(late)).containsExactly("a");
            assertThat(takeAll(ORDERS)).isEmpty();
        }
    }

    private static ThrowableAssertAlternative<MambaException> assertFull(Runnable send) {
        return assertThatExceptionOfType(MambaException.class)
                .isThrownBy(send::run)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT));
    }

    private void send(Address to, String... texts) {
        for (String text : texts) {
            node.send(message(to, text, true));
        }
    }

    private Lane subscribe(String name) {
        return node.subscriptions()
                .join(new SubscriptionSpec(PRICES, "client", name, false, true, null, null, StartFrom.LATEST));
    }

    private Acquired take(Address queue) {
        return take(node.queue(queue));
    }

    private Acquired take(Lane lane) {
        return Objects.requireNonNull(
                lane.acquireNow(HOLDER, QueueState.NO_SELECTOR), () -> "no message in " + lane.id());
    }

    private void take(Unit unit, Address queue) {
        Acquired message = take(queue);
        unit.take(message.lane(), HOLDER, message.position());
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

    private void settle(Acquired message) {
        node.settle(message.lane(), HOLDER, new long[] {message.position()}, Durability.WRITTEN);
    }

    private String textOf(Acquired taken) {
        byte @Nullable [] body = node.read(taken.lane(), taken.position()).body();
        return body == null ? "" : new String(body, UTF_8);
    }

    private Envelope message(Address to, String text, boolean persistent) {
        return new Envelope(
                "ID:1",
                to,
                persistent,
                4,
                time.millis(),
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
                null);
    }
}
