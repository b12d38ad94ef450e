package io.mamba.transaction;

import java.util.Set;

/**
 * Where a branch stands (X/Open XA, chapter 6). A finished branch is unknown, so it has no state.
 *
 * <pre>
 * ACTIVE       -> PREPARING | COMMITTING (one phase) | ROLLING_BACK
 * PREPARING    -> PREPARED | ACTIVE (refused: nothing is in the log)
 * PREPARED     -> COMMITTING | ROLLING_BACK
 * COMMITTING   -> (finished) | PREPARED (refused) | ACTIVE (refused, one phase)
 * ROLLING_BACK -> (finished) | PREPARED | ACTIVE (refused)
 * </pre>
 */
public enum BranchState {
    ACTIVE,
    PREPARING,
    PREPARED,
    COMMITTING,
    ROLLING_BACK;

    /** Whether the table above has this arrow. */
    public boolean leadsTo(BranchState next) {
        return switch (this) {
            case ACTIVE -> Set.of(PREPARING, COMMITTING, ROLLING_BACK).contains(next);
            case PREPARING -> next == PREPARED || next == ACTIVE;
            case PREPARED -> next == COMMITTING || next == ROLLING_BACK;
            case COMMITTING -> next == PREPARED || next == ACTIVE;
            case ROLLING_BACK -> next == PREPARED || next == ACTIVE;
        };
    }
}
