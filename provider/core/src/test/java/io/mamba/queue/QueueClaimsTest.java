package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueCommand.Acquire;
import io.mamba.queue.QueueCommand.Commit;
import io.mamba.queue.QueueCommand.Prepare;
import io.mamba.queue.QueueCommand.Release;
import io.mamba.queue.QueueCommand.Tick;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueClaimsTest {
    private static final long A = 11;
    private static final long B = 12;
    private static final long SESSION = 1;
    private static final long OTHER_SESSION = 2;

    private final SharedLane lane = new SharedLane(A, B);

    @Nested
    class WhenTwoClaimTheSameMessage {
        @Test
        void theFirstInTheLogHasIt() {
            lane.enqueue(1);
            Decision ofA = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));
            Decision ofB = lane.decide(B, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));

            lane.tell(B, ofB);
            lane.tell(A, ofA);

            assertThat(lane.of(B).isAcquired(SESSION, 1)).isTrue();
            assertThat(lane.of(A).isAcquired(SESSION, 1)).isFalse();
            assertThat(lane.of(A).deliveries(1)).isEqualTo(1);
            lane.isAlikeEverywhere();
        }

        @Test
        void theSecondHasItIfTheFirstHasGivenItBackBefore() {
            lane.enqueue(1);
            Decision ofA = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));
            lane.acquire(B, SESSION, 1);
            lane.giveBack(B, SESSION, 1);

            lane.tell(A, ofA);

            assertThat(lane.of(A).isAcquired(SESSION, 1)).isTrue();
            lane.isAlikeEverywhere();
        }

        @Test
        void theOneThatLosesGoesOnBehind() {
            lane.enqueue(1, 2, 3);
            Decision ofA = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 2));
            lane.acquire(B, SESSION, 1);

            lane.tell(A, ofA);

            assertThat(lane.of(A).isAcquired(SESSION, 2)).isTrue();
            assertThat(lane.acquire(A, OTHER_SESSION, 5)).containsExactly(3L);
            assertThat(lane.acquire(B, SESSION, 5)).isEmpty();
            lane.isAlikeEverywhere();
        }

        @Test
        void aClaimThatIsUnderWayKeepsOthersOfTheSameMemberAway() {
            lane.enqueue(1, 2);
            Decision first = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));

            Decision second = lane.decide(A, new Acquire(OTHER_SESSION, QueueState.NO_SELECTOR, 1));
            lane.tell(A, first);
            lane.tell(A, second);

            assertThat(lane.of(A).isAcquired(SESSION, 1)).isTrue();
            assertThat(lane.of(A).isAcquired(OTHER_SESSION, 2)).isTrue();
        }

        @Test
        void aClaimThatTheLogRefusedIsAsIfItHadNotBeen() {
            lane.enqueue(1);
            lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));

            lane.decide(A, new QueueCommand.Refused(SESSION, new long[] {1}));

            assertThat(lane.acquire(A, OTHER_SESSION, 1)).containsExactly(1L);
        }

        @Test
        void aClaimOfWhatIsDoneWithIsLost() {
            lane.enqueue(1);
            Decision ofA = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 1));
            lane.acquire(B, SESSION, 1);
            lane.run(B, new Commit(SESSION, new long[] {1}));

            lane.tell(A, ofA);

            assertThat(lane.of(A).holds(1)).isFalse();
            assertThat(lane.of(A).counts().settled()).isEqualTo(1);
            lane.isAlikeEverywhere();
        }

        @Test
        void theNextScanMeetsWhatWasLostAndCameBack() {
            lane.enqueue(1, 2, 3, 4);
            Decision ofA = lane.decide(A, new Acquire(SESSION, QueueState.NO_SELECTOR, 4));
            lane.acquire(B, SESSION, 4);
            lane.tell(A, ofA);
            lane.giveBack(B, SESSION, 2, 3);

            assertThat(lane.acquire(A, SESSION, 1)).containsExactly(2L);
            lane.isAlikeEverywhere();
        }
    }

    @Nested
    class WhenAnotherMemberHoldsTheMessage {
        @Test
        void nothingElseThatIsWrittenAboutItCounts() {
            lane.enqueue(1, 2, 3, 4, 5);
            lane.acquire(B, SESSION, 5);
            String before = lane.fingerprint(B);

            lane.tell(A, new QueueEvent.Settled(new long[] {1}));
            lane.tell(A, new QueueEvent.Buried(2));
            lane.tell(A, new QueueEvent.Expired(new long[] {3}));
            lane.tell(A, new QueueEvent.Prepared("branch", new long[] {4}));
            lane.tell(A, new QueueEvent.GivenBack(new long[] {5}, 0, null, true));

            assertThat(lane.fingerprint(B)).isEqualTo(before);
            lane.isAlikeEverywhere();
        }

        @Test
        void itsSessionsCannotSettleIt() {
            lane.enqueue(1);
            lane.acquire(B, SESSION, 1);

            assertThatThrownBy(() -> lane.decide(A, new Commit(SESSION, new long[] {1})))
                    .isInstanceOfSatisfying(
                            MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE));
        }

        @Test
        void whatNobodyHoldsIsSettledByNobody() {
            lane.enqueue(1);

            lane.tell(A, new QueueEvent.Settled(new long[] {1}));

            assertThat(lane.of(B).holds(1)).isTrue();
        }

        @Test
        void anExpiryOfWhatNobodyHoldsCounts() {
            lane.enqueue(1);

            lane.tell(A, new QueueEvent.Expired(new long[] {1}));

            assertThat(lane.of(B).counts().expired()).isEqualTo(1);
        }
    }

    @Nested
    class WhenMessagesComeBack {
        @Test
        void theOtherMemberGetsThem() {
            lane.enqueue(1);
            lane.acquire(A, SESSION, 1);
            lane.run(A, new QueueCommand.Mark(SESSION, 1));

            lane.giveBack(A, SESSION, 1);

            assertThat(lane.acquire(B, SESSION, 1)).containsExactly(1L);
            assertThat(lane.of(B).deliveries(1)).isEqualTo(2);
        }

        @Test
        void whatNobodyHasSeenIsAsIfItHadNotBeenClaimed() {
            lane.enqueue(1);
            lane.acquire(A, SESSION, 1);

            lane.giveBack(A, SESSION, 1);

            assertThat(lane.acquire(B, SESSION, 1)).containsExactly(1L);
            assertThat(lane.of(B).deliveries(1)).isEqualTo(1);
        }

        @Test
        void theyBackOffInEveryMember() {
            lane.enqueue(1);
            fail(A);
            assertThat(lane.acquire(B, SESSION, 1)).containsExactly(1L);
            lane.giveBack(B, SESSION, 1);

            fail(B);

            assertThat(lane.acquire(A, SESSION, 1)).isEmpty();
            lane.now += 100;
            assertThat(lane.acquire(A, SESSION, 1)).containsExactly(1L);
            lane.isAlikeEverywhere();
        }

        private void fail(long member) {
            lane.acquire(member, SESSION, 1);
            lane.run(member, new QueueCommand.Mark(SESSION, 1));
            lane.run(member, new Release(SESSION, new long[] {1}, "the listener failed", true));
        }

        @Test
        void whoGivesBackAtTheLimitBuries() {
            lane.enqueue(1);
            fail(A);
            fail(A);
            lane.now += 1000;
            lane.acquire(B, SESSION, 1);
            lane.run(B, new QueueCommand.Mark(SESSION, 1));

            Decision last = lane.run(B, new Release(SESSION, new long[] {1}, "the listener failed", true));

            assertThat(last.burials()).containsExactly(new Decision.Burial(1, 3, "the listener failed"));
            assertThat(lane.of(A).counts().buried()).isEqualTo(1);
            lane.isAlikeEverywhere();
        }

        @Test
        void whatTheLogDidNotTakeBackTheMemberGivesBackItself() {
            lane.enqueue(1);
            lane.acquire(A, SESSION, 1);
            lane.decide(A, new Release(SESSION, new long[] {1}, null, false));
            lane.decide(A, new QueueCommand.Refused(QueueState.MEMBER_ITSELF, new long[] {1}));

            assertThat(lane.of(A).nextDeadline()).isPresent();
            lane.run(A, new Tick(false));

            assertThat(lane.acquire(B, SESSION, 1)).containsExactly(1L);
            lane.isAlikeEverywhere();
        }
    }

    @Nested
    class WhenAMemberIsGone {
        @Test
        void theOthersGetWhatItHeldWithTheCountItHad() {
            lane.enqueue(1, 2);
            lane.acquire(A, SESSION, 2);

            lane.gone(A);

            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(1L);
            assertThat(lane.of(B).deliveries(1)).isEqualTo(2);
        }

        @Test
        void whatKilledItComesAlone() {
            lane.enqueue(1, 2, 3);
            lane.acquire(A, SESSION, 1);
            lane.gone(A);

            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(1L);
            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(2L, 3L);
        }

        @Test
        void whatKillsEachMemberIsBuriedByTheKeeper() {
            lane.enqueue(1, 2);
            for (long member = 21; member <= 23; member++) {
                lane.join(member);
                assertThat(lane.acquire(member, SESSION, 1)).containsExactly(1L);
                lane.gone(member);
            }

            assertThat(lane.run(A, new Tick(false)).events()).isEmpty();
            lane.run(B, new Tick(true));
            Decision burial = lane.run(B, new Tick(true));

            assertThat(burial.burials()).extracting(Decision.Burial::position).containsExactly(1L);
            assertThat(lane.of(A).counts().buried()).isEqualTo(1);
            assertThat(lane.acquire(A, SESSION, 5)).containsExactly(2L);
        }

        @Test
        void whatItHasPreparedStaysUntilTheBranchHasItsOutcome() {
            lane.enqueue(1, 2);
            lane.acquire(A, SESSION, 2);
            lane.run(A, new Prepare(SESSION, "branch", new long[] {1}));

            lane.gone(A);

            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(2L);
            lane.run(B, new QueueCommand.Resolve("branch", false, null));
            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(1L);
        }
    }

    @Nested
    class WhenMessagesAreOfOneGroup {
        @Test
        void oneMemberAtATimeHandsThemOut() {
            lane.enqueueInGroup(7, 1, 2, 3);
            lane.enqueue(4);
            lane.acquire(A, SESSION, 1);

            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(4L);
            assertThat(lane.acquire(A, OTHER_SESSION, 5)).isEmpty();
            assertThat(lane.acquire(A, SESSION, 1)).containsExactly(2L);
        }

        @Test
        void aClaimIsLostIfAnotherMemberHasTheGroup() {
            lane.enqueueInGroup(7, 1, 2);
            Decision ofB = lane.decide(B, new Acquire(SESSION, QueueState.NO_SELECTOR, 2));
            lane.acquire(A, SESSION, 1);

            lane.tell(B, ofB);

            assertThat(lane.of(B).isAcquired(SESSION, 2)).isFalse();
            lane.run(A, new Commit(SESSION, new long[] {1}));
            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(2L);
            lane.isAlikeEverywhere();
        }
    }

    @Nested
    class WhenMessagesAreMovedAway {
        @Test
        void theirCountsStay() {
            lane.enqueue(1, 2);
            lane.run(A, new QueueCommand.Claim(OTHER_SESSION, new long[] {1}));
            lane.giveBack(A, OTHER_SESSION, 1);

            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(1L, 2L);
            assertThat(lane.of(B).deliveries(1)).isEqualTo(1);
        }

        @Test
        void theyAreClaimedFirst() {
            lane.enqueue(1, 2, 3);
            lane.acquire(B, SESSION, 1);
            lane.run(A, new QueueCommand.ClaimBefore(OTHER_SESSION, 3));

            Decision burial = lane.run(A, new QueueCommand.Bury(OTHER_SESSION, new long[] {2}, "no room"));

            assertThat(burial.burials()).hasSize(1);
            assertThat(lane.acquire(B, SESSION, 5)).containsExactly(3L);
            lane.isAlikeEverywhere();
        }

        @Test
        void theKeeperClaimsWhatItExpires() {
            lane.enqueueExpiring(1, lane.now + 10);
            lane.now += 10;
            assertThat(lane.acquire(A, SESSION, 1)).isEmpty();
            lane.run(A, new Tick(false));
            assertThat(lane.of(B).counts().available()).isEqualTo(1);

            lane.run(B, new Tick(true));
            lane.run(B, new Tick(true));

            assertThat(lane.of(A).counts().expired()).isEqualTo(1);
            lane.isAlikeEverywhere();
        }
    }

    @Test
    void aSnapshotKnowsTheHolders() {
        lane.enqueueInGroup(7, 1, 2);
        lane.enqueue(3, 4, 5);
        lane.acquire(A, SESSION, 1);
        lane.run(B, new QueueCommand.Claim(SESSION, new long[] {3}));
        lane.acquire(B, OTHER_SESSION, 1);
        lane.run(B, new Prepare(OTHER_SESSION, "branch", new long[] {4}));
        List<byte[]> pieces = TestLane.snapshot(lane.of(B), 10);

        lane.replace(A, QueueState.restore(TestLane.SETTINGS, pieces));
        long joined = lane.joinAnew(A);

        lane.isAlikeEverywhere();
        assertThat(lane.acquire(joined, SESSION, 5)).containsExactly(5L);
        lane.gone(B);
        assertThat(lane.acquire(joined, SESSION, 5)).containsExactly(3L);
        lane.isAlikeEverywhere();
    }
}
