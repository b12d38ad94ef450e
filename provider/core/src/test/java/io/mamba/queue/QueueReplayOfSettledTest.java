package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueReplayOfSettledTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhenALaneIsMovedBack {
        @Test
        void deliversAgainWhatWasSettledInTheOldOrderAndBeforeWhatStillWaits() {
            lane.enqueue(1, 2, 3, 4, 5);
            settleAll(1, 3);

            requeue(1, 2, 3);

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L, 3L, 4L, 5L);
        }

        @Test
        void countsThemAsNeverDelivered() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.settle(1, 1);

            requeue(1);

            assertThat(lane.run(new QueueCommand.Acquire(1, QueueState.NO_SELECTOR, 1))
                            .acquired())
                    .containsExactly(new Decision.Acquisition(1, 1));
        }

        @Test
        void leavesAloneWhatIsHeldOrPrepared() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 2);
            lane.run(new QueueCommand.Prepare(1, "branch", new long[] {2}));

            Decision decision = lane.run(new QueueCommand.Requeue(messages(1, 2, 3)));

            assertThat(decision).isSameAs(Decision.NOTHING);
            lane.settle(1, 1);
            assertThat(TestLane.list(lane.state.live())).containsExactly(2L, 3L);
        }

        @Test
        void leavesOutWhatHasExpired() {
            lane.enqueueExpiring(1, lane.now + 10);
            settleAll(1, 1);
            lane.now += 10;

            Decision decision =
                    lane.run(new QueueCommand.Requeue(List.of(new Enqueued(1, 4, 0, 0, lane.now, new int[0]))));

            assertThat(decision).isSameAs(Decision.NOTHING);
        }

        @Test
        void knowsItAfterARestart() {
            lane.enqueueInGroup(7, 1, 2);
            settleAll(1, 2);
            requeue(1);

            lane.restart();

            assertThat(lane.acquire(1, 10)).containsExactly(1L);
        }

        @Test
        void keepsAMessageThatIsMovedBackTwiceOnce() {
            lane.enqueue(1);
            settleAll(1, 1);
            Decision first = lane.begin(new QueueCommand.Requeue(messages(1)));
            Decision second = lane.begin(new QueueCommand.Requeue(messages(1)));

            lane.accept(first);
            lane.accept(second);

            assertThat(lane.acquire(1, 10)).containsExactly(1L);
            assertThat(lane.state.counts().enqueued()).isEqualTo(2);
        }

        @Test
        void showsThemToReceiversWithSelectorsOnceThatIsEvaluated() {
            int selector = lane.state.registerSelector();
            lane.enqueueMatching(selector, 1, 2);
            settleAll(1, 2);
            requeue(1, 2);

            lane.state.apply(new QueueEvent.Matched(selector, 2));

            assertThat(lane.acquire(1, selector, 10)).containsExactly(2L);
        }

        @Test
        void takesNoObjectForEach() {
            lane.enqueue(LongStream.range(0, 20_000).toArray());
            List<Long> all = lane.acquire(1, 20_000);
            lane.settle(
                    1,
                    all.stream()
                            .filter(position -> position % 3 != 0)
                            .mapToLong(Long::longValue)
                            .toArray());
            lane.giveBack(
                    1,
                    all.stream()
                            .filter(position -> position % 3 == 0)
                            .mapToLong(Long::longValue)
                            .toArray());
            lane.state = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1 << 20));

            requeue(LongStream.range(0, 20_000).toArray());

            assertThat(lane.state.objects()).isZero();
            assertThat(lane.acquire(1, 30_000)).hasSize(20_000).isSorted();
        }
    }

    @Nested
    class WhenALaneIsMovedForward {
        @Test
        void settlesWhatIsAvailableBeforeThePlaceAndLeavesTheRest() {
            lane.enqueue(1, 2, 3, 4);
            lane.acquire(1, 1);

            lane.run(new QueueCommand.Skip(3));

            assertThat(TestLane.list(lane.state.live())).containsExactly(1L, 3L, 4L);
            assertThat(lane.decide(new QueueCommand.Skip(3))).isSameAs(Decision.NOTHING);
        }
    }

    private void settleAll(long holder, int number) {
        List<Long> taken = new ArrayList<>(lane.acquire(holder, number));
        lane.settle(holder, taken.stream().mapToLong(Long::longValue).toArray());
    }

    private void requeue(long... positions) {
        lane.run(new QueueCommand.Requeue(messages(positions)));
    }

    private static List<Enqueued> messages(long... positions) {
        return LongStream.of(positions)
                .mapToObj(position -> new Enqueued(position, 4, 0, 0, 0, new int[0]))
                .toList();
    }
}
