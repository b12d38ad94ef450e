package io.mamba.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import io.mamba.message.Address;
import io.mamba.message.MessageCodec;
import io.mamba.selector.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SharedNodesTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address PRICES = Address.topic("prices");

    private final SharedNodes nodes = new SharedNodes();

    /** What nobody waits for is not written before the test says so. */
    private static final class SlowSettlements extends ForwardingLog {
        private final List<Runnable> held = new ArrayList<>();
        private boolean hold;

        SlowSettlements(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
            if (!hold) {
                return super.appendToldLater(batch, level);
            }
            CompletableFuture<long[]> later = new CompletableFuture<>();
            held.add(() -> later.complete(super.appendToldLater(batch, level).join()));
            return later;
        }

        void letGo() {
            hold = false;
            held.forEach(Runnable::run);
        }
    }

    /** Once armed it takes one record of state, and no more: as if the process ended there. */
    private static final class OneStateRecord {
        private boolean armed;
        private int taken;

        Log in(Log log) {
            return new ForwardingLog(log) {
                @Override
                public long[] appendAndWait(Batch batch, Durability level) {
                    if (armed && batch.records().get(0).partition().equals(StateRecords.STATE) && taken++ > 0) {
                        throw new MambaException(ErrorCode.UNAVAILABLE, "nothing more goes");
                    }
                    return super.appendAndWait(batch, level);
                }
            };
        }
    }

    /** Messages come a little after the log has them, by a thread of their own, as those of a log on other machines. */
    private static final class LateMessages extends ForwardingLog {
        private final Executor later =
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS, Executors.newSingleThreadExecutor());

        LateMessages(Log log) {
            super(log);
        }

        @Override
        public Tail tail(Partition partition, long from, TailListener listener) {
            return super.tail(
                    partition,
                    from,
                    partition.equals(PRICES.partition())
                            ? (same, records, next) -> later.execute(() -> listener.committed(same, records, next))
                            : listener);
        }
    }

    private static ErrorCode codeOf(Throwable error) {
        return ((MambaException) error).code();
    }

    private static SubscriptionSpec durable(String client, String name) {
        return new SubscriptionSpec(PRICES, client, name, false, true, null, null, StartFrom.LATEST);
    }

    private static SubscriptionSpec shared(String name, boolean durable) {
        return new SubscriptionSpec(PRICES, null, name, true, durable, null, null, StartFrom.LATEST);
    }

    private static long depth(SharedNodes.Member member, Address queue) {
        return depth(member.node.queue(queue));
    }

    private static long depth(@Nullable Lane lane) {
        return lane == null ? -1 : lane.owner().inbox().ask(() -> lane.depth());
    }

    @Nested
    class Members {
        @Test
        void knowEachOtherInOneOrder() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");

            assertThat(a.node.members().all()).isEqualTo(b.node.members().all()).hasSize(2);
            assertThat(a.node.participation().isKeeper()).isTrue();
            assertThat(b.node.participation().isKeeper()).isFalse();
        }

        @Test
        void areGoneWhenTheKeeperSaysSo() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            SharedNodes.Member c = nodes.open("c");

            b.die();

            assertThat(a.node.members().all())
                    .extracting(io.mamba.node.Members.Member::node)
                    .containsExactly("a", "c");
            assertThat(c.node.members().all()).isEqualTo(a.node.members().all());
        }

        @Test
        void areGoneAlsoIfNobodyWasThereToSayIt() {
            nodes.open("a").die();
            nodes.open("b").die();

            SharedNodes.Member c = nodes.open("c");

            assertThat(c.node.members().all())
                    .extracting(io.mamba.node.Members.Member::node)
                    .containsExactly("c");
        }

        @Test
        void sayThemselvesThatTheyGo() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");

            a.leave();

            assertThat(b.node.members().all())
                    .extracting(io.mamba.node.Members.Member::node)
                    .containsExactly("b");
            assertThat(b.node.participation().isKeeper()).isTrue();
        }

        @Test
        void takePartAgainWhenTheyWereTakenForDead() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            long before = b.node.participation().number();
            b.log.stall();
            b.log.expire();
            nodes.work();
            assertThat(a.node.members().has(before)).isFalse();

            b.log.resume();
            nodes.work();

            assertThat(b.node.participation().number()).isGreaterThan(before);
            assertThat(a.node.members().has(b.node.participation().number())).isTrue();
            nodes.send(b, ORDERS, "again");
            assertThat(depth(a, ORDERS)).isEqualTo(1);
        }

        @Test
        void areToldThatWhatTheySettleDoesNotCountWhenTheyWereTakenForDead() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            nodes.send(a, ORDERS, "1");
            Acquired taken = requireNonNull(nodes.take(b, ORDERS));
            Unit unit = b.node.newUnit();
            unit.take(taken.lane(), SharedNodes.HOLDER, taken.position());
            b.log.stall();
            b.log.expire();
            nodes.work();
            assertThat(depth(a, ORDERS)).isEqualTo(1);

            assertThatThrownBy(() -> b.node.commit(unit))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.FENCED));

            assertThat(depth(a, ORDERS)).isEqualTo(1);
        }

        @Test
        void takeTheNameOfAPredecessorWhoStopsAndDoesNotFenceBack() {
            nodes.open("a");
            SharedNodes.Member old = nodes.open("b");

            SharedNodes.Member young = nodes.open("b");

            nodes.pass(Duration.ofSeconds(2));
            assertThat(old.node.hasFailed()).isTrue();
            assertThatThrownBy(() -> old.node.send(nodes.message(ORDERS, "late")))
                    .isInstanceOf(MambaException.class);
            assertThat(young.node.hasFailed()).isFalse();
            nodes.send(young, ORDERS, "m");
            assertThat(depth(young, ORDERS)).isEqualTo(1);
        }

        @Test
        void stopWhenTheyHaveMissedEvents() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            b.log.delay();
            nodes.send(a, ORDERS, "m");
            assertThat(a.node.claimClientId("id")).isTrue();
            a.node.checkpoint();
            a.node.checkpoint();

            b.log.delayNoMore();

            assertThat(b.node.hasFailed()).isTrue();
        }

        @Test
        void needANameEach() {
            assertThatThrownBy(() -> nodes.open(""))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }

        @Test
        void writeNoSnapshotOverThatOfTheKeeperBefore() {
            SharedNodes.Member a = nodes.open("a");
            OneStateRecord onlyAPiece = new OneStateRecord();
            SharedNodes.Member b = nodes.open("b", onlyAPiece::in);
            nodes.send(a, ORDERS, "1");
            b.log.delay();
            a.node.checkpoint();
            a.kill();
            a.log.expire();
            b.work();
            assertThat(b.node.participation().isKeeper()).isTrue();

            onlyAPiece.armed = true;
            assertThatThrownBy(b.node::checkpoint).isInstanceOf(MambaException.class);
            b.die();

            SharedNodes.Member c = nodes.open("c");
            assertThat(nodes.take(c, ORDERS)).isNotNull();
        }

        @Test
        void areKnownFromTheCheckpointWhenTheEventsBeforeItHaveGone() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            nodes.send(a, ORDERS, "m");
            a.node.checkpoint();
            a.node.checkpoint();
            a.node.checkpoint();
            assertThat(nodes.cluster.contents(StateRecords.EVENTS)).isEmpty();

            SharedNodes.Member c = nodes.open("c");

            assertThat(c.node.members().all())
                    .hasSize(3)
                    .isEqualTo(b.node.members().all());
            assertThat(depth(c, ORDERS)).isEqualTo(1);
        }
    }

    @Nested
    class WhatOneNodeDefines {
        @Test
        void isThereInTheOthers() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");

            nodes.send(a, ORDERS, "1", "2");

            assertThat(b.node.destinations().exists(ORDERS)).isTrue();
            assertThat(depth(b, ORDERS)).isEqualTo(2);
            assertThat(depth(nodes.open("c"), ORDERS)).isEqualTo(2);
        }

        @Test
        void hasItsSettingsInTheOthers() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            DestinationSettings settings = new DestinationSettings(Map.of("maxDeliveries", "3"));

            a.node.destinations().create(ORDERS, settings);
            nodes.work();

            assertThat(b.node.destinations().settings(ORDERS)).isEqualTo(settings);
        }

        @Test
        void isGoneInTheOthersWhenItIsDeleted() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            nodes.send(a, ORDERS, "old");

            b.node.destinations().delete(ORDERS);
            nodes.work();
            assertThat(a.node.destinations().exists(ORDERS)).isFalse();
            nodes.send(a, ORDERS, "new");

            assertThat(depth(a, ORDERS)).isEqualTo(1);
            assertThat(depth(b, ORDERS)).isEqualTo(1);
            assertThat(depth(nodes.open("c"), ORDERS)).isEqualTo(1);
        }

        @Test
        void aDurableSubscriptionHasTheSameMessagesEverywhere() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            nodes.send(a, PRICES, "before");
            Lane lane = a.node.subscriptions().join(durable("client", "s"));
            nodes.send(b, PRICES, "1", "2");

            a.node.subscriptions().leave(lane);
            nodes.work();

            Lane there = b.node.subscriptions().join(durable("client", "s"));
            assertThat(there.id()).isEqualTo(lane.id());
            assertThat(depth(there)).isEqualTo(2);
            SharedNodes.Member c = nodes.open("c");
            assertThat(depth(c.node.lane(lane.id()).orElse(null))).isEqualTo(2);
        }

        @Test
        void aSubscriptionHasWhatIsInAllPartitionsEverywhereAndEndsThere() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            a.node.destinations().create(PRICES, DestinationSettings.NONE.partitions(3));
            Lane lane = a.node.subscriptions().join(durable("client", "s"));
            for (int sender = 0; sender < 6; sender++) {
                b.node.send(nodes.message(PRICES, "from " + sender), new Sender(sender));
            }
            a.node.subscriptions().leave(lane);
            nodes.work();

            for (SharedNodes.Member member : List.of(a, b, nodes.open("c"))) {
                Lane first = member.node.lane(lane.id()).orElseThrow();
                assertThat(member.node.parts(first))
                        .hasSize(3)
                        .extracting(SharedNodesTest::depth)
                        .containsExactly(2L, 2L, 2L);
            }
            b.node.subscriptions().delete(true, "client", "s");
            nodes.work();
            for (int part = 0; part < 3; part++) {
                LaneId id = new LaneId(PRICES.part(part), lane.id().subscription());
                assertThat(a.node.lane(id)).isEmpty();
                assertThat(b.node.lane(id)).isEmpty();
            }
        }

        @Test
        void aSubscriptionThatIsToldLateHasWhatCameBefore() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            nodes.send(a, PRICES, "before");
            b.log.delay();
            Lane lane = a.node.subscriptions().join(durable("client", "s"));
            nodes.send(a, PRICES, "1", "2");

            b.log.tell(PRICES.partition());
            b.log.tell(StateRecords.EVENTS);
            nodes.work();
            b.log.delayNoMore();
            nodes.work();

            assertThat(depth(b.node.lane(lane.id()).orElse(null))).isEqualTo(2);
        }

        @Test
        void aSubscriptionMadeInPlaceOfAnotherOutlivesTheNewsOfTheOthersEnd() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Lane before = a.node.subscriptions().join(durable("client", "s"));
            a.node.subscriptions().leave(before);

            Lane after = a.node.subscriptions()
                    .join(new SubscriptionSpec(
                            PRICES, "client", "s", false, true, Selector.parse("x = 1"), null, StartFrom.LATEST));
            nodes.work();

            assertThat(before.hasEnded()).isTrue();
            assertThat(after.hasEnded()).isFalse();
            assertThat(a.node.lane(after.id())).containsSame(after);
            assertThat(b.node.lane(after.id()).orElseThrow().terms().filter()).isEqualTo(Selector.parse("x = 1"));
        }

        @Test
        void aSubscriptionEndsEverywhere() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Lane lane = a.node.subscriptions().join(durable("client", "s"));
            a.node.subscriptions().leave(lane);

            b.node.subscriptions().unsubscribe("client", "s");
            nodes.work();

            assertThat(a.node.lane(lane.id())).isEmpty();
        }
    }

    @Nested
    class Names {
        @Test
        void aClientIdBelongsToOneConnectionOfTheCluster() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");

            assertThat(a.node.claimClientId("id")).isTrue();
            assertThat(b.node.claimClientId("id")).isFalse();
            a.node.releaseClientId("id");
            assertThat(b.node.claimClientId("id")).isTrue();
        }

        @Test
        void aClientIdOfADeadNodeIsFree() {
            nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            SharedNodes.Member c = nodes.open("c");
            assertThat(b.node.claimClientId("id")).isTrue();

            b.die();

            assertThat(c.node.claimClientId("id")).isTrue();
        }

        @Test
        void aClientIdIsKeptByWhoWasTakenForDeadUnlessAnotherTookIt() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            assertThat(b.node.claimClientId("id")).isTrue();
            b.log.stall();
            b.log.expire();
            nodes.work();

            b.log.resume();
            nodes.work();

            assertThat(a.node.claimClientId("id")).isFalse();
        }

        @Test
        void aDurableSubscriptionHasOneActiveConsumerInTheCluster() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Lane lane = a.node.subscriptions().join(durable("client", "s"));
            nodes.work();

            assertThatThrownBy(() -> b.node.subscriptions().join(durable("client", "s")))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.ILLEGAL_STATE));
            assertThatThrownBy(() -> b.node.subscriptions().unsubscribe("client", "s"))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.ILLEGAL_STATE));
            a.node.subscriptions().leave(lane);
            nodes.work();
            assertThat(b.node.subscriptions().join(durable("client", "s"))).isNotNull();
        }

        @Test
        void aSharedSubscriptionHasManyAndEndsWithTheLast() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Lane inA = a.node.subscriptions().join(shared("s", false));
            nodes.work();
            Lane inB = b.node.subscriptions().join(shared("s", false));
            nodes.send(a, PRICES, "1");
            assertThat(depth(inA)).isEqualTo(1);
            assertThat(depth(inB)).isEqualTo(1);

            a.node.subscriptions().leave(inA);
            nodes.work();
            assertThat(b.node.lane(inB.id())).isPresent();
            b.node.subscriptions().leave(inB);
            nodes.work();

            assertThat(a.node.lane(inA.id())).isEmpty();
            assertThat(b.node.lane(inB.id())).isEmpty();
        }

        @Test
        void aSharedSubscriptionThatIsNotDurableEndsWithItsDeadNode() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Lane inB = b.node.subscriptions().join(shared("s", false));
            nodes.work();
            assertThat(a.node.lane(inB.id())).isPresent();

            b.die();
            nodes.pass(Duration.ofSeconds(2));

            assertThat(a.node.lane(inB.id())).isEmpty();
        }
    }

    @Nested
    class WhatReturnedBefore {
        @Test
        void isCountedInEveryQueueAndSubscription() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            b.log.delay();
            a.node.subscriptions().join(shared("live", false));
            a.node.subscriptions().join(durable("client", "nightly"));

            nodes.send(a, PRICES, "1", "2");
            nodes.send(a, ORDERS, "3");

            assertThat(b.node.subscriptions().status())
                    .extracting(SubscriptionStatus::name, SubscriptionStatus::depth)
                    .containsExactlyInAnyOrder(tuple("live", 2L), tuple("nightly", 2L));
            assertThat(b.node.status())
                    .extracting(DestinationStatus::getName, DestinationStatus::getDepth)
                    .contains(tuple("queue://orders", 1L));
        }

        @Test
        void isCountedAlsoWhereItIsWrittenByAndBy() {
            SlowSettlements[] slow = new SlowSettlements[1];
            SharedNodes.Member a = nodes.open("a", log -> slow[0] = new SlowSettlements(log));
            nodes.send(a, ORDERS, "1");
            Acquired taken = requireNonNull(nodes.take(a, ORDERS));
            slow[0].hold = true;
            var written = a.node.settleLater(taken.lane(), SharedNodes.HOLDER, new long[] {taken.position()});

            CompletableFuture<List<DestinationStatus>> counted = CompletableFuture.supplyAsync(a.node::status);
            slow[0].letGo();

            assertThat(written).isCompleted();
            assertThat(counted)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .asInstanceOf(InstanceOfAssertFactories.list(DestinationStatus.class))
                    .extracting(DestinationStatus::getDepth, DestinationStatus::getInFlight)
                    .containsExactly(tuple(0L, 0L));
        }

        @Test
        void isSeenByWhoAdministers() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            b.log.delay();

            a.node.subscriptions().leave(a.node.subscriptions().join(durable("client", "nightly")));
            nodes.send(a, ORDERS, "1");

            assertThat(b.node.destinations().isDefined(ORDERS)).isTrue();
            b.node.subscriptions().delete(true, "client", "nightly");
            assertThat(a.node.subscriptions().status()).isEmpty();
        }

        @Test
        void isSkippedByASubscriptionThatIsMovedBehindIt() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b", LateMessages::new);
            a.node.subscriptions().leave(a.node.subscriptions().join(durable("client", "nightly")));
            nodes.send(a, PRICES, "1", "2");

            assertThat(b.node.subscriptions()
                            .move("client", "nightly", StartFrom.LATEST)
                            .skipped())
                    .isEqualTo(2);
        }

        @Test
        void isNotWaitedForWhereTheDestinationIsDeletedMeanwhile() {
            SharedNodes.Member a = nodes.open("a");
            nodes.send(a, ORDERS, "1");
            a.node.destinations().delete(ORDERS);
            a.log.appendAndWait(
                    Batch.of(List.of(MessageCodec.encode(nodes.message(ORDERS, "late")))), Durability.DURABLE);

            assertThat(CompletableFuture.runAsync(() -> a.node.progress().await(List.of(ORDERS.partition()))))
                    .succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Nested
    class TemporaryDestinations {
        @Test
        void getMessagesFromOtherNodesAndEndWithTheirs() {
            SharedNodes.Member a = nodes.open("a");
            SharedNodes.Member b = nodes.open("b");
            Address reply = b.node.temporary(Address.Kind.TEMPORARY_QUEUE, "reply-1");
            b.node.destinations().ensure(reply);

            nodes.send(a, reply, "answer");

            assertThat(depth(b, reply)).isEqualTo(1);
            assertThat(a.node.destinations().exists(reply)).isFalse();
            b.die();
            assertThatThrownBy(() -> a.node.send(nodes.message(reply, "late")))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.INVALID_DESTINATION));
            assertThat(nodes.cluster.contents(reply.partition())).isEmpty();
        }
    }
}
