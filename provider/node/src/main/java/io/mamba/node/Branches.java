package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import io.mamba.queue.Load;
import io.mamba.queue.QueueCommand;
import io.mamba.transaction.BranchId;
import io.mamba.transaction.BranchState;
import io.mamba.transaction.BranchTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The XA branches of a node: the table of what is legal, and the batches that prepare and finish. The table is owned by
 * this object's lock, which is not held while the log is waited for; a state under way keeps others out meanwhile.
 */
public final class Branches {
    /** What a branch did: a unit until it is prepared, then what its record in the log says. */
    private static final class Work {
        @Nullable
        Unit unit;

        StateRecords.@Nullable BranchRecord prepared;

        @Nullable
        String failure;
    }

    private final Node node;
    private final Units units;
    private final Appender appender;
    private final BranchTable<Work> table = new BranchTable<>();

    private static final System.Logger LOGGER = System.getLogger(Branches.class.getName());
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(36);

    private final BranchJournal journal;

    Branches(Node node, Units units, Appender appender, BranchJournal journal) {
        this.node = node;
        this.units = units;
        this.appender = appender;
        this.journal = journal;
    }

    /** The node is open: from here on it alone writes its branches. */
    void open() {
        journal.acquireOwn();
        journal.read().values().stream().filter(this::isOwn).forEach(this::restore);
    }

    private boolean isOwn(StateRecords.BranchRecord record) {
        return !node.log().shared() || record.node().equals(node.name());
    }

    /**
     * The node may have been taken for dead, and others may have finished its branches: from here on it alone writes them
     * again.
     */
    void ownAgain() {
        List<BranchId> before = listed();
        journal.acquireOwn();
        Map<String, StateRecords.BranchRecord> there = journal.read();
        synchronized (this) {
            for (BranchId id : before) {
                if (table.isPrepared(id) && !there.containsKey(id.text())) {
                    table.rollback(id);
                    table.finished(id);
                }
            }
        }
        there.values().removeIf(record -> !isOwn(record) || isKnown(new BranchId(record.branch())));
        if (!there.isEmpty()) { // of those that this node has finished meanwhile, nothing is there any more
            journal.read().values().stream()
                    .filter(record -> there.containsKey(record.branch()))
                    .forEach(this::restore);
        }
    }

    private synchronized List<BranchId> listed() {
        return table.inDoubt();
    }

    private synchronized boolean isActive(BranchId id) {
        return table.isKnown(id) && !table.isPrepared(id);
    }

    private synchronized boolean isKnown(BranchId id) {
        return table.isKnown(id);
    }

    /** What a batch about own branches relies on. */
    private Set<Ownership> relies() {
        return journal.relies().orElseGet(() -> {
            ownAgain();
            return journal.relies()
                    .orElseThrow(() -> new MambaException(
                            ErrorCode.UNAVAILABLE,
                            "Another node is finishing branches of '" + node.name() + "'; try again."));
        });
    }

    /** A prepared branch found in the log. */
    void restore(StateRecords.BranchRecord record) {
        Work work = new Work();
        work.prepared = record;
        synchronized (this) {
            table.restore(new BranchId(record.branch()), work);
        }
    }

    public synchronized Unit start(BranchId id, long session) {
        Work work = new Work();
        table.start(id, session, work);
        return unit(work);
    }

    public synchronized Unit join(BranchId id, long session) {
        return unit(table.join(id, session));
    }

    public synchronized Unit resume(BranchId id, long session) {
        return unit(table.resume(id, session));
    }

    public synchronized void suspend(BranchId id, long session) {
        table.suspend(id, session);
    }

    /** Quietly nothing for a branch that was rolled back meanwhile: servers roll back before a joined resource has ended. */
    public synchronized void end(BranchId id, long session, boolean failed) {
        if (table.isKnown(id)) {
            table.end(id, session, failed);
        }
    }

    /**
     * Durable on return.
     *
     * @return false if the branch did nothing at all: it is finished then (XA_RDONLY)
     * @throws MambaException ROLLED_BACK if it was marked for rollback or there is no room for it, which is done; else what the log refused with,
     *     the branch being as before
     */
    public boolean prepare(BranchId id) {
        Work work;
        boolean readOnly = false;
        synchronized (this) {
            work = table.prepare(id);
            if (table.isRollbackOnly(id)) {
                table.refused(id, BranchState.ACTIVE);
            } else if (unit(work).isEmpty()) {
                table.finished(id);
                readOnly = true;
            }
        }
        if (readOnly) {
            unit(work).close();
            return false;
        }
        if (isRollbackOnly(id)) {
            rollback(id);
            throw new MambaException(
                    ErrorCode.ROLLED_BACK, "Branch " + id + " was marked for rollback and is rolled back.");
        }
        Unit unit = unit(work);
        StateRecords.BranchRecord record = new StateRecords.BranchRecord(
                id.text(),
                node.name(),
                node.now().toEpochMilli(),
                unit.taken().keySet().stream()
                        .map(taken -> taken.lane().id())
                        .distinct()
                        .toList(),
                unit.sends());
        Admission.Pass pass = write(id, unit, record);
        synchronized (this) {
            work.prepared = record;
            work.failure = unit.failure();
            work.unit = null;
            table.prepared(id);
        }
        pass.end(true);
        return true;
    }

    /** A branch that cannot be prepared is rolled back: not every transaction manager does that when prepare fails. */
    private Admission.Pass write(BranchId id, Unit unit, StateRecords.BranchRecord record) {
        LogRecord branch = StateRecords.branch(record, record.preparedAt());
        try {
            return finishing(id, BranchState.ACTIVE, () -> units.prepare(unit, id.text(), branch, relies()));
        } catch (MambaException refused) {
            if (refused.code() == ErrorCode.OUTCOME_UNKNOWN || refused.code() == ErrorCode.FENCED) {
                node.at(node.now().plus(RETRY), () -> rollBackIfWritten(id));
            }
            if (refused.code().category() != ErrorCode.Category.RETRY) {
                throw refused;
            }
            rollback(id);
            throw new MambaException(
                    ErrorCode.ROLLED_BACK,
                    "Branch " + id + " could not be prepared and is rolled back: " + refused.getMessage(),
                    refused);
        }
    }

    /**
     * The log may have taken a prepare although it failed here, or may take it yet, when its answer was lost. Nobody will tell the
     * outcome then: the branch is rolled back as soon as that is known.
     */
    private void rollBackIfWritten(BranchId id) {
        try {
            node.checkAlive();
            appender.append(
                    List.of(StateRecords.branchesSoFar(node.name(), node.now().toEpochMilli())),
                    List.of(),
                    Durability.DURABLE,
                    Batch.Purpose.SETTLING,
                    relies());
            StateRecords.BranchRecord record = journal.read().get(id.text());
            if (record != null && isOwn(record)) {
                if (isActive(id)) {
                    rollback(id);
                }
                if (!isKnown(id)) {
                    restore(record);
                }
                rollback(id);
                LOGGER.log(
                        System.Logger.Level.INFO,
                        "Branch " + id + ", whose prepare failed, was in the log all the same and is rolled back.");
            }
        } catch (MambaException refused) {
            ErrorCode.Category category = refused.code().category();
            if (category == ErrorCode.Category.RETRY || category == ErrorCode.Category.FENCED) {
                node.at(node.now().plus(RETRY), () -> rollBackIfWritten(id));
            } // else the node has ended, and whoever opens it next finds the branch; or it has been finished
        }
    }

    /** Durable on return. On an exception the branch is as it was before. */
    public void commit(BranchId id, boolean onePhase) {
        if (isAnothers(id)) {
            finishAnothers(id, true);
            return;
        }
        Work work;
        boolean doomed;
        synchronized (this) {
            checkKnowing(id);
            doomed = onePhase && table.isKnown(id) && table.isRollbackOnly(id);
            work = doomed ? table.rollback(id) : table.commit(id, onePhase);
        }
        if (doomed) {
            finishing(id, BranchState.ACTIVE, () -> {
                units.rollback(unit(work));
                return work;
            });
            finished(id);
        } else if (onePhase) {
            commitInOnePhase(id, unit(work));
            finished(id);
        } else {
            finishPrepared(id, work, true);
        }
        if (doomed) {
            throw new MambaException(
                    ErrorCode.ROLLED_BACK, "Branch " + id + " was marked for rollback and is rolled back.");
        }
    }

    /** A refusal rolls the branch back, as nobody else will; that it may have been committed is said, and the branch is over too. */
    private void commitInOnePhase(BranchId id, Unit unit) {
        try {
            units.commit(unit, new Sender());
        } catch (MambaException refused) {
            if (refused.code().category() != ErrorCode.Category.FATAL) {
                units.rollback(unit); // gives back what the log has not taken
                finished(id);
                if (refused.code() == ErrorCode.OUTCOME_UNKNOWN) {
                    throw refused;
                }
                throw new MambaException(
                        ErrorCode.ROLLED_BACK,
                        "Branch " + id + " could not be committed and is rolled back: " + refused.getMessage(),
                        refused);
            }
            synchronized (this) {
                table.refused(id, BranchState.ACTIVE);
            }
            throw refused;
        }
    }

    public void rollback(BranchId id) {
        if (isAnothers(id)) {
            finishAnothers(id, false);
            return;
        }
        Work work;
        boolean prepared;
        synchronized (this) {
            checkKnowing(id);
            prepared = table.isPrepared(id);
            work = table.rollback(id);
        }
        if (prepared) {
            finishPrepared(id, work, false);
        } else {
            units.rollback(unit(work));
            finished(id);
        }
    }

    /** Its sends are counted in their destinations since it was prepared: until they are there, or will never be. */
    private void finishPrepared(BranchId id, Work work, boolean commit) {
        Admission.Pass pass = node.admission().admitPrepared(prepared(work).sends());
        boolean done = false;
        try {
            finishing(id, BranchState.PREPARED, () -> {
                resolve(prepared(work), work.failure, commit, relies());
                return work;
            });
            finished(id);
            done = true;
        } finally {
            pass.end(commit || !done);
        }
    }

    /** What prepared branches will send to a partition if they are committed. */
    synchronized Load preparedFor(Partition partition) {
        return table.prepared().stream()
                .flatMap(work -> prepared(work).sends().stream())
                .filter(send -> send.partition().equals(partition))
                .map(Admission::load)
                .reduce(Load.NONE, Load::plus);
    }

    /** Whether prepared branches will send to any partition of the topic that a destination has for itself. */
    synchronized boolean hasPreparedFor(Address address) {
        return table.prepared().stream()
                .flatMap(work -> prepared(work).sends().stream())
                .anyMatch(
                        send -> Address.of(send.partition()).map(Address::whole).equals(Optional.of(address)));
    }

    /**
     * Prepared branches without an outcome that are this node's to finish: its own, and those of nodes that are gone. An exception where
     * the list might be old: the log is closed or has failed.
     */
    public List<BranchId> inDoubt() {
        return inDoubt(false);
    }

    /** As {@link #inDoubt}, with those of other nodes that take part: for who wants to know, not for who finishes. */
    public List<BranchId> inDoubtAnywhere() {
        return inDoubt(true);
    }

    private List<BranchId> inDoubt(boolean ofAll) {
        node.checkAlive();
        if (!node.log().shared()) {
            return listed();
        }
        node.participation().awaitMember(PATIENCE);
        node.progress().await(List.of(StateRecords.EVENTS));
        Set<BranchId> found = new LinkedHashSet<>(listed());
        journal.read().values().stream()
                .filter(record -> !isOwn(record) && (ofAll || isGone(record.node())))
                .forEach(record -> found.add(new BranchId(record.branch())));
        node.checkAlive();
        return List.copyOf(found);
    }

    /** Its node is gone, and fenced: what it has prepared and not finished is for all to finish. */
    private boolean isGone(String name) {
        return node.members().ofNode(name).isEmpty();
    }

    private boolean isAnothers(BranchId id) {
        return node.log().shared() && !isKnown(id);
    }

    /** As often as another node has the same in mind; then one of them has done it. */
    private void finishAnothers(BranchId id, boolean commit) {
        node.checkAlive();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            node.progress().await(List.of(StateRecords.EVENTS));
            String prepared = find(id).node();
            if (!isGone(prepared)) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE,
                        "Branch " + id + " was prepared by node '" + prepared
                                + "', which is running: finish it there.");
            }
            Ownership writer = journal.acquireOf(prepared);
            try {
                resolve(find(id), null, commit, Set.of(writer));
                return;
            } catch (MambaException refused) {
                if (refused.code() != ErrorCode.FENCED) {
                    throw refused;
                }
            } finally {
                journal.release(writer);
            }
        }
        throw new MambaException(
                ErrorCode.UNAVAILABLE, "Branch " + id + " is being finished by several nodes at once; try again.");
    }

    private StateRecords.BranchRecord find(BranchId id) {
        StateRecords.BranchRecord found = journal.read().get(id.text());
        if (found == null) {
            throw new MambaException(
                    ErrorCode.UNKNOWN_BRANCH, "There is no branch " + id + "; it may be finished already.");
        }
        return found;
    }

    private void resolve(
            StateRecords.BranchRecord branch, @Nullable String failure, boolean commit, Set<Ownership> relies) {
        List<LogRecord> records = new ArrayList<>();
        records.add(StateRecords.branchGone(branch.branch(), node.now().toEpochMilli()));
        if (commit) {
            branch.sends().forEach(send -> node.ensureOwner(send.partition()));
            records.addAll(branch.sends());
        }
        List<LaneWork> works = new ArrayList<>();
        for (LaneId id : branch.lanes()) {
            Optional<Lane> lane = node.lane(id);
            lane.ifPresent(node::awaitSeen);
            lane.ifPresent(there -> works.add(new LaneWork(
                    there,
                    0,
                    there.decide(new QueueCommand.Resolve(branch.branch(), commit, commit ? null : failure)))));
        }
        // The sends of a prepared branch were let in when it was prepared: its outcome must not fail for want of space.
        appender.append(records, works, Durability.DURABLE, Batch.Purpose.SETTLING, relies);
    }

    private <T> T finishing(BranchId id, BranchState before, Supplier<T> writing) {
        boolean written = false;
        try {
            T result = writing.get();
            written = true;
            return result;
        } finally {
            if (!written) {
                synchronized (this) {
                    table.refused(id, before);
                }
            }
        }
    }

    /** A log that is closed or has failed may not say that there is no such branch: by now another node may know it. */
    private void checkKnowing(BranchId id) {
        if (!table.isKnown(id)) {
            node.checkAlive();
        }
    }

    private synchronized boolean isRollbackOnly(BranchId id) {
        return table.isRollbackOnly(id);
    }

    private synchronized void finished(BranchId id) {
        table.finished(id);
    }

    private Unit unit(Work work) {
        if (work.unit == null) {
            work.unit = new Unit(node);
        }
        return work.unit;
    }

    private static StateRecords.BranchRecord prepared(Work work) {
        if (work.prepared == null) {
            throw new IllegalStateException("a prepared branch without its record");
        }
        return work.prepared;
    }
}
