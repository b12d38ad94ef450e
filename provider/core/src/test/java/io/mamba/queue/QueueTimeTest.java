package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueTimeTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhileAMessageIsDelayed {
        @Test
        void waitsUntilItsTime() {
            lane.enqueueDelayed(1, lane.now + 100);
            lane.enqueue(2);
            assertThat(lane.acquire(1, 1)).containsExactly(2L);
            assertThat(lane.acquire(1, 1)).isEmpty();
            assertThat(lane.state.counts().available()).isEqualTo(1);
            assertThat(lane.state.counts().scheduled()).isEqualTo(1);

            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 100));
            lane.now += 100;
            lane.tick();

            assertThat(lane.state.nextDeadline()).isEmpty();
            assertThat(lane.state.counts().scheduled()).isZero();
            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void isDeliveredAtItsTimeEvenIfNoTickCameFirst() {
            lane.enqueueDelayed(1, lane.now + 100);
            lane.enqueue(2);

            lane.now += 100;

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L);
        }

        @Test
        void isDelayedThoughItArrivedOutOfOrder() {
            lane.enqueue(5);
            lane.enqueueDelayed(1, lane.now + 100);
            assertThat(lane.acquire(1, 10)).containsExactly(5L);

            lane.now += 100;

            assertThat(lane.acquire(1, 10)).containsExactly(1L);
        }

        @Test
        void isDelayedStillAfterARestart() {
            lane.enqueueDelayed(1, lane.now + 100);

            lane.restart();

            assertThat(lane.acquire(1, 1)).isEmpty();
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 100));
        }

        @Test
        void expiresWithoutEverHavingBeenVisible() {
            lane.enqueue(new Enqueued(1, 4, 0, lane.now + 100, lane.now + 50, new int[0]));
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 50));

            lane.now += 50;
            lane.tick();

            assertThat(lane.state.counts().expired()).isEqualTo(1);
            assertThat(lane.state.counts().scheduled()).isZero();
            assertThat(lane.state.nextDeadline()).isEmpty();
        }
    }

    @Nested
    class WhenAMessageExpires {
        @Test
        void isNotDeliveredFromThatTimeOn() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.enqueue(2);

            lane.now += 10;

            assertThat(lane.acquire(1, 10)).containsExactly(2L);
            assertThat(lane.state.counts().expired()).isEqualTo(1);
        }

        @Test
        void isTakenAwayByTheTick() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.enqueueExpiring(2, lane.now + 20);
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 10));

            lane.now += 10;
            Decision decision = lane.tick();

            assertThat(decision.events()).hasSize(1);
            assertThat(lane.state.counts().expired()).isEqualTo(1);
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 10));
        }

        @Test
        void isTakenAwayOnceWhileThatIsUnderWay() {
            lane.enqueueExpiring(1, lane.now);

            Decision decision = lane.begin(new QueueCommand.Tick());

            assertThat(lane.state.nextDeadline()).isEmpty();
            assertThat(lane.decide(new QueueCommand.Tick())).isSameAs(Decision.NOTHING);
            assertThat(lane.acquire(1, 1)).isEmpty();
            lane.accept(decision);
            assertThat(lane.state.counts().expired()).isEqualTo(1);
        }

        @Test
        void isTakenAwayLaterIfThatWasRefused() {
            lane.enqueueExpiring(1, lane.now);
            lane.begin(new QueueCommand.Tick());

            lane.run(new QueueCommand.Refused(0, new long[] {1}));

            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now));
            lane.tick();
            assertThat(lane.state.counts().expired()).isEqualTo(1);
        }

        @Test
        void isLeftAloneWhileSomebodyHasIt() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.acquire(1, 1);
            lane.now += 10;

            assertThat(lane.tick()).isSameAs(Decision.NOTHING);
            assertThat(lane.state.nextDeadline()).isEmpty();
            lane.giveBack(1, 1);

            assertThat(lane.acquire(1, 1)).isEmpty();
            lane.tick();
            assertThat(lane.state.counts().expired()).isEqualTo(1);
        }

        @Test
        void isTakenAwayInBoundedNumbers() {
            for (int i = 0; i <= Decider.LARGEST_SWEEP; i++) {
                lane.state.apply(new Enqueued(i, 4, 0, 0, lane.now, new int[0]));
            }

            lane.tick();
            assertThat(lane.state.counts().expired()).isEqualTo(Decider.LARGEST_SWEEP);
            assertThat(lane.state.nextDeadline()).isPresent();

            lane.tick();
            assertThat(lane.state.counts().available()).isZero();
            assertThat(lane.state.nextDeadline()).isEmpty();
        }

        @Test
        void isTakenAwayRatherThanBuried() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.state.apply(new Delivered(1, 3));
            lane.now += 10;

            Decision decision = lane.tick();

            assertThat(decision.burials()).isEmpty();
            assertThat(lane.state.counts().expired()).isEqualTo(1);
        }
    }

    @Nested
    class WhenAListenerFails {
        @Test
        void isRedeliveredAtOnceTheFirstTime() {
            lane.enqueue(1);
            lane.handOut(1, 1);

            lane.fail(1, 1);

            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void isRedeliveredAfterTheDelayTheSecondTime() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.fail(1, 1);
            lane.handOut(1, 1);

            lane.fail(1, 1);

            assertThat(lane.acquire(1, 1)).isEmpty();
            assertThat(lane.state.counts().scheduled()).isEqualTo(1);
            assertThat(lane.browse()).containsExactly(1L);
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 100));
            lane.now += 100;
            assertThat(lane.acquire(1, 1)).containsExactly(1L);
            assertThat(lane.state.counts().scheduled()).isZero();
        }

        @Test
        void isRedeliveredAtOnceIfItIsOnlyGivenBack() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);

            lane.giveBack(1, 1);

            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void isRedeliveredAtOnceIfItWasNotHandedOutThisTime() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.fail(1, 1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.acquire(1, 1);

            lane.fail(1, 1);

            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void forgetsTheBackOffInARestart() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.fail(1, 1);
            lane.handOut(1, 1);
            lane.fail(1, 1);

            lane.restart();

            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void waitsLongerEachTimeUpToTheMaximum() {
            assertThat(TestLane.SETTINGS.redeliveryDelay(1)).isEqualTo(Duration.ZERO);
            assertThat(TestLane.SETTINGS.redeliveryDelay(2)).isEqualTo(Duration.ofMillis(100));
            assertThat(TestLane.SETTINGS.redeliveryDelay(3)).isEqualTo(Duration.ofMillis(200));
            assertThat(TestLane.SETTINGS.redeliveryDelay(4)).isEqualTo(Duration.ofMillis(350));
            assertThat(TestLane.SETTINGS.redeliveryDelay(Integer.MAX_VALUE)).isEqualTo(Duration.ofMillis(350));
        }
    }

    @Test
    void hasNoDeadlineWhileNothingWaitsForATime() {
        lane.enqueue(1);

        assertThat(lane.state.nextDeadline()).isEmpty();
        assertThat(lane.decide(new QueueCommand.Tick())).isSameAs(Decision.NOTHING);
    }
}
