package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.cluster.KafkaTestLogs;
import io.mamba.log.Log;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import io.mamba.log.Partition;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import io.mamba.log.kafka.KafkaLog;
import io.mamba.log.kafka.KafkaLogOptions;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test of the tests on Kafka: two nodes pass messages on, and with each planted defect between node and engine, and only
 * then, a message is passed on twice. By the profile {@code kafka}.
 */
@ExtendWith(SilentNode.class)
final class KafkaDefectsIT {
    private static final Address IN = Address.queue("in");
    private static final Address OUT = Address.queue("out");
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int MESSAGES = 30;
    /** Of each node alone. */
    private static final long HOLDER = 1;

    private final KafkaTestLogs.TestLog place = KafkaTestLogs.next();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, Leaving> logs = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        logs.values().forEach(Leaving::goOn);
        nodes.values().forEach(Node::close);
        place.delete();
    }

    @Nested
    class OneThatIsTakenForDead {
        @Test
        void writesNothingMore() {
            assertThat(passedOnByBothWhenOneWasTakenForDead(UnaryOperator.identity()))
                    .isEqualTo(1);
        }

        @Test
        void passesOnWhatAnotherDoesIfItIsNotFenced() {
            assertThat(passedOnByBothWhenOneWasTakenForDead(SharedDefect.SKIPPED_FENCE::in))
                    .isEqualTo(2);
        }
    }

    @Nested
    class WhatAnotherHolds {
        @Test
        void isNotHandedOut() {
            assertThat(passedOnByBothWhenOneHoldsIt(UnaryOperator.identity())).isEqualTo(1);
        }

        @Test
        void isPassedOnTwiceIfTheHolderIsNotChecked() {
            assertThat(passedOnByBothWhenOneHoldsIt(SharedDefect.UNCHECKED_HOLDER::in))
                    .isEqualTo(2);
        }
    }

    @Nested
    class AClaim {
        @Test
        void lastsAsLongAsItsHolder() {
            assertThat(most(passedOnByOneAfterTheOther(UnaryOperator.identity())))
                    .isEqualTo(1);
        }

        @Test
        void isNotEnoughIfTimeEndsIt() {
            assertThat(most(passedOnByOneAfterTheOther(SharedDefect.CLAIM_ENDED_BY_TIME::in)))
                    .isGreaterThan(1);
        }
    }

    /** It hears of nothing, as if its process was stopped, has left the group, and commits when another has passed it on. */
    private int passedOnByBothWhenOneWasTakenForDead(UnaryOperator<Log> defect) {
        Node living = open("living", defect);
        Node stalled = open("stalled", UnaryOperator.identity());
        living.send(message("m"));
        Unit late = passingOn(stalled, take(stalled));
        Leaving log = Objects.requireNonNull(logs.get("stalled"));
        log.stall();
        log.leave();
        living.commit(passingOn(living, take(living)));

        CompletableFuture<Void> committing = CompletableFuture.runAsync(() -> stalled.commit(late));
        // Either it is refused, or it stands in the log though this node has not heard of it.
        await().atMost(SOON).until(() -> committing.isCompletedExceptionally() || most(passedOn("living")) == 2);
        log.goOn();
        return Objects.requireNonNull(passedOn("living").get("m"));
    }

    private int passedOnByBothWhenOneHoldsIt(UnaryOperator<Log> defect) {
        Node holder = open("holder", UnaryOperator.identity());
        Node other = open("other", defect);
        holder.send(message("m"));
        Acquired held = take(holder);
        other.queue(IN).awaitSeen();
        @Nullable Acquired also = other.queue(IN).acquireNow(HOLDER, QueueState.NO_SELECTOR);
        if (also != null) {
            other.commit(passingOn(other, also));
        }
        holder.commit(passingOn(holder, held));
        return Objects.requireNonNull(passedOn("holder").get("m"));
    }

    private Map<String, Integer> passedOnByOneAfterTheOther(UnaryOperator<Log> defect) {
        Node first = open("first", defect);
        Node second = open("second", UnaryOperator.identity());
        for (int i = 0; i < MESSAGES; i++) {
            first.send(message("m" + i));
        }
        for (int i = 0; i < MESSAGES; i++) {
            passOn(first);
        }
        await().atMost(SOON).until(() -> !passOn(second) && !passOn(first));
        Map<String, Integer> passed = passedOn("second");
        assertThat(passed).hasSize(MESSAGES);
        return passed;
    }

    /** Whether there was a message, and nobody refused. */
    private static boolean passOn(Node node) {
        try {
            @Nullable Acquired message = node.queue(IN).acquireNow(HOLDER, QueueState.NO_SELECTOR);
            if (message == null) {
                return false;
            }
            node.commit(passingOn(node, message));
            return true;
        } catch (MambaException takenForDead) {
            return true; // what it held comes again
        }
    }

    private static Acquired take(Node node) {
        return Objects.requireNonNull(await().atMost(SOON)
                .until(() -> node.queue(IN).acquireNow(HOLDER, QueueState.NO_SELECTOR), Objects::nonNull));
    }

    private static Unit passingOn(Node node, Acquired message) {
        Unit unit = node.newUnit();
        unit.take(message.lane(), HOLDER, message.position());
        byte[] body = node.read(message.lane(), message.position()).body();
        unit.send(envelope(OUT, new String(Objects.requireNonNull(body), UTF_8)));
        return unit;
    }

    private Map<String, Integer> passedOn(String reader) {
        Map<String, Integer> counts = new TreeMap<>();
        Objects.requireNonNull(logs.get(reader))
                .read(
                        Map.of(OUT.partition(), 0L),
                        stored -> counts.merge(
                                new String(
                                        Objects.requireNonNull(stored.record().value()), UTF_8),
                                1,
                                Integer::sum));
        return counts;
    }

    private static int most(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private Node open(String name, UnaryOperator<Log> defect) {
        Leaving log = new Leaving(KafkaLog.open(
                KafkaLogOptions.of(place.servers(), name).withPrefix(place.prefix()),
                Set.of(StateRecords.STATE.topic(), StateRecords.BRANCHES.topic())));
        Node node = Node.open(
                MambaUrl.parse("mamba:file:/nowhere?maxDeliveries=0&node=" + name),
                defect.apply(log),
                Clock.systemUTC(),
                Threads.of(task -> new Thread(task, "node-" + name)));
        logs.put(name, log);
        nodes.put(name, node);
        return node;
    }

    private static Envelope message(String text) {
        return envelope(IN, text);
    }

    private static Envelope envelope(Address to, String text) {
        return new Envelope(
                "ID:" + text,
                to,
                true,
                4,
                1_000,
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

    /** A log whose node can be made deaf, and to leave the group while it goes on. */
    private static final class Leaving extends ForwardingLog {
        private volatile @Nullable Membership membership;
        private volatile CountDownLatch stalled = new CountDownLatch(0);

        Leaving(Log log) {
            super(log);
        }

        @Override
        public Membership join(String node, MembershipListener listener) {
            Membership joined = super.join(node, listener);
            membership = joined;
            return joined;
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            return super.tail(partition, from, (told, records, next) -> {
                try {
                    stalled.await();
                } catch (InterruptedException e) {
                    throw new CompletionException("interrupted while stalled", e);
                }
                listener.committed(told, records, next);
            });
        }

        void stall() {
            stalled = new CountDownLatch(1);
        }

        void goOn() {
            stalled.countDown();
        }

        void leave() {
            Objects.requireNonNull(membership).close();
        }
    }
}
