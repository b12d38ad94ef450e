package io.mamba.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BranchTableTest {
    private static final BranchId ID = BranchId.of(7, new byte[] {1, 2}, new byte[] {3});
    private static final long SESSION = 1;
    private static final long OTHER = 2;

    private final BranchTable<String> table = new BranchTable<>();

    @Test
    void anIdSurvivesItsText() {
        BranchId read = new BranchId(ID.text());

        assertThat(read.formatId()).isEqualTo(7);
        assertThat(read.global()).containsExactly(1, 2);
        assertThat(read.qualifier()).containsExactly(3);
    }

    @Nested
    class WhileASessionWorksInIt {
        WhileASessionWorksInIt() {
            table.start(ID, SESSION, "work");
        }

        @Test
        void anotherMayJoinTheSameWork() {
            assertThat(table.join(ID, OTHER)).isEqualTo("work");
        }

        @Test
        void aSecondStartIsADuplicate() {
            refused(ErrorCode.DUPLICATE_BRANCH, () -> table.start(ID, OTHER, "other"));
        }

        @Test
        void itCanNeitherBePreparedNorCommitted() {
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.prepare(ID));
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.commit(ID, true));
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.commit(ID, false));
        }

        @Test
        void itCanBeRolledBack() {
            assertThat(table.rollback(ID)).isEqualTo("work");
            table.finished(ID);

            assertThat(table.isKnown(ID)).isFalse();
        }

        @Test
        void onlyTheSessionThatSuspendedItResumesIt() {
            table.suspend(ID, SESSION);

            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.resume(ID, OTHER));
            assertThat(table.resume(ID, SESSION)).isEqualTo("work");
        }

        @Test
        void aStrangerCannotEndIt() {
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.end(ID, OTHER, false));
        }

        @Test
        void endingItAsFailedMarksItForRollback() {
            table.end(ID, SESSION, true);

            assertThat(table.isRollbackOnly(ID)).isTrue();
        }

        @Test
        void aSuspendedSessionMayEndIt() {
            table.suspend(ID, SESSION);
            table.end(ID, SESSION, false);

            assertThat(table.prepare(ID)).isEqualTo("work");
        }
    }

    @Nested
    class AfterItsEnd {
        AfterItsEnd() {
            table.start(ID, SESSION, "work");
            table.end(ID, SESSION, false);
        }

        @Test
        void onePhaseCommitFinishesIt() {
            table.commit(ID, true);
            table.finished(ID);

            refused(ErrorCode.UNKNOWN_BRANCH, () -> table.commit(ID, true));
        }

        @Test
        void aRefusedPrepareLeavesItActive() {
            table.prepare(ID);
            table.refused(ID, BranchState.ACTIVE);

            assertThat(table.inDoubt()).isEmpty();
            assertThat(table.commit(ID, true)).isEqualTo("work");
        }

        @Test
        void nobodyElseDecidesWhileACommitIsUnderWay() {
            table.commit(ID, true);

            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.rollback(ID));
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.commit(ID, true));
        }
    }

    @Nested
    class OncePrepared {
        OncePrepared() {
            table.restore(ID, "work");
        }

        @Test
        void itIsInDoubtUntilItIsFinished() {
            assertThat(table.inDoubt()).containsExactly(ID);

            table.commit(ID, false);
            assertThat(table.inDoubt()).containsExactly(ID);
            table.finished(ID);

            assertThat(table.inDoubt()).isEmpty();
        }

        @Test
        void aRefusedCommitLeavesItInDoubt() {
            table.commit(ID, false);
            table.refused(ID, BranchState.PREPARED);

            assertThat(table.inDoubt()).containsExactly(ID);
        }

        @Test
        void itCannotBeJoinedOrCommittedInOnePhase() {
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.join(ID, SESSION));
            refused(ErrorCode.BRANCH_PROTOCOL, () -> table.commit(ID, true));
        }
    }

    @Test
    void everyCallOnAnUnknownBranchSaysSo() {
        refused(ErrorCode.UNKNOWN_BRANCH, () -> table.join(ID, SESSION));
        refused(ErrorCode.UNKNOWN_BRANCH, () -> table.end(ID, SESSION, false));
        refused(ErrorCode.UNKNOWN_BRANCH, () -> table.prepare(ID));
        refused(ErrorCode.UNKNOWN_BRANCH, () -> table.commit(ID, false));
        refused(ErrorCode.UNKNOWN_BRANCH, () -> table.rollback(ID));
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MambaException.class, error -> assertThat(error.code()).isEqualTo(code));
    }
}
