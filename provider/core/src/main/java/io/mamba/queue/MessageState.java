package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a message of a lane stands. ACQUIRED and COMMITTING are soft: nothing in the log says so, and after replay the
 * message is AVAILABLE. That is why AVAILABLE leads to all that the log can tell next.
 *
 * <p>In a shared log the log says which member has a message. ACQUIRED and COMMITTING are then what this member does with
 * what it has, CLAIMING is soft, and ELSEWHERE is what another member does with what that has.
 *
 * <pre>
 * AVAILABLE  -> ACQUIRED    taken by a holder
 *            -> COMMITTING  its expiry, burial or purge is being written
 *            -> CLAIMING    this member's claim is being written
 *            -> ELSEWHERE   another member has claimed it
 *            -> PREPARED    on replay, where the soft states between are missing
 *            -> SETTLED     on replay
 *            -> EXPIRED     on replay
 *            -> BURIED      on replay; a branch rolled back at the limit
 * CLAIMING   -> ACQUIRED    the claim has won
 *            -> AVAILABLE   the claim is not in the log, or another member has the group
 *            -> ELSEWHERE   another member was first
 *            -> SETTLED, EXPIRED, BURIED   another member was first, and has ended it
 * ELSEWHERE  -> AVAILABLE   the other member has given it back or is gone
 *            -> CLAIMING    the same, and this member's claim is still being written
 *            -> PREPARED, SETTLED, EXPIRED, BURIED   by the other member
 * ACQUIRED   -> AVAILABLE   given back
 *            -> COMMITTING  its commit or prepare is being written
 *            -> SETTLED     outside any unit of work
 *            -> EXPIRED, BURIED
 * COMMITTING -> SETTLED, PREPARED, EXPIRED, BURIED   what was being written is in the log
 *            -> ACQUIRED    a commit or prepare was refused: nothing is in the log
 *            -> AVAILABLE   an expiry, burial or purge was refused
 * PREPARED   -> SETTLED     committed
 *            -> AVAILABLE   rolled back
 *            -> BURIED
 * SETTLED, EXPIRED, BURIED  the end: the lane forgets the message
 * </pre>
 */
public enum MessageState {
    AVAILABLE,
    CLAIMING,
    ELSEWHERE,
    ACQUIRED,
    COMMITTING,
    PREPARED,
    SETTLED,
    EXPIRED,
    BURIED;

    /** The states that may come next. */
    public Set<MessageState> next() {
        return switch (this) {
            case AVAILABLE -> EnumSet.of(CLAIMING, ELSEWHERE, ACQUIRED, COMMITTING, PREPARED, SETTLED, EXPIRED, BURIED);
            case CLAIMING -> EnumSet.of(ACQUIRED, AVAILABLE, ELSEWHERE, SETTLED, EXPIRED, BURIED);
            case ELSEWHERE -> EnumSet.of(AVAILABLE, CLAIMING, PREPARED, SETTLED, EXPIRED, BURIED);
            case ACQUIRED -> EnumSet.of(AVAILABLE, COMMITTING, SETTLED, EXPIRED, BURIED);
            case COMMITTING -> EnumSet.of(SETTLED, PREPARED, EXPIRED, BURIED, ACQUIRED, AVAILABLE);
            case PREPARED -> EnumSet.of(SETTLED, AVAILABLE, BURIED);
            case SETTLED, EXPIRED, BURIED -> EnumSet.noneOf(MessageState.class);
        };
    }

    /** Whether the lane still needs a message in this state. */
    public boolean live() {
        return this != SETTLED && this != EXPIRED && this != BURIED;
    }

    /** Goes to the next state; a step that is not in the table is a defect of the caller. */
    MessageState to(MessageState next, long position) {
        if (!next().contains(next)) {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Message " + position + " cannot go from " + this + " to " + next + ".");
        }
        return next;
    }
}
