package io.mamba.log.kafka;

import io.mamba.MambaException;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;

/** Who takes part in the log: the members of one classic group, whose leader is the keeper. Thread-safe. */
interface Members {
    /**
     * Joins under a name that nobody has had before, and returns once the keeper has been told of it.
     *
     * @throws MambaException UNAVAILABLE, SECURITY
     */
    Member join(String member, MembershipListener listener);

    /** This node's part, once it has joined. */
    interface Member extends Membership {
        /**
         * A producer of this member's was fenced, so that it takes part no more, whatever the group says: its listener is told
         * (unless it was before), by the thread that tells it everything, and it leaves. Does not block.
         */
        void expelled(MambaException reason);
    }
}
