package io.mamba.node;

import static io.mamba.node.ModelMessage.State.COMMITTING;
import static io.mamba.node.ModelMessage.State.HELD;
import static io.mamba.node.ModelMessage.State.PREPARED;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.node.Session.Taken;
import io.mamba.node.Session.Work;
import io.mamba.transaction.BranchId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** XA branches, with calls in any order by anybody, the illegal ones too. */
final class BranchSteps {
    /** A branch that is not finished. */
    private static final class Branch {
        @Nullable
        Work work;

        boolean prepared;
        boolean finishing;
        boolean rollbackOnly;
        final Set<Session> associated = new HashSet<>();
        final Set<Session> suspended = new HashSet<>();
    }

    private final World world;
    private final QueueSteps queues;
    private final Map<BranchId, Branch> branches = new LinkedHashMap<>();
    /** By branch, what it sends; over crashes. */
    private final Map<String, List<String>> sends = new HashMap<>();

    private int started;

    BranchSteps(World world, QueueSteps queues) {
        this.world = world;
        this.queues = queues;
    }

    /** After a crash there are those that were prepared. */
    void forgetUnprepared() {
        branches.clear();
        for (String text : world.model.prepared) {
            Branch branch = new Branch();
            branch.prepared = true;
            branches.put(new BranchId(text), branch);
        }
    }

    void step(Session session) {
        if (world.chance(6)) {
            anything(session);
        } else if (session.branch != null) {
            if (world.chance(4)) {
                suspend(session, session.branch);
            } else {
                end(session, session.branch);
            }
        } else if (branches.isEmpty() || world.chance(3)) {
            start(session, newId());
        } else {
            goOn(session, world.any(new ArrayList<>(branches.keySet())));
        }
    }

    /** The session enters a new branch, if it is free to. */
    void enter(Session session) {
        start(session, newId());
    }

    /** Legal or not. */
    private void anything(Session session) {
        BranchId id = branches.isEmpty() || world.chance(4) ? newId() : world.any(new ArrayList<>(branches.keySet()));
        switch (world.random.nextInt(8)) {
            case 0 -> start(session, id);
            case 1 -> join(session, id);
            case 2 -> suspend(session, id);
            case 3 -> resume(session, id);
            case 4 -> end(session, id);
            case 5 -> prepare(id);
            case 6 -> commit(id, world.random.nextBoolean());
            default -> rollback(id);
        }
    }

    /** Whatever comes next for the branch. */
    void goOn(Session session, BranchId id) {
        Branch branch = branches.get(id);
        if (branch == null) {
            return;
        }
        if (branch.prepared) {
            if (world.chance(2)) {
                commit(id, false);
            } else {
                rollback(id);
            }
        } else if (branch.suspended.contains(session)) {
            resume(session, id);
        } else if (!branch.associated.isEmpty() || world.chance(4)) {
            join(session, id);
        } else if (world.chance(4)) {
            commit(id, true);
        } else if (world.chance(5)) {
            rollback(id);
        } else {
            prepare(id);
        }
    }

    private BranchId newId() {
        return BranchId.of(1, new byte[] {(byte) (started >> 8), (byte) started++}, new byte[] {1});
    }

    /** The work of the branch that the session is in. */
    @Nullable
    Work workOf(Session session) {
        Branch branch = session.branch == null ? null : branches.get(session.branch);
        return branch == null ? null : branch.work;
    }

    // ---- associations -------------------------------------------------------------------------------------------

    private void start(Session session, BranchId id) {
        if (session.branch != null || session.unit != null) {
            return;
        }
        if (branches.containsKey(id)) {
            expect(false, () -> world.node.branches().start(id, session.holder));
            return;
        }
        Branch branch = new Branch();
        branch.work = new Work(world.ask(() -> world.node.branches().start(id, session.holder)));
        branch.associated.add(session);
        branches.put(id, branch);
        session.branch = id;
    }

    private void join(Session session, BranchId id) {
        if (session.branch != null || session.unit != null) {
            return;
        }
        Branch branch = branches.get(id);
        boolean legal = isActive(branch);
        if (expect(legal, () -> world.node.branches().join(id, session.holder)) && branch != null) {
            branch.associated.add(session);
            session.branch = id;
        }
    }

    private void suspend(Session session, BranchId id) {
        Branch branch = branches.get(id);
        boolean legal = isActive(branch) && branch != null && branch.associated.contains(session);
        if (expect(legal, () -> world.node.branches().suspend(id, session.holder)) && branch != null) {
            branch.associated.remove(session);
            branch.suspended.add(session);
            session.branch = null;
        }
    }

    private void resume(Session session, BranchId id) {
        if (session.branch != null || session.unit != null) {
            return;
        }
        Branch branch = branches.get(id);
        boolean legal = isActive(branch) && branch != null && branch.suspended.contains(session);
        if (expect(legal, () -> world.node.branches().resume(id, session.holder)) && branch != null) {
            branch.suspended.remove(session);
            branch.associated.add(session);
            session.branch = id;
        }
    }

    /** The session ends its part of the branch it is in. */
    void leave(Session session) {
        BranchId id = session.branch;
        if (id != null) {
            end(session, id);
        }
    }

    private void end(Session session, BranchId id) {
        Branch branch = branches.get(id);
        boolean failed = world.chance(5);
        boolean mine = branch != null && (branch.associated.contains(session) || branch.suspended.contains(session));
        boolean legal = branch == null || (isActive(branch) && mine);
        if (expect(legal, () -> world.node.branches().end(id, session.holder, failed)) && branch != null) {
            branch.associated.remove(session);
            branch.suspended.remove(session);
            branch.rollbackOnly |= failed;
        }
        if (id.equals(session.branch) && (branch == null || legal)) {
            session.branch = null;
        }
    }

    private static boolean isActive(@Nullable Branch branch) {
        return branch != null && !branch.prepared && !branch.finishing;
    }

    /** Calls what is legal or not, and says whether it went through. */
    private boolean expect(boolean legal, Runnable call) {
        MambaException refusal = world.attempt(call);
        if (refusal == null) {
            Model.check(legal, "an illegal call to a branch was not refused");
            return true;
        }
        boolean caller = refusal.code().category() == ErrorCode.Category.CALLER;
        Model.check(legal != caller, (legal ? "refused although legal: " : "refused in the wrong way: ") + refusal);
        return false;
    }

    // ---- outcomes -----------------------------------------------------------------------------------------------

    /** A refusal for want of space rolls it back within the call. */
    void prepare(BranchId id) {
        Branch branch = branches.get(id);
        Work work = branch == null ? null : branch.work;
        if (branch == null || work == null || !isActive(branch) || !branch.associated.isEmpty()) {
            expect(false, () -> world.node.branches().prepare(id));
            return;
        }
        branch.finishing = true;
        if (branch.rollbackOnly) {
            doomed(id, work, () -> world.node.branches().prepare(id));
            return;
        }
        sends.put(id.text(), work.sent);
        QueueSteps.move(work.taken, HELD, COMMITTING);
        work.taken.forEach(one -> world.answeredInSteps.remove(one.message()));
        boolean[] wrote = new boolean[1];
        world.inSteps++;
        MambaException refusal =
                world.attempt(() -> wrote[0] = world.node.branches().prepare(id));
        world.inSteps--;
        branch.finishing = false;
        if (refusal != null && refusal.code() == ErrorCode.ROLLED_BACK) {
            QueueSteps.move(work.taken, COMMITTING, HELD);
            queues.givenBack(work.taken, work.failure);
            finished(id);
            return;
        }
        if (refusal != null) {
            Model.check(refusal.code().category() == ErrorCode.Category.RETRY, "prepare: " + refusal);
            QueueSteps.move(work.taken, COMMITTING, HELD);
            return;
        }
        Model.check(wrote[0] != (work.taken.isEmpty() && work.sent.isEmpty()), "read-only? " + wrote[0]);
        if (!wrote[0]) {
            finished(id);
            return;
        }
        branch.prepared = true;
        world.model.prepared.add(id.text());
        for (Taken one : work.taken) {
            if (!one.isGone()) {
                if (one.model().memoryOnly()) {
                    world.model.prepare(one.model(), id.text(), one.message().position);
                }
                Model.check(one.message().state == PREPARED, "prepared, but " + one.message());
            }
        }
    }

    void commit(BranchId id, boolean onePhase) {
        Branch branch = branches.get(id);
        if (branch == null
                || branch.finishing
                || branch.prepared == onePhase
                || (onePhase && !branch.rollbackOnly && !branch.associated.isEmpty())) {
            expect(false, () -> world.node.branches().commit(id, onePhase));
            return;
        }
        branch.finishing = true;
        Work work = branch.work;
        if (!onePhase) {
            resolve(id, branch, true);
        } else if (work != null && branch.rollbackOnly) {
            doomed(id, work, () -> world.node.branches().commit(id, true));
        } else if (work != null) {
            commitInOnePhase(id, work);
        }
    }

    /** A refusal rolls it back within the call. */
    private void commitInOnePhase(BranchId id, Work work) {
        work.taken.forEach(one -> world.answeredInSteps.remove(one.message()));
        world.inSteps++;
        MambaException refusal = queues.write(work, () -> world.node.branches().commit(id, true));
        world.inSteps--;
        if (refusal == null) {
            queues.committed(work);
        } else {
            Model.check(refusal.code() == ErrorCode.ROLLED_BACK, "one phase: " + refusal);
            queues.givenBack(work.taken, work.failure);
        }
        finished(id);
    }

    private void doomed(BranchId id, Work work, Runnable call) {
        queues.givenBack(work.taken, work.failure);
        world.inSteps++;
        MambaException refusal = world.attempt(call);
        world.inSteps--;
        Model.check(refusal != null && refusal.code() == ErrorCode.ROLLED_BACK, "not rolled back: " + refusal);
        finished(id);
    }

    void rollback(BranchId id) {
        Branch branch = branches.get(id);
        if (branch == null || branch.finishing) {
            expect(false, () -> world.node.branches().rollback(id));
            return;
        }
        branch.finishing = true;
        Work work = branch.work;
        if (branch.prepared) {
            resolve(id, branch, false);
        } else if (work != null) {
            queues.rollBack(work, () -> world.node.branches().rollback(id));
            finished(id);
        }
    }

    private void resolve(BranchId id, Branch branch, boolean commit) {
        String text = id.text();
        List<String> sent = sends.getOrDefault(text, List.of());
        String failure = branch.work == null ? null : branch.work.failure;
        if (commit) {
            world.model.withheld.removeAll(sent);
        } else if (failure != null) {
            world.model.failedAt.put(text, world.now());
            world.model.failures.put(text, failure);
        } else {
            world.model.failedAt.remove(text);
        }
        if (!commit) {
            world.model.rollingBack.add(text);
        }
        MambaException refusal = world.attempt(() -> {
            if (commit) {
                world.node.branches().commit(id, false);
            } else {
                world.node.branches().rollback(id);
            }
        });
        branch.finishing = false;
        world.model.rollingBack.remove(text);
        if (refusal != null) {
            Model.check(refusal.code().category() == ErrorCode.Category.RETRY, "outcome: " + refusal);
            if (commit) {
                world.model.withheld.addAll(sent);
            }
            return;
        }
        for (ModelLane lane : List.copyOf(world.model.lanes.values())) {
            if (lane.memoryOnly()) {
                world.model.resolve(lane, text, commit);
            }
            Model.check(lane.closing || lane.preparedBy(text).isEmpty(), () -> text + " is finished, but " + lane);
        }
        if (commit && !sent.isEmpty()) {
            Model.check(world.entryOf(sent.get(0)).ids.containsAll(sent), "sent in more than one batch: " + sent);
        }
        world.model.prepared.remove(text);
        finished(id);
    }

    private void finished(BranchId id) {
        Branch branch = branches.remove(id);
        if (branch != null) {
            branch.associated.forEach(session -> session.branch = null);
        }
    }

    /** Ends every branch. */
    void finishAll() {
        for (BranchId id : List.copyOf(branches.keySet())) {
            Branch branch = branches.get(id);
            for (int tries = 0; branches.containsKey(id) && tries < 5; tries++) {
                if (branch != null && branch.prepared && world.chance(2)) {
                    commit(id, false);
                } else {
                    rollback(id);
                }
            }
        }
    }
}
