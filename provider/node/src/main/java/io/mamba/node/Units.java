package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import io.mamba.log.Partition;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Commits, prepares and rolls back units over their lanes. No lane waits for another. Thread-safe; blocks on the log. */
final class Units {
    private static final System.Logger LOGGER = System.getLogger(Units.class.getName());
    private static final long[] ALL = {};
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** On its way into a shared log, by nobody waited for. */
    private record Settling(Partition partition, CompletableFuture<Void> written) {}

    private final Set<Settling> underWay = ConcurrentHashMap.newKeySet();
    private final Appender appender;
    private final Admission admission;
    private final Settlements settlements;

    /** @param executor for what goes on when something has been written, and never waits */
    Units(Appender appender, Admission admission, Executor executor) {
        this.appender = appender;
        this.admission = admission;
        this.settlements = new Settlements(appender::settleLater, executor);
    }

    /** One batch: the sends, and for every lane that its messages are settled. */
    void commit(Unit unit, Sender sender) {
        write(
                        unit,
                        sender,
                        (taken, positions) -> new QueueCommand.Commit(taken.holder(), positions),
                        List.of(),
                        Set.of())
                .end(true);
    }

    /**
     * One batch: for every lane that its messages are prepared, and the branch with its sends.
     *
     * @return to be ended when the branch is known as prepared: who counts its sends then finds them there
     */
    Admission.Pass prepare(Unit unit, String branch, LogRecord branchRecord, Set<Ownership> relies) {
        return write(
                unit,
                new Sender(),
                (taken, positions) -> new QueueCommand.Prepare(taken.holder(), branch, positions),
                List.of(branchRecord),
                relies);
    }

    /** The messages come back; those at the limit go to the dead-letter queue. */
    void rollback(Unit unit) {
        unit.close();
        unit.taken().forEach((taken, positions) -> release(taken.lane(), taken.holder(), positions, unit.failure()));
    }

    /** Settled outside a transaction. */
    void settle(Lane lane, long holder, long[] positions, Durability level) {
        Decision decision = lane.decide(new QueueCommand.Commit(holder, positions));
        appender.settle(new LaneWork(lane, holder, decision), level);
    }

    /**
     * Settled outside a transaction and written soon.
     *
     * @return completed when it is; if the log refuses, the messages come back to somebody
     */
    CompletableFuture<Void> settleLater(Lane lane, long holder, long[] positions) {
        Decision decision = lane.decide(new QueueCommand.Commit(holder, positions));
        CompletableFuture<Void> written = settlements.add(new LaneWork(lane, QueueState.MEMBER_ITSELF, decision));
        Settling settling = new Settling(lane.owner().partition(), written);
        underWay.add(settling);
        return written.whenComplete((nothing, refused) -> underWay.remove(settling));
    }

    /** Returns when what was settled before of these partitions is in the log, also where nobody has waited for it. */
    void awaitSettled(Predicate<Partition> partitions) {
        underWay.stream()
                .filter(settling -> partitions.test(settling.partition))
                .forEach(settling -> Futures.await(settling.written));
    }

    /** @param cause what a listener or endpoint failed with: then they back off; null if they are only given back */
    void release(Lane lane, long holder, long[] positions, @Nullable String cause) {
        if (lane.isShared()) {
            appender.asMember(() -> giveBack(lane, holder, positions, cause));
            return;
        }
        Decision decision = lane.decide(new QueueCommand.Release(holder, positions, cause, cause != null));
        lane.owner().inbox().execute(() -> lane.owner().write(lane, decision));
    }

    /**
     * As {@link #release} of what nobody has seen, in a shared log, without waiting.
     *
     * @return completed when the other members know, or the log has refused it: then the member gives it back later
     */
    CompletableFuture<Void> releaseLater(Lane lane, long holder, long[] positions) {
        return lane.giveBack(holder, positions)
                .thenCompose(decision -> decision.events().isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : appender.releaseLater(new LaneWork(lane, QueueState.MEMBER_ITSELF, decision)));
    }

    /**
     * Returns when the other members know: whoever rolls back receives the same messages again, before younger ones. What the
     * log refuses the member gives back later.
     */
    private void giveBack(Lane lane, long holder, long[] positions, @Nullable String cause) {
        long[] held = lane.held(holder, positions);
        if (held.length == 0) {
            return;
        }
        Decision decision = lane.decide(new QueueCommand.Release(holder, held, cause, cause != null));
        try {
            appender.append(
                    List.of(),
                    List.of(new LaneWork(lane, QueueState.MEMBER_ITSELF, decision)),
                    Durability.DURABLE,
                    Batch.Purpose.MOVING);
        } catch (MambaException refused) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Messages of " + lane.id() + " could not be given back yet: " + refused.getMessage());
            lane.putOff(RETRY);
        }
    }

    /** What one holder acquired and has not marked is another's from now on. */
    void handOver(Lane lane, long holder, long[] positions, long to) {
        lane.decide(new QueueCommand.HandOver(holder, positions, to));
    }

    /** @return how many messages that waited are gone */
    int purge(Lane lane) {
        if (lane.isShared()) {
            return purgeClaimed(lane, Long.MAX_VALUE);
        }
        int purged = 0;
        while (true) {
            Decision decision = lane.decide(new QueueCommand.Purge(ALL));
            if (decision.events().isEmpty()) {
                return purged;
            }
            LaneWork work = new LaneWork(lane, 0, decision);
            appender.append(List.of(), List.of(work), Durability.DURABLE, Batch.Purpose.SETTLING);
            purged += work.committing().length;
        }
    }

    /**
     * Removes what waits in a lane of a shared log before this position, as far as no other member is the first to claim it.
     *
     * @return how many
     */
    int purgeClaimed(Lane lane, long before) {
        long holder = lane.owner().newHolder();
        int purged = 0;
        while (true) {
            long[] claimed = lane.claimNow(holder, new QueueCommand.ClaimBefore(holder, before));
            if (claimed == null) {
                return purged;
            }
            if (claimed.length > 0) {
                settle(lane, holder, claimed, Durability.DURABLE);
                purged += claimed.length;
            }
        }
    }

    /** The delivery mark. */
    void mark(Lane lane, long holder, long position) {
        Decision decision = lane.decide(new QueueCommand.Mark(holder, position));
        if (decision.events().isEmpty()) { // its claim was the mark
            return;
        }
        appender.append(
                List.of(), List.of(new LaneWork(lane, holder, decision)), Durability.WRITTEN, Batch.Purpose.SETTLING);
    }

    private interface Command {
        QueueCommand of(Unit.Taken taken, long[] positions);
    }

    /** Room for the sends comes first: while it is waited for, the messages taken are just held. */
    private Admission.Pass write(
            Unit unit, Sender sender, Command command, List<LogRecord> insteadOfSends, Set<Ownership> relies) {
        unit.close();
        Admission.Pass pass = admission.admit(unit, sender);
        boolean written = false;
        try {
            appender.asMember(() -> append(unit, command, insteadOfSends, relies));
            written = true;
            return pass;
        } finally {
            if (!written) {
                pass.end(false);
            }
        }
    }

    private void append(Unit unit, Command command, List<LogRecord> insteadOfSends, Set<Ownership> relies) {
        List<LaneWork> works = new ArrayList<>();
        try {
            unit.taken()
                    .forEach((taken, positions) -> works.add(new LaneWork(
                            taken.lane(), taken.holder(), taken.lane().decide(command.of(taken, positions)))));
        } catch (RuntimeException thrown) {
            MambaException refusal = Futures.error(thrown);
            works.forEach(work -> appender.refuse(work, refusal));
            throw refusal;
        }
        appender.append(
                insteadOfSends.isEmpty() ? unit.sends() : insteadOfSends,
                works,
                Durability.DURABLE,
                unit.purpose(),
                relies);
    }
}
