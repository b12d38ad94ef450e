package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.Decision.Burial;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Resolved;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueUnitsTest {
    private static final long[] BOTH = {1, 2};

    private final TestLane lane = new TestLane();

    @Nested
    class WhileACommitIsUnderWay {
        @Test
        void keepsCloseAndExpiryAway() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.acquire(1, 1);
            lane.begin(new QueueCommand.Commit(1, new long[] {1}));

            lane.now += 10;
            lane.tick();
            lane.run(new QueueCommand.ReleaseAll(1));

            assertThat(lane.state.counts().committing()).isEqualTo(1);
        }

        @Test
        void settlesWhenTheLogHasAccepted() {
            lane.enqueue(BOTH);
            lane.acquire(1, 2);
            Decision commit = lane.begin(new QueueCommand.Commit(1, BOTH));

            lane.accept(commit);

            assertThat(lane.state.counts().settled()).isEqualTo(2);
        }

        @Test
        void givesTheMessagesBackToTheirHolderWhenTheLogRefuses() {
            lane.enqueue(BOTH);
            lane.acquire(1, 2);
            lane.mark(1, 1);
            lane.begin(new QueueCommand.Commit(1, BOTH));

            lane.run(new QueueCommand.Refused(1, BOTH));

            assertThat(lane.state.counts().acquired()).isEqualTo(2);
            assertThat(lane.acquire(2, 10)).isEmpty();
            lane.run(new QueueCommand.Commit(1, BOTH));
            assertThat(lane.state.counts().settled()).isEqualTo(2);
        }

        @Test
        void remembersThatAMessageWasHandedOutWhenTheLogRefuses() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);
            lane.begin(new QueueCommand.Commit(1, new long[] {1}));
            lane.run(new QueueCommand.Refused(1, new long[] {1}));

            lane.fail(1, 1);

            assertThat(lane.state.counts().scheduled()).isEqualTo(1);
        }

        @Test
        void isAvailableAgainIfTheProcessDies() {
            lane.enqueue(1);
            lane.acquire(1, 1);
            lane.begin(new QueueCommand.Commit(1, new long[] {1}));

            lane.restart();

            assertThat(lane.acquire(2, 1)).containsExactly(1L);
        }
    }

    @Nested
    class WhileABranchIsPrepared {
        @Test
        void isLockedForEverybodyThroughARestart() {
            prepare();

            lane.restart();

            assertThat(lane.acquire(1, 10)).isEmpty();
            assertThat(lane.state.counts().prepared()).isEqualTo(2);
            assertThat(lane.state.preparedBranches()).containsExactly("branch");
            assertThat(lane.state.holds(1)).isTrue();
        }

        @Test
        void isNotReleasedByClose() {
            prepare();

            assertThat(lane.decide(new QueueCommand.ReleaseAll(1))).isSameAs(Decision.NOTHING);
        }

        @Test
        void settlesItsMessagesByCommit() {
            prepare();

            lane.run(new QueueCommand.Resolve("branch", true, null));

            assertThat(lane.state.counts().settled()).isEqualTo(2);
            assertThat(lane.state.preparedBranches()).isEmpty();
        }

        @Test
        void makesItsMessagesAvailableByRollbackWithoutWaiting() {
            lane.enqueue(BOTH);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);
            lane.run(new QueueCommand.Prepare(1, "branch", new long[] {1}));

            lane.run(new QueueCommand.Resolve("branch", false, null));

            assertThat(lane.acquire(2, 10)).containsExactly(1L, 2L);
        }

        @Test
        void makesItsMessagesWaitIfTheyWereRolledBackForACause() {
            lane.enqueue(1);
            lane.handOut(1, 1);
            lane.giveBack(1, 1);
            lane.handOut(1, 1);
            lane.run(new QueueCommand.Prepare(1, "branch", new long[] {1}));

            lane.run(new QueueCommand.Resolve("branch", false, "the endpoint failed"));

            assertThat(lane.acquire(2, 10)).isEmpty();
            assertThat(lane.state.nextDeadline()).contains(Instant.ofEpochMilli(lane.now + 100));
        }

        @Test
        void buriesItsMessagesAtTheLimitInTheBatchOfTheRollback() {
            lane.enqueue(BOTH);
            for (int i = 0; i < 2; i++) {
                lane.handOut(1, 1);
                lane.giveBack(1, 1);
            }
            lane.handOut(1, 1);
            lane.acquire(1, 1);
            lane.run(new QueueCommand.Prepare(1, "branch", BOTH));

            Decision rollback = lane.run(new QueueCommand.Resolve("branch", false, "boom"));

            assertThat(rollback.events()).containsExactly(new Resolved("branch", false), new Buried(1));
            assertThat(rollback.burials()).containsExactly(new Burial(1, 3, "boom"));
            assertThat(lane.state.counts().buried()).isEqualTo(1);
            assertThat(lane.acquire(2, 10)).containsExactly(2L);
            lane.giveBack(2, 2);
            String live = lane.fingerprint();
            lane.restart();
            assertThat(lane.fingerprint()).isEqualTo(live);
        }

        @Test
        void keepsBranchesApart() {
            lane.enqueue(BOTH);
            lane.acquire(1, 2);
            lane.run(new QueueCommand.Prepare(1, "one", new long[] {1}));
            lane.run(new QueueCommand.Prepare(1, "two", new long[] {2}));

            lane.run(new QueueCommand.Resolve("two", true, null));

            assertThat(lane.state.preparedBranches()).containsExactly("one");
            assertThat(TestLane.list(lane.state.live())).containsExactly(1L);
        }

        private void prepare() {
            lane.enqueue(BOTH);
            lane.acquire(1, 2);
            lane.run(new QueueCommand.Prepare(1, "branch", BOTH));
        }
    }

    @Test
    void hasNothingToResolveForABranchThatIsNotHere() {
        assertThat(lane.decide(new QueueCommand.Resolve("elsewhere", true, null)))
                .isSameAs(Decision.NOTHING);
    }
}
