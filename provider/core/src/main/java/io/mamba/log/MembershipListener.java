package io.mamba.log;

import io.mamba.MambaException;
import java.util.Set;

/**
 * Told who takes part in a log. Called by a thread of the log's, one call at a time, at first while the node joins; must not
 * block and must not throw.
 */
public interface MembershipListener {
    /**
     * This member is the keeper: the one that looks after what nobody else does. Told again whenever others come or go.
     * Whoever has joined is told here before its {@link Log#join} returns; whoever is told no more has left, died, or has
     * not been heard of for the session's time.
     *
     * @param members all that take part, this one included
     */
    void keeper(Set<String> members);

    /** Another member is the keeper from now on. */
    void keeperNoMore();

    /**
     * This member does not take part any more although it did not leave: it was not heard of for too long, or somebody
     * has fenced it. Its appends are refused as FENCED. The log can be joined again, as a new member. Told once, last.
     */
    void lost(MambaException reason);
}
