package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.WhenFull;
import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.Receiver;
import io.mamba.client.Source;
import io.mamba.log.Durability;
import io.mamba.message.Address;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who gets which message of a shared log. */
class SharedClaimsTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address DEAD = Address.queue("DLQ.orders");
    private static final Address LATE = Address.queue("late");
    private static final Address OTHER = Address.queue("other");

    private final SharedNodes nodes = new SharedNodes();
    private final SharedNodes.Member a = nodes.open("a");
    private final SharedNodes.Member b = nodes.open("b");

    @Nested
    class AMessage {
        @Test
        void goesToOneNode() {
            nodes.send(a, ORDERS, "1", "2", "3");

            assertThat(take(a)).isEqualTo("1");
            assertThat(take(b)).isEqualTo("2");
            assertThat(take(a)).isEqualTo("3");
            assertThat(take(b)).isNull();
        }

        @Test
        void goesToWhoeverWaits() {
            List<String> got = demand(b);

            nodes.send(a, ORDERS, "1", "2");

            assertThat(got).containsExactly("1");
            assertThat(take(a)).isEqualTo("2");
        }

        @Test
        void ofWhichANodeIsToldLateThatAnotherHasItIsLookedBehind() {
            nodes.send(a, ORDERS, "1", "2");
            b.node.awaitAll();
            nodes.work();
            b.log.delay();
            take(a);

            Acquired next = b.node.queue(ORDERS).acquireNow(SharedNodes.HOLDER, QueueState.NO_SELECTOR);

            assertThat(SharedNodes.textOf(b, Objects.requireNonNull(next))).isEqualTo("2");
        }

        @Test
        void isSettledForAll() {
            nodes.send(a, ORDERS, "1");
            Acquired message = Objects.requireNonNull(nodes.take(a, ORDERS));

            settle(a, message);

            assertThat(depth(a)).isZero();
            assertThat(depth(b)).isZero();
        }

        @Test
        void thatIsRolledBackGoesToWhoeverWaits() {
            nodes.send(a, ORDERS, "1");
            Unit unit = a.node.newUnit();
            Acquired message = Objects.requireNonNull(nodes.take(a, ORDERS));
            a.node.mark(message.lane(), SharedNodes.HOLDER, message.position());
            unit.take(message.lane(), SharedNodes.HOLDER, message.position());
            List<Integer> attempts = new ArrayList<>();
            b.node.queue(ORDERS).demand(new Demand(1, QueueState.NO_SELECTOR, got -> attempts.add(got.attempt())));
            nodes.work();
            assertThat(attempts).isEmpty();

            a.node.rollback(unit);
            nodes.work();

            assertThat(attempts).containsExactly(2);
        }

        @Test
        void goesWhereItsSelectorIs() {
            Lane there = b.node.queue(ORDERS);
            int selector = there.useSelector(Selector.parse("JMSMessageID = 'ID:2'"));
            List<String> got = new ArrayList<>();
            there.demand(new Demand(1, selector, message -> got.add(SharedNodes.textOf(b, message))));

            nodes.send(a, ORDERS, "1", "2", "3");

            assertThat(got).containsExactly("2");
            assertThat(take(a)).isEqualTo("1");
            assertThat(take(a)).isEqualTo("3");
        }

        @Test
        void isKnownBeforeWhatIsSaidOfIt() {
            b.node.queue(ORDERS);
            nodes.work();
            b.log.delay();
            a.node.send(nodes.message(ORDERS, "1"));
            settle(a, Objects.requireNonNull(nodes.take(a, ORDERS)));

            b.log.tell(StateRecords.EVENTS);
            nodes.work();
            b.log.tell(ORDERS.partition());
            nodes.work();

            assertThat(b.node.queue(ORDERS).depth()).isZero();
        }
    }

    @Nested
    class ANodeThatDies {
        @Test
        void leavesWhatItHeldToTheOthers() {
            nodes.send(a, ORDERS, "1");
            List<String> got = demand(a);
            assertThat(got).containsExactly("1");
            got = demand(b);

            a.die();

            assertThat(got).containsExactly("1");
        }

        @Test
        void atTheSameMessageEachTimeLeavesItToTheDeadLetters() {
            nodes.send(a, ORDERS, "poison", "good");
            int limit = a.node.owner(ORDERS).rules().maxDeliveries();
            for (int i = 0; i < limit; i++) {
                SharedNodes.Member victim = nodes.open("victim" + i);
                assertThat(take(victim)).isEqualTo("poison");
                victim.die();
            }
            nodes.pass(Duration.ofSeconds(1));

            assertThat(take(b, DEAD)).isEqualTo("poison");
            assertThat(take(b, DEAD)).isNull();
            assertThat(take(b)).isEqualTo("good");
        }

        @Test
        void cannotSettleWhenItWasOnlyTakenForDead() {
            nodes.send(a, ORDERS, "1");
            Acquired message = Objects.requireNonNull(nodes.take(b, ORDERS));
            Unit unit = b.node.newUnit();
            unit.take(message.lane(), SharedNodes.HOLDER, message.position());
            unit.send(nodes.message(OTHER, "late"));
            b.log.stall();
            b.log.expire();
            nodes.work();
            assertThat(take(a)).isEqualTo("1");
            b.log.resume();
            nodes.work();
            nodes.pass(Duration.ofSeconds(2));

            assertThatThrownBy(() -> b.node.commit(unit)).isInstanceOf(MambaException.class);
            b.node.rollback(unit);
            nodes.work();

            assertThat(take(a, OTHER)).isNull();
            assertThat(take(b)).isNull();
            assertThat(depth(a)).isEqualTo(1);
        }
    }

    @Nested
    class WhatMovesMessages {
        @Test
        void copiesAFailingOneToTheDeadLettersOnce() {
            nodes.send(a, ORDERS, "1");
            int limit = a.node.owner(ORDERS).rules().maxDeliveries();
            for (int i = 0; i < limit; i++) {
                SharedNodes.Member member = i % 2 == 0 ? a : b;
                Acquired message = Objects.requireNonNull(nodes.take(member, ORDERS));
                member.node.mark(message.lane(), SharedNodes.HOLDER, message.position());
                member.node.release(
                        message.lane(), SharedNodes.HOLDER, new long[] {message.position()}, "the listener failed");
                nodes.pass(Duration.ofSeconds(60));
            }

            assertThat(depth(a)).isZero();
            assertThat(take(a, DEAD)).isEqualTo("1");
            assertThat(take(a, DEAD)).isNull();
        }

        @Test
        void expiresOnceWithACopy() {
            a.node.destinations().create(ORDERS, DestinationSettings.NONE.expiryDestination(LATE.toString()));
            nodes.work();
            long expiry = nodes.now().plusSeconds(1).toEpochMilli();
            a.node.send(nodes.message(ORDERS, "1").expiringAt(expiry));
            nodes.work();

            nodes.pass(Duration.ofSeconds(3));

            assertThat(depth(b)).isZero();
            assertThat(take(b, LATE)).isEqualTo("1");
            assertThat(take(a, LATE)).isNull();
        }

        @Test
        void leavesToTheirHoldersWhatTheyHold() {
            nodes.send(a, ORDERS, "1", "2", "3");
            Acquired held = Objects.requireNonNull(nodes.take(b, ORDERS));

            assertThat(a.node.purge(ORDERS)).isEqualTo(2);

            settle(b, held);
            assertThat(depth(a)).isZero();
        }

        @Test
        void movesEachMessageOnce() {
            nodes.send(a, ORDERS, "1", "2", "3");
            take(b);

            assertThat(Transfer.move(a.node, ORDERS, OTHER, null)).isEqualTo(2);
            nodes.work();

            assertThat(take(b, OTHER)).isEqualTo("2");
            assertThat(take(a, OTHER)).isEqualTo("3");
            assertThat(take(b, OTHER)).isNull();
        }

        @Test
        void makesRoomWithTheOldestThatNobodyHolds() {
            a.node.destinations()
                    .create(ORDERS, DestinationSettings.NONE.maxMessages(2).whenFull(WhenFull.OLDEST_TO_DLQ));
            nodes.work();
            nodes.send(a, ORDERS, "1", "2");
            assertThat(take(b)).isEqualTo("1");

            nodes.send(a, ORDERS, "3");

            assertThat(take(b, DEAD)).isEqualTo("2");
            assertThat(take(b)).isEqualTo("3");
        }
    }

    @Nested
    class ASession {
        private final ClientSession session = Client.over(b.node).openSession();

        @Test
        void acknowledgesWithoutWaiting() {
            nodes.send(a, ORDERS, "1", "2");
            Receiver receiver = receiver();

            session.settle(List.of(Objects.requireNonNull(receiver.receiveNow())), false);
            session.settle(List.of(Objects.requireNonNull(receiver.receiveNow())), false);
            session.close();

            assertThat(depth(a)).isZero();
        }

        @Test
        void givesBackWhatItHasNotReadForABusyReceiverWithoutCountingIt() {
            for (int i = 0; i < 60; i++) {
                nodes.send(a, ORDERS, "m" + i);
            }
            Receiver receiver = receiver();
            int received = 0;
            while (waiting() == 60L - received) { // until more is taken than was handed out
                Delivery delivery = Objects.requireNonNull(receiver.receiveNow());
                received++;
                nodes.work();
                assertThat(delivery.attempt()).isEqualTo(1);
            }

            nodes.pass(Duration.ofMillis(100));

            assertThat(waiting()).isEqualTo(60L - received);
            Acquired next = Objects.requireNonNull(nodes.take(a, ORDERS));
            assertThat(SharedNodes.textOf(a, next)).isEqualTo("m" + received);
            assertThat(next.attempt()).isEqualTo(1);
        }

        @Test
        void getsAgainInOrderWhatItGaveBack() {
            nodes.send(a, ORDERS, "1", "2", "3");
            Receiver receiver = receiver();
            Delivery first = Objects.requireNonNull(receiver.receiveNow());
            Delivery second = Objects.requireNonNull(receiver.receiveNow());
            first.mark();
            second.mark();

            session.giveBack(List.of(first, second));

            assertThat(text(receiver.receiveNow())).isEqualTo("ID:1");
            assertThat(text(receiver.receiveNow())).isEqualTo("ID:2");
            assertThat(text(receiver.receiveNow())).isEqualTo("ID:3");
        }

        @Test
        void seesNothingOfWhatTheLogRefusedToGiveIt() {
            nodes.send(a, ORDERS, "1");
            Receiver receiver = receiver();
            nodes.work();
            b.log.refuse(new MambaException(ErrorCode.UNAVAILABLE, "no cluster"));

            assertThatThrownBy(receiver::receiveNow).hasMessageContaining("no cluster");
            b.log.refuse(null);
            nodes.pass(Duration.ofSeconds(2));

            assertThat(text(receiver.receiveNow())).isEqualTo("ID:1");
        }

        private Receiver receiver() {
            session.start();
            return session.receiver(Source.queue(ORDERS, null));
        }

        private @Nullable String text(@Nullable Delivery delivery) {
            return Objects.requireNonNull(delivery).message().id();
        }
    }

    private long waiting() {
        Lane lane = a.node.queue(ORDERS);
        return lane.owner().inbox().ask(() -> lane.state().counts().available());
    }

    private long depth(SharedNodes.Member member) {
        member.node.awaitAll();
        nodes.work();
        Lane lane = member.node.queue(ORDERS);
        return lane.owner().inbox().ask(lane::depth);
    }

    private List<String> demand(SharedNodes.Member member) {
        List<String> got = new ArrayList<>();
        Demand demand = new Demand(1, QueueState.NO_SELECTOR, message -> got.add(SharedNodes.textOf(member, message)));
        member.node.queue(ORDERS).demand(demand);
        nodes.work();
        return got;
    }

    private void settle(SharedNodes.Member member, Acquired message) {
        member.node.settle(message.lane(), SharedNodes.HOLDER, new long[] {message.position()}, Durability.DURABLE);
        nodes.work();
    }

    private @Nullable String take(SharedNodes.Member member) {
        return take(member, ORDERS);
    }

    private @Nullable String take(SharedNodes.Member member, Address queue) {
        Acquired message = nodes.take(member, queue);
        return message == null ? null : SharedNodes.textOf(member, message);
    }
}
