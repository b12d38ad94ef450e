package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueAdministrationTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhenTheOldestMakeRoom {
        @Test
        void areThoseThatWaitForNothing() {
            lane.enqueue(1, 2);
            lane.enqueueDelayed(3, lane.now + 1000);
            lane.enqueueWithPriority(9, 4);
            lane.handOut(1, 4);
            lane.giveBack(1, 4);
            lane.acquire(1, 1);

            assertThat(TestLane.list(lane.state.oldest())).containsExactly(1L, 2L);
        }

        @Test
        void goToTheDeadLettersWithTheCause() {
            lane.enqueueWithPriority(9, 1);
            lane.enqueue(2, 3);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);

            Decision decision = lane.run(new QueueCommand.Bury(0, new long[] {1, 2}, "no room"));

            assertThat(decision.burials())
                    .containsExactly(new Decision.Burial(1, 1, "no room"), new Decision.Burial(2, 0, "no room"));
            assertThat(lane.state.counts().buried()).isEqualTo(2);
            assertThat(lane.browse()).containsExactly(3L);
        }

        @Test
        void areDeliveredAgainIfThatWasRefused() {
            lane.enqueue(1, 2);
            lane.begin(new QueueCommand.Bury(0, new long[] {1}, "no room"));
            assertThat(lane.browse()).containsExactly(2L);

            lane.run(new QueueCommand.Refused(0, new long[] {1}));

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L);
        }
    }

    @Nested
    class WhenAnAdministratorPurges {
        @Test
        void settlesWhatIsNamed() {
            lane.enqueue(1, 2, 3);

            lane.run(new QueueCommand.Purge(new long[] {2}));

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 3L);
            assertThat(lane.state.counts().settled()).isEqualTo(1);
        }

        @Test
        void settlesAllThatWaitsAndLeavesAloneWhatIsHeld() {
            lane.enqueue(1, 2, 3);
            lane.enqueueDelayed(4, lane.now + 1000);
            lane.acquire(1, 1);

            lane.run(new QueueCommand.Purge(new long[0]));

            assertThat(TestLane.list(lane.state.live())).containsExactly(1L);
            assertThat(lane.decide(new QueueCommand.Purge(new long[0]))).isSameAs(Decision.NOTHING);
        }

        @Test
        void deliversNothingOfItMeanwhile() {
            lane.enqueue(1, 2);

            Decision decision = lane.begin(new QueueCommand.Purge(new long[] {1}));

            assertThat(lane.browse()).containsExactly(2L);
            assertThat(lane.acquire(1, 10)).containsExactly(2L);
            lane.accept(decision);
            assertThat(lane.state.counts().settled()).isEqualTo(1);
        }

        @Test
        void deliversItAgainIfThePurgeWasRefused() {
            lane.enqueue(1, 2);
            lane.begin(new QueueCommand.Purge(new long[0]));

            lane.run(new QueueCommand.Refused(0, new long[] {1, 2}));

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L);
        }

        @Test
        void deliversItAgainEvenIfScansHaveGoneOverIt() {
            lane.state = new QueueState(TestLane.SETTINGS, 1);
            lane.enqueue(LongStream.range(0, 20).toArray());
            lane.begin(new QueueCommand.Purge(new long[0]));
            assertThat(lane.acquire(1, 1)).isEmpty();

            lane.run(new QueueCommand.Refused(0, new long[] {7, 3}));

            assertThat(lane.acquire(1, 10)).containsExactly(3L, 7L);
        }

        @Test
        void takesManyInSeveralDecisions() {
            int many = Decider.LARGEST_SWEEP + 1;
            for (int i = 0; i < many; i++) {
                lane.state.apply(new Enqueued(i, 4, 0, 0, 0, new int[0]));
            }

            Decision first = lane.begin(new QueueCommand.Purge(new long[0]));
            Decision second = lane.begin(new QueueCommand.Purge(new long[0]));

            assertThat(List.of(settled(first), settled(second))).containsExactly(many - 1, 1);
        }

        private int settled(Decision decision) {
            return decision.events().get(0) instanceof QueueEvent.Settled settled ? settled.positions().length : 0;
        }
    }

    @Nested
    class WhenSomebodyBrowses {
        @Test
        void showsWhatIsAvailableInTheOrderOfDelivery() {
            lane.enqueue(1, 2, 3, 4);
            lane.enqueueWithPriority(9, 5);
            lane.acquire(1, 3);
            lane.giveBack(1, 2, 5);

            assertThat(lane.browse()).containsExactly(5L, 2L, 3L, 4L);
        }

        @Test
        void hidesWhatIsHeldDelayedOrExpired() {
            lane.enqueue(1, 2);
            lane.enqueueDelayed(3, lane.now + 1);
            lane.enqueueDelayed(4, lane.now);
            lane.enqueueExpiring(5, lane.now);
            lane.enqueueExpiring(6, lane.now + 1);
            lane.acquire(1, 1);

            assertThat(lane.browse()).containsExactly(2L, 4L, 6L);
        }
    }
}
