package io.mamba.transaction;

import static io.mamba.ErrorCode.BRANCH_PROTOCOL;
import static io.mamba.ErrorCode.DUPLICATE_BRANCH;
import static io.mamba.ErrorCode.UNKNOWN_BRANCH;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All branches a node knows, with the work of each. Owned by whoever holds the coordinator's lock. Sessions are named by
 * their holder number.
 *
 * @param <W> what a branch did
 */
public final class BranchTable<W> {
    private static final class Branch<W> {
        final W work;
        BranchState state;
        /** Its prepare is in the log, whatever is being written since. */
        boolean prepared;

        boolean rollbackOnly;
        final Set<Long> associated = new HashSet<>();
        final Set<Long> suspended = new HashSet<>();

        Branch(W work, BranchState state) {
            this.work = work;
            this.state = state;
        }
    }

    private final Map<BranchId, Branch<W>> branches = new HashMap<>();

    /** A session begins a new branch. */
    public void start(BranchId id, long session, W work) {
        if (branches.containsKey(id)) {
            throw new MambaException(DUPLICATE_BRANCH, "Branch " + id + " exists already.");
        }
        Branch<W> branch = new Branch<>(work, BranchState.ACTIVE);
        branch.associated.add(session);
        branches.put(id, branch);
    }

    /** A session joins the work of a branch that another began. */
    public W join(BranchId id, long session) {
        Branch<W> branch = in(id, BranchState.ACTIVE, "join");
        branch.associated.add(session);
        return branch.work;
    }

    /** A session goes on with a branch it suspended. */
    public W resume(BranchId id, long session) {
        Branch<W> branch = in(id, BranchState.ACTIVE, "resume");
        if (!branch.suspended.remove(session)) {
            throw protocol(id, "resume", "this session has not suspended it");
        }
        branch.associated.add(session);
        return branch.work;
    }

    public void suspend(BranchId id, long session) {
        Branch<W> branch = in(id, BranchState.ACTIVE, "suspend");
        if (!branch.associated.remove(session)) {
            throw protocol(id, "suspend", "this session does not work in it");
        }
        branch.suspended.add(session);
    }

    /** @param failed the branch can only be rolled back from now on */
    public void end(BranchId id, long session, boolean failed) {
        Branch<W> branch = in(id, BranchState.ACTIVE, "end");
        boolean active = branch.associated.remove(session);
        boolean waiting = branch.suspended.remove(session);
        if (!active && !waiting) {
            throw protocol(id, "end", "this session does not work in it");
        }
        branch.rollbackOnly |= failed;
    }

    /** To PREPARING; the caller writes and then says {@link #prepared}, {@link #refused} or {@link #finished}. */
    public W prepare(BranchId id) {
        Branch<W> branch = idle(id, "prepare");
        branch.state = move(id, branch.state, BranchState.PREPARING);
        return branch.work;
    }

    public void prepared(BranchId id) {
        Branch<W> branch = known(id);
        branch.state = move(id, branch.state, BranchState.PREPARED);
        branch.prepared = true;
    }

    /** To COMMITTING. */
    public W commit(BranchId id, boolean onePhase) {
        Branch<W> branch = onePhase ? idle(id, "commit in one phase") : in(id, BranchState.PREPARED, "commit");
        branch.state = move(id, branch.state, BranchState.COMMITTING);
        return branch.work;
    }

    /** To ROLLING_BACK; legal while sessions still work in it, whose end then meets an unknown branch. */
    public W rollback(BranchId id) {
        Branch<W> branch = known(id);
        if (branch.state != BranchState.ACTIVE && branch.state != BranchState.PREPARED) {
            throw protocol(id, "roll back", "it is " + branch.state);
        }
        branch.state = move(id, branch.state, BranchState.ROLLING_BACK);
        return branch.work;
    }

    /** What was being written is not in the log: back to where it came from. */
    public void refused(BranchId id, BranchState before) {
        Branch<W> branch = known(id);
        branch.state = move(id, branch.state, before);
    }

    /** The branch has its outcome. */
    public void finished(BranchId id) {
        known(id);
        branches.remove(id);
    }

    /** A prepared branch found in the log when the node opens. */
    public void restore(BranchId id, W work) {
        Branch<W> branch = new Branch<>(work, BranchState.PREPARED);
        branch.prepared = true;
        branches.put(id, branch);
    }

    public boolean isPrepared(BranchId id) {
        Branch<W> branch = branches.get(id);
        return branch != null && branch.state == BranchState.PREPARED;
    }

    public boolean isRollbackOnly(BranchId id) {
        return known(id).rollbackOnly;
    }

    public boolean isKnown(BranchId id) {
        return branches.containsKey(id);
    }

    /** Branches that are prepared and not finished: also those whose outcome is being written, as that may be refused. */
    public List<BranchId> inDoubt() {
        List<BranchId> ids = new ArrayList<>();
        branches.forEach((id, branch) -> {
            if (branch.prepared) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** The work of these branches. */
    public List<W> prepared() {
        return branches.values().stream()
                .filter(branch -> branch.prepared)
                .map(branch -> branch.work)
                .toList();
    }

    private Branch<W> idle(BranchId id, String call) {
        Branch<W> branch = in(id, BranchState.ACTIVE, call);
        if (!branch.associated.isEmpty()) {
            throw protocol(id, call, "a session still works in it");
        }
        return branch;
    }

    private Branch<W> in(BranchId id, BranchState state, String call) {
        Branch<W> branch = known(id);
        if (branch.state != state) {
            throw protocol(id, call, "it is " + branch.state);
        }
        return branch;
    }

    private Branch<W> known(BranchId id) {
        Branch<W> branch = branches.get(id);
        if (branch == null) {
            throw new MambaException(UNKNOWN_BRANCH, "There is no branch " + id + "; it may be finished already.");
        }
        return branch;
    }

    private static BranchState move(BranchId id, BranchState from, BranchState to) {
        if (!from.leadsTo(to)) {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Branch " + id + " cannot go from " + from + " to " + to + ".");
        }
        return to;
    }

    private static MambaException protocol(BranchId id, String call, String why) {
        return new MambaException(BRANCH_PROTOCOL, "Cannot " + call + " branch " + id + ": " + why + ".");
    }
}
