package io.mamba.log;

import io.mamba.MambaException;

/**
 * A node's part in a log. Any thread may call. Who takes part is told to the {@link MembershipListener}; in a log that is
 * not {@linkplain Log#shared() shared} there is one, and it is the keeper.
 */
public interface Membership extends AutoCloseable {
    /** The engine's name for this part: no other has it, nor will have it, not even of the same node. */
    String member();

    /**
     * Sees to it that nothing of another member gets into the log any more: what it has committed is in front of every
     * later {@link Log#fence}, and what it has begun never comes. It hears {@link MembershipListener#lost} when it learns
     * of it. Blocks; may be repeated, also for one that has left or died long ago.
     *
     * @throws MambaException UNAVAILABLE if it is not known whether it was done
     */
    void fence(String member);

    /** Leaves. What this node appends afterwards still counts until somebody fences it. Idempotent. */
    @Override
    void close();
}
