package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The middle of decide, append, apply: writes what was decided as one batch. What is logged is applied by the events
 * tail; what belongs to a memory-only lane is applied here once the batch is accepted. Thread-safe.
 */
final class Appender {
    private static final System.Logger LOGGER = System.getLogger(Appender.class.getName());
    private static final int MOST_EXPIRED_AT_ONCE = 100;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Node node;
    private final Log log;

    Appender(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /**
     * All of it or none: on an exception nothing is in the log and the messages are with their holders again, unless the
     * log has failed altogether.
     */
    void append(List<LogRecord> records, List<LaneWork> works, Durability level, Batch.Purpose purpose) {
        append(records, works, level, purpose, Set.of());
    }

    /** As {@link #append}, if these ownerships hold. */
    void append(
            List<LogRecord> records,
            List<LaneWork> works,
            Durability level,
            Batch.Purpose purpose,
            Set<Ownership> relies) {
        asMember(() -> appendNow(records, works, level, purpose, relies, log::appendAndWait));
    }

    /** As {@link #append} for what only settles: on return it counts, and the lane may hear of it later. */
    void settle(LaneWork work, Durability level) {
        asMember(() ->
                appendNow(List.of(), List.of(work), level, Batch.Purpose.SETTLING, Set.of(), this::settleAndWait));
    }

    private interface Writing {
        long[] write(Batch batch, Durability level);
    }

    private long[] settleAndWait(Batch batch, Durability level) {
        return log.shared() ? Futures.await(log.appendToldLater(batch, level)) : log.appendAndWait(batch, level);
    }

    /** Runs what decides and appends; in between the node does not become another member. */
    void asMember(Runnable work) {
        node.participation().asMember(() -> {
            work.run();
            return work;
        });
    }

    private void appendNow(
            List<LogRecord> records,
            List<LaneWork> works,
            Durability level,
            Batch.Purpose purpose,
            Set<Ownership> relies,
            Writing writing) {
        try {
            works.forEach(this::checkMember);
            List<LogRecord> copies = new ArrayList<>();
            works.forEach(work -> addCopies(work, copies));
            List<LogRecord> all = new ArrayList<>(records);
            all.addAll(copies);
            works.forEach(work -> addEvents(work, all));
            if (!all.isEmpty()) {
                long last = write(new Batch(all, relies, purpose), copies, level, writing);
                if (all.size() == 1) {
                    works.forEach(work -> checkCounted(work, last));
                }
            }
        } catch (RuntimeException thrown) {
            MambaException refusal = node.failed(thrown);
            works.forEach(work -> refuse(work, refusal));
            throw refusal;
        }
        works.forEach(this::applyInMemory);
    }

    /** Its messages went back when the node became another member: what it sends must not go without them. */
    private void checkMember(LaneWork work) {
        if (!work.lane().memoryOnly() && work.member() != node.participation().number()) {
            throw takenForDead(work);
        }
    }

    /** Only a single record is taken also of who is fenced, and changes nothing then: others have what it speaks of. */
    private void checkCounted(LaneWork work, long position) {
        if (!work.lane().memoryOnly() && node.participation().wasGone(work.member(), position)) {
            throw takenForDead(work);
        }
        if (!work.lane().memoryOnly() && node.participation().mayBeGone(work.member())) {
            throw new MambaException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "Whether messages of " + work.lane().id()
                            + " are settled is not known: this node stops, and others may have taken it for dead before.");
        }
    }

    private static MambaException takenForDead(LaneWork work) {
        return new MambaException(
                ErrorCode.FENCED,
                "This node was taken for dead by the others, and messages of "
                        + work.lane().id() + " were given back: roll back and receive again.");
    }

    /** @return where the last of the records is; if there are events, that is one */
    private long write(Batch batch, List<LogRecord> copies, Durability level, Writing writing) {
        Admission.Pass pass = node.admission().admitAnyway(copies);
        boolean written = false;
        try {
            long[] positions = writing.write(batch, level);
            written = true;
            return positions[positions.length - 1];
        } finally {
            pass.end(written);
        }
    }

    /** What a lane decided by itself: nobody waits for it. Called in the lane's inbox, so burials go elsewhere to be written. */
    void appendLater(Lane lane, Decision decision) {
        LaneWork work = new LaneWork(lane, 0, decision);
        if (!decision.burials().isEmpty() || expiryDestination(work) != null) {
            node.execute(() -> move(work));
        } else if (lane.memoryOnly()) {
            applyInMemory(work);
        } else {
            var unused = appendEvents(work, log.shared() ? Durability.DURABLE : Durability.NONE, log::append)
                    .whenComplete((positions, failure) -> {
                        if (failure != null) {
                            putOff(work, node.failed(Futures.error(failure)));
                        }
                    });
        }
    }

    /**
     * As {@link #settle} without waiting. Completes when the log has it, or has refused it: then the messages come back.
     */
    CompletableFuture<Void> settleLater(LaneWork work) {
        return appendSoon(work, log::appendToldLater);
    }

    /** Of a shared log. Completes when this node and the others know, or the log has refused it: then it is done later. */
    CompletableFuture<Void> releaseLater(LaneWork work) {
        return appendSoon(work, log::append);
    }

    private interface Beginning {
        CompletableFuture<long[]> append(Batch batch, Durability level);
    }

    private CompletableFuture<Void> appendSoon(LaneWork work, Beginning beginning) {
        return appendEvents(work, Durability.DURABLE, beginning).handle((positions, failure) -> {
            if (failure != null) {
                putOff(work, node.failed(Futures.error(failure)));
            }
            return null;
        });
    }

    private CompletableFuture<long[]> appendEvents(LaneWork work, Durability level, Beginning beginning) {
        List<LogRecord> records = new ArrayList<>();
        try {
            checkMember(work);
            addEvents(work, records);
        } catch (MambaException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return beginning.append(Batch.of(records, Batch.Purpose.SETTLING), level);
    }

    /** Where this work's expired messages go; null if there are none, or they go nowhere. */
    private @Nullable Address expiryDestination(LaneWork work) {
        return work.expired().length == 0
                ? null
                : node.destinations()
                        .expiryDestination(work.lane().id().destination().whole());
    }

    /** Messages go to the dead-letter queue or to where expired ones go. */
    private void move(LaneWork work) {
        Lane lane = work.lane();
        Deque<LaneWork> parts = new ArrayDeque<>(work.parts(MOST_EXPIRED_AT_ONCE));
        try {
            while (!parts.isEmpty() && !lane.hasEnded()) {
                append(List.of(), List.of(parts.remove()), Durability.DURABLE, Batch.Purpose.MOVING);
            }
        } catch (MambaException refusal) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Messages of " + lane.id() + " could not go to where failed or expired ones go yet: "
                            + refusal.getMessage());
            parts.forEach(part -> refuse(part, refusal));
            lane.putOff(RETRY);
        }
    }

    private void putOff(LaneWork work, MambaException refusal) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                "What becomes of messages of " + work.lane().id() + " could not be written yet: "
                        + refusal.getMessage());
        work.lane().putOff(RETRY);
        refuse(work, refusal);
    }

    private void addCopies(LaneWork work, List<LogRecord> copies) {
        long now = node.now().toEpochMilli();
        Lane lane = work.lane();
        for (Decision.Burial burial : work.decision().burials()) {
            node.ensureExists(lane.deadLetterQueue());
            Envelope dead = message(lane, burial.position());
            if (dead != null) {
                copies.add(node.destinations().record(DeadLetters.buried(dead, lane, burial, now), 0));
            }
        }
        Address expiryDestination = expiryDestination(work);
        if (expiryDestination != null) {
            node.ensureExists(expiryDestination);
            for (long position : work.expired()) {
                Envelope late = message(lane, position);
                if (late != null) {
                    copies.add(node.destinations().record(DeadLetters.expired(late, lane, expiryDestination, now), 0));
                }
            }
        }
    }

    /** Null only if those whose topic it is have removed it. */
    private static @Nullable Envelope message(Lane lane, long position) {
        Envelope message = lane.owner().read(position);
        if (message == null && !lane.isBound()) {
            throw new MambaException(
                    lane.hasEnded() ? ErrorCode.ILLEGAL_STATE : ErrorCode.INTERNAL,
                    "Message " + position + " of " + lane.id() + " is not in the log.");
        }
        return message;
    }

    private void addEvents(LaneWork work, List<LogRecord> records) {
        List<QueueEvent> events = work.decision().events();
        // A subscription that has ended may have a successor of the same name, for which these would be taken.
        if (!events.isEmpty() && !work.lane().memoryOnly() && !work.lane().hasEnded()) {
            records.add(StateRecords.events(
                    work.lane().id(), work.member(), events, node.now().toEpochMilli()));
        }
    }

    private void applyInMemory(LaneWork work) {
        Lane lane = work.lane();
        if (lane.memoryOnly() && !work.decision().events().isEmpty()) {
            lane.owner().inbox().execute(() -> {
                work.decision().events().forEach(event -> lane.apply(Long.MAX_VALUE, event));
                lane.dispatch();
            });
        }
    }

    /** What was to be written is not: the messages are with their holders again. */
    void refuse(LaneWork work, MambaException refusal) {
        long[] positions = work.open();
        if (positions.length > 0) {
            work.lane().refused(work.holder(), positions, refusal);
        }
    }
}
