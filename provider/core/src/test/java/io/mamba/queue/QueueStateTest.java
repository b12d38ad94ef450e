package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.Decision.Acquisition;
import io.mamba.queue.Decision.Burial;
import io.mamba.queue.QueueEvent.Delivered;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueStateTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhenMessagesWait {
        @Test
        void deliversInTheOrderOfPositions() {
            lane.enqueue(1, 5, 9);

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 5L, 9L);
        }

        @Test
        void deliversHigherPrioritiesFirst() {
            lane.enqueueWithPriority(4, 1, 2);
            lane.enqueueWithPriority(0, 3);
            lane.enqueueWithPriority(9, 4, 5);

            assertThat(lane.acquire(1, 10)).containsExactly(4L, 5L, 1L, 2L, 3L);
        }

        @Test
        void givesNoMoreThanAskedFor() {
            lane.enqueue(1, 2, 3);

            assertThat(lane.acquire(1, 2)).containsExactly(1L, 2L);
            assertThat(lane.acquire(2, 2)).containsExactly(3L);
            assertThat(lane.acquire(3, 2)).isEmpty();
        }

        @Test
        void keepsTheOrderWhenPositionsArriveOutOfOrder() {
            lane.enqueue(10, 30);
            lane.enqueue(20);
            lane.enqueue(40);
            lane.enqueue(5);

            assertThat(lane.acquire(1, 10)).containsExactly(5L, 10L, 20L, 30L, 40L);
        }

        @Test
        void keepsTheOrderOverGapsThatDoNotFitIntoFourBytes() {
            lane.enqueue(1, 2, 3_000_000_000L, 3_000_000_001L, Long.MAX_VALUE - 1);

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 2L, 3_000_000_000L, 3_000_000_001L, Long.MAX_VALUE - 1);
        }

        @Test
        void takesAMessageWhosePositionIsKnownOnlyOnce() {
            lane.enqueue(1, 2);
            lane.enqueue(1);
            lane.acquire(1, 1);
            lane.enqueue(1);

            assertThat(lane.state.counts().enqueued()).isEqualTo(2);
        }

        @Test
        void findsNothingInAnEmptyLane() {
            Decision decision = lane.decide(new QueueCommand.Acquire(1, QueueState.NO_SELECTOR, 1));

            assertThat(decision).isSameAs(Decision.NOTHING);
        }

        @Test
        void changesNothingByDeciding() {
            lane.enqueue(1);
            QueueCommand command = new QueueCommand.Acquire(1, QueueState.NO_SELECTOR, 1);

            lane.decide(command);

            assertThat(lane.decide(command).acquired()).containsExactly(new Acquisition(1, 1));
            assertThat(lane.state.counts().available()).isEqualTo(1);
        }

        @Test
        void refusesAPriorityThatDoesNotExist() {
            assertThatThrownBy(() -> lane.enqueueWithPriority(10, 1))
                    .isInstanceOfSatisfying(
                            MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        }

        @Test
        void reusesTheRoomOfMessagesThatAreGone() {
            for (int i = 0; i < 100_000; i++) {
                lane.enqueue(i);
                lane.acquire(1, 1);
                lane.settle(1, i);
            }

            assertThat(lane.state.heapBytes()).isLessThan(1000);
        }
    }

    @Nested
    class WhenAMessageIsHandedOut {
        @Test
        void countsTheMarkAndNothingElse() {
            lane.enqueue(1);
            lane.acquire(1, 1);
            lane.giveBack(1, 1);
            assertThat(attempt(1)).isEqualTo(1);

            lane.mark(1, 1);
            lane.giveBack(1, 1);

            assertThat(attempt(1)).isEqualTo(2);
        }

        @Test
        void writesTheMark() {
            lane.enqueue(1);
            lane.acquire(1, 1);

            Decision decision = lane.decide(new QueueCommand.Mark(1, 1));

            assertThat(decision.events()).containsExactly(new Delivered(1, 1));
            assertThat(decision.soft()).isEmpty();
        }

        @Test
        void remembersTheCountThroughARestart() {
            lane.enqueue(1);
            lane.handOut(1, 1);

            lane.restart();

            assertThat(attempt(1)).isEqualTo(2);
        }

        private int attempt(long holder) {
            return lane.run(new QueueCommand.Acquire(holder, QueueState.NO_SELECTOR, 1))
                    .acquired()
                    .get(0)
                    .attempt();
        }
    }

    @Nested
    class WhenAMessageIsSettled {
        @Test
        void isNeverDeliveredAgain() {
            lane.enqueue(1, 2);
            lane.acquire(1, 2);

            lane.settle(1, 2, 1);

            assertThat(lane.acquire(1, 10)).isEmpty();
            assertThat(lane.state.counts().settled()).isEqualTo(2);
            lane.restart();
            assertThat(lane.acquire(1, 10)).isEmpty();
            assertThat(lane.state.counts().settled()).isEqualTo(2);
        }

        @Test
        void staysWithItsHolderUntilTheLogHasAccepted() {
            lane.enqueue(1);
            lane.acquire(1, 1);

            lane.begin(new QueueCommand.Settle(1, new long[] {1}));

            assertThat(lane.state.counts().acquired()).isEqualTo(1);
            assertThat(lane.acquire(2, 1)).isEmpty();
        }

        @Test
        void isNotNeededAnyMore() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 2);

            lane.settle(1, 1);

            assertThat(lane.state.holds(1)).isFalse();
            assertThat(lane.state.holds(2)).isTrue();
            assertThat(TestLane.list(lane.state.live())).containsExactly(2L, 3L);
        }

        @Test
        void takesAnEmptyListAsNothingToDo() {
            assertThat(lane.decide(new QueueCommand.Settle(1, new long[0]))).isSameAs(Decision.NOTHING);
        }
    }

    @Nested
    class WhenTheCallerDoesNotHoldTheMessage {
        @Test
        void refusesWhatAnotherHolderHas() {
            lane.enqueue(17);
            lane.acquire(1, 1);

            refuses(position -> new QueueCommand.Settle(2, new long[] {position}), "ACQUIRED by holder 1");
        }

        @Test
        void refusesWhatIsAvailableAgain() {
            lane.enqueue(17);
            lane.acquire(1, 1);
            lane.run(new QueueCommand.ReleaseAll(1));

            refuses(position -> new QueueCommand.Mark(1, position), "AVAILABLE");
            refuses(position -> new QueueCommand.Commit(1, new long[] {position}), "AVAILABLE");
            refuses(position -> new QueueCommand.Prepare(1, "branch", new long[] {position}), "AVAILABLE");
            refuses(position -> new QueueCommand.Release(1, new long[] {position}, null, false), "AVAILABLE");
            refuses(position -> new QueueCommand.Refused(1, new long[] {position}), "AVAILABLE");
        }

        @Test
        void refusesWhatIsGone() {
            lane.enqueue(17);
            lane.acquire(1, 1);
            lane.settle(1, 17);

            refuses(position -> new QueueCommand.Settle(1, new long[] {position}), "not in this lane");
            refuses(position -> new QueueCommand.Purge(new long[] {position}), "not in this lane");
            refuses(position -> new QueueCommand.Bury(0, new long[] {position}, "no room"), "not in this lane");
        }

        @Test
        void refusesAllIfOneIsRefused() {
            lane.enqueue(16, 17);
            lane.acquire(1, 1);

            refuses(position -> new QueueCommand.Settle(1, new long[] {16, position}), "AVAILABLE");

            assertThat(lane.state.counts().acquired()).isEqualTo(1);
        }

        @Test
        void refusesAMessageNamedTwice() {
            lane.enqueue(17);
            lane.acquire(1, 1);

            refuses(position -> new QueueCommand.Release(1, new long[] {position, position}, null, false), "twice");
        }

        private void refuses(LongFunction<QueueCommand> command, String why) {
            assertThatThrownBy(() -> lane.decide(command.apply(17)))
                    .isInstanceOfSatisfying(
                            MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE))
                    .hasMessageContaining("17")
                    .hasMessageContaining(why);
        }
    }

    @Nested
    class WhenAMessageComesBack {
        @Test
        void isDeliveredBeforeLaterOnes() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 2);

            lane.giveBack(1, 2, 1);

            assertThat(lane.acquire(2, 10)).containsExactly(1L, 2L, 3L);
        }

        @Test
        void comesBackWithAllThatItsHolderHas() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 2);
            lane.acquire(2, 1);

            lane.run(new QueueCommand.ReleaseAll(1));

            assertThat(lane.acquire(3, 10)).containsExactly(1L, 2L);
        }

        @Test
        void isBuriedAtTheLimitWithItsCause() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);

            Decision decision = lane.run(new QueueCommand.Release(1, new long[] {1}, "boom", false));

            assertThat(decision.burials()).containsExactly(new Burial(1, 3, "boom"));
            assertThat(decision.events()).containsExactly(new QueueEvent.Buried(1));
            assertThat(lane.state.counts().buried()).isEqualTo(1);
            assertThat(lane.state.holds(1)).isFalse();
        }

        @Test
        void isBuriedAtTheLimitByCloseToo() {
            lane.enqueue(1);
            handOutToTheLimit();

            Decision decision = lane.run(new QueueCommand.ReleaseAll(1));

            assertThat(decision.burials()).containsExactly(new Burial(1, 3, "delivered 3 times without being settled"));
        }

        @Test
        void isAvailableAgainAndNotDeliveredWhenItsBurialIsRefused() {
            lane.enqueue(1);
            handOutToTheLimit();
            lane.begin(new QueueCommand.Release(1, new long[] {1}, "boom", true));
            assertThat(lane.state.counts().committing()).isEqualTo(1);

            lane.run(new QueueCommand.Refused(1, new long[] {1}));

            assertThat(lane.state.counts().available()).isEqualTo(1);
            assertThat(lane.state.nextDeadline()).isPresent();
            assertThat(lane.tick().burials()).containsExactly(new Burial(1, 3, "boom"));
            assertThat(lane.state.counts().buried()).isEqualTo(1);
        }

        @Test
        void isNotBuriedIfItWasNotHandedOutThisTime() {
            lane.enqueue(1);
            handOutToTheLimitLessOne();
            lane.acquire(1, 1);

            Decision decision = lane.fail(1, 1);

            assertThat(decision.burials()).isEmpty();
            assertThat(lane.acquire(1, 1)).containsExactly(1L);
        }

        @Test
        void isDeliveredForEverWithoutALimit() {
            lane.state = new QueueState(new QueueSettings(
                    0, TestLane.SETTINGS.initialRedeliveryDelay(), 2.0, TestLane.SETTINGS.maximumRedeliveryDelay()));
            lane.enqueue(1);

            for (int i = 0; i < 100; i++) {
                lane.handOut(1, 1);
                assertThat(lane.giveBack(1, 1).burials()).isEmpty();
            }
        }

        private void handOutToTheLimitLessOne() {
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
        }

        private void handOutToTheLimit() {
            handOutToTheLimitLessOne();
            lane.handOut(1, 1);
        }
    }

    @Nested
    class WhenTheProcessDiedAtTheLimit {
        @Test
        void buriesTheMessageInsteadOfHandingItOutAgain() {
            lane.enqueue(1, 2);
            lane.log.add(new Delivered(1, 3));
            lane.restart();

            Decision decision = lane.run(new QueueCommand.Acquire(1, QueueState.NO_SELECTOR, 1));

            assertThat(decision.acquired()).containsExactly(new Acquisition(2, 1));
            assertThat(decision.burials()).containsExactly(new Burial(1, 3, "delivered 3 times without being settled"));
            assertThat(lane.state.counts().buried()).isEqualTo(1);
        }

        @Test
        void buriesTheMessageOnTheNextTickWhichIsDueAtOnce() {
            lane.enqueue(1);
            lane.log.add(new Delivered(1, 3));
            lane.restart();
            assertThat(lane.state.nextDeadline())
                    .hasValueSatisfying(due -> assertThat(due.toEpochMilli()).isLessThanOrEqualTo(lane.now));

            Decision decision = lane.tick();

            assertThat(decision.burials()).hasSize(1);
            assertThat(lane.state.nextDeadline()).isEmpty();
        }

        @Test
        void buriesItOnceWhileTheBurialIsUnderWay() {
            lane.enqueue(1);
            lane.log.add(new Delivered(1, 3));
            lane.restart();

            lane.begin(new QueueCommand.Tick());

            assertThat(lane.decide(new QueueCommand.Tick())).isSameAs(Decision.NOTHING);
            assertThat(lane.state.nextDeadline()).isEmpty();
        }
    }
}
