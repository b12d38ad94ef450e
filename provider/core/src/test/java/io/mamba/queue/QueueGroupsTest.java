package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Scanned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueGroupsTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhileAMessageOfAGroupIsHeld {
        @Test
        void passesTheGroupOverForOthers() {
            lane.enqueueInGroup(7, 1, 2);
            lane.enqueueInGroup(8, 3);
            lane.enqueue(4);
            lane.acquire(1, 1);

            assertThat(lane.acquire(2, 10)).containsExactly(3L, 4L);
        }

        @Test
        void givesItsHolderMoreOfIt() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();

            assertThat(lane.acquire(1, 10)).containsExactly(2L, 3L);
        }

        @Test
        void followsItsMessagesToTheHolderTheyAreHandedTo() {
            TestLane lane = new TestLane();
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 2);

            lane.run(new QueueCommand.HandOver(1, new long[] {1, 2}, 2));

            assertThat(lane.acquire(1, 1)).isEmpty();
            lane.run(new QueueCommand.Settle(2, new long[] {1, 2}));
            assertThat(lane.acquire(1, 1)).containsExactly(3L);
        }

        @Test
        void goesOnWithAnyoneOnceItIsSettled() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();

            lane.settle(1, 1);

            assertThat(lane.acquire(2, 1)).containsExactly(2L);
            assertThat(lane.acquire(1, 1)).isEmpty();
            lane.settle(2, 2);
            assertThat(lane.acquire(1, 1)).containsExactly(3L);
        }

        @Test
        void goesOnInOrderWhenItComesBack() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();

            lane.giveBack(1, 1);

            assertThat(lane.acquire(2, 10)).containsExactly(1L, 2L, 3L);
        }
    }

    @Nested
    class WhileAMessageOfAGroupIsInAUnit {
        @Test
        void passesTheGroupOverForEverybodyDuringTheCommit() {
            lane.enqueueInGroup(7, 1, 2);
            lane.acquire(1, 1);
            Decision commit = lane.begin(new QueueCommand.Commit(1, new long[] {1}));
            assertThat(lane.acquire(1, 10)).isEmpty();
            assertThat(lane.acquire(2, 10)).isEmpty();

            lane.accept(commit);

            assertThat(lane.acquire(2, 10)).containsExactly(2L);
        }

        @Test
        void passesTheGroupOverWhileItIsPreparedAndAfterARestart() {
            lane.enqueueInGroup(7, 1, 2);
            lane.acquire(1, 1);
            lane.run(new QueueCommand.Prepare(1, "branch", new long[] {1}));
            assertThat(lane.acquire(1, 10)).isEmpty();

            lane.restart();
            assertThat(lane.acquire(1, 10)).isEmpty();

            lane.run(new QueueCommand.Resolve("branch", false, null));
            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L);
        }
    }

    @Nested
    class WhenAMessageOfAGroupFails {
        @Test
        void parksItsGroupAndLetsTheRestFlowOn() {
            lane.enqueueInGroup(7, 1, 2);
            lane.enqueueInGroup(8, 3);
            failTwice();

            assertThat(lane.acquire(2, 10)).containsExactly(3L);
            assertThat(lane.acquire(1, 10)).isEmpty();
        }

        @Test
        void deliversItBeforeItsSiblingsWhenTheBackOffEnds() {
            lane.enqueueInGroup(7, 1, 2, 3);
            failTwice();
            assertThat(lane.acquire(2, 10)).isEmpty();

            lane.now += 100;
            lane.tick();

            assertThat(lane.acquire(2, 10)).containsExactly(1L, 2L, 3L);
        }

        @Test
        void deliversItBeforeItsSiblingsEvenIfNoTickCameFirst() {
            lane.enqueueInGroup(7, 1, 2, 3);
            failTwice();
            assertThat(lane.acquire(2, 10)).isEmpty();

            lane.now += 100;

            assertThat(lane.acquire(2, 10)).containsExactly(1L, 2L, 3L);
        }

        @Test
        void goesOnWithItsSiblingsWhenItIsBuried() {
            lane.enqueueInGroup(7, 1, 2);
            failTwice();
            lane.now += 100;
            lane.handOut(1, 1);

            Decision burial = lane.begin(new QueueCommand.Release(1, new long[] {1}, "boom", true));

            assertThat(burial.burials()).hasSize(1);
            assertThat(lane.acquire(2, 10)).containsExactly(2L);
        }

        private void failTwice() {
            lane.handOut(1, 1);
            lane.fail(1, 1);
            lane.handOut(1, 1);
            lane.fail(1, 1);
        }
    }

    @Nested
    class WhenAMessageOfAGroupCannotBeDelivered {
        @Test
        void deliversItsSiblingsWhileItIsDelayed() {
            lane.enqueue(new Enqueued(1, 4, 7, lane.now + 10, 0, new int[0]));
            lane.enqueueInGroup(7, 2);

            assertThat(lane.acquire(1, 10)).containsExactly(2L);
        }

        @Test
        void deliversItsSiblingsWhenItHasExpiredWhileTheyWereSetAside() {
            lane.enqueueInGroup(7, 1);
            lane.enqueue(new Enqueued(2, 4, 7, 0, lane.now + 10, new int[0]));
            lane.enqueueInGroup(7, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();
            lane.settle(1, 1);

            lane.now += 10;

            assertThat(lane.acquire(2, 10)).containsExactly(3L);
        }
    }

    @Nested
    class WhenTheFirstOfWhatWasSetAsideGoes {
        private Decision expiry = Decision.NOTHING;

        @Test
        void showsTheNextOneWhileThatIsBeingWritten() {
            beginExpiryOfTheFirst();

            assertThat(lane.acquire(2, 10)).containsExactly(3L);
        }

        @Test
        void showsTheNextOneOnceThatIsWritten() {
            beginExpiryOfTheFirst();

            lane.accept(expiry);

            assertThat(lane.acquire(2, 10)).containsExactly(3L);
        }

        @Test
        void showsItInOrderAgainIfThatWasRefused() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();
            lane.settle(1, 1);
            lane.begin(new QueueCommand.Purge(new long[] {2}));

            lane.run(new QueueCommand.Refused(0, new long[] {2}));

            assertThat(lane.acquire(2, 10)).containsExactly(2L, 3L);
        }

        @Test
        void showsTheNextOneIfItGoesWithoutNotice() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();
            lane.settle(1, 1);

            lane.state.apply(new QueueEvent.Settled(new long[] {2}));

            assertThat(lane.acquire(2, 10)).containsExactly(3L);
        }

        private void beginExpiryOfTheFirst() {
            lane.enqueueInGroup(7, 1);
            lane.enqueue(new Enqueued(2, 4, 7, 0, lane.now + 10, new int[0]));
            lane.enqueueInGroup(7, 3);
            lane.acquire(1, 1);
            assertThat(lane.acquire(2, 10)).isEmpty();
            lane.settle(1, 1);
            lane.now += 10;
            expiry = lane.begin(new QueueCommand.Tick());
        }
    }

    @Nested
    class WhenManyMessagesOfABlockedGroupWait {
        private static final int MANY = 20_000;

        @Test
        void meetsThemOnceAndNotOncePerAcquire() {
            for (int i = 0; i < MANY; i++) {
                lane.enqueueInGroup(7, i);
            }
            lane.acquire(1, 1);

            Decision first = lane.run(new QueueCommand.Acquire(2, QueueState.NO_SELECTOR, 1));
            assertThat(parkedBy(first)).isEqualTo(MANY - 1);
            assertThat(lane.decide(new QueueCommand.Acquire(2, QueueState.NO_SELECTOR, 1)))
                    .isSameAs(Decision.NOTHING);

            lane.settle(1, 0);
            assertThat(lane.acquire(2, 1)).containsExactly(1L);
            Decision next = lane.run(new QueueCommand.Acquire(1, QueueState.NO_SELECTOR, 1));
            assertThat(parkedBy(next)).isLessThan(2);
            lane.settle(2, 1);
            assertThat(lane.acquire(1, 3)).containsExactly(2L, 3L, 4L);
        }

        private int parkedBy(Decision decision) {
            return decision.soft().stream()
                    .mapToInt(event -> event instanceof Scanned scanned ? scanned.parked().length : 0)
                    .sum();
        }
    }

    @Test
    void keepsEachGroupInOrderThroughFailuresWithManyHolders() {
        Random random = new Random(42);
        for (int i = 0; i < 500; i++) {
            lane.enqueueInGroup(1 + random.nextInt(5), i);
        }
        Map<Long, List<Long>> held = new HashMap<>();
        List<Long> settled = new ArrayList<>();
        while (settled.size() + lane.state.counts().buried() < 500) {
            long holder = random.nextInt(8);
            List<Long> mine = held.computeIfAbsent(holder, any -> new ArrayList<>());
            if (mine.isEmpty()) {
                mine.addAll(lane.acquire(holder, 1 + random.nextInt(3)));
            } else {
                long next = mine.remove(0);
                lane.mark(holder, next);
                if (random.nextInt(4) > 0) {
                    lane.settle(holder, next);
                    settled.add(next);
                } else {
                    mine.forEach(rest -> lane.giveBack(holder, rest));
                    mine.clear();
                    lane.fail(holder, next);
                }
            }
            lane.now += random.nextInt(20);
        }

        assertThat(lane.state.counts().buried()).isPositive();
        for (long group = 1; group <= 5; group++) {
            long wanted = group;
            assertThat(settled.stream().filter(position -> groupOf(position) == wanted))
                    .isSorted();
        }
    }

    private long groupOf(long position) {
        return lane.log.stream()
                .filter(event -> event instanceof Enqueued enqueued && enqueued.position() == position)
                .mapToLong(event -> ((Enqueued) event).group())
                .findFirst()
                .orElseThrow();
    }
}
