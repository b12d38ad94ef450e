package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.message.Envelope;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The middle of decide, append, apply: writes what was decided as one batch. What is logged is applied by the events
 * tail; what belongs to a memory-only lane is applied here once the batch is accepted. Thread-safe.
 */
final class Appender {
    private static final System.Logger LOGGER = System.getLogger(Appender.class.getName());
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
        try {
            List<LogRecord> all = new ArrayList<>(records);
            works.forEach(work -> addRecords(work, all));
            if (!all.isEmpty()) {
                log.appendAndWait(Batch.of(all, purpose), level);
            }
        } catch (RuntimeException refusal) {
            works.forEach(this::refuse);
            throw node.failed(refusal);
        }
        works.forEach(this::applyInMemory);
    }

    /** What a lane decided by itself: nobody waits for it. Called in the lane's inbox, so burials go elsewhere to be written. */
    void appendLater(Lane lane, Decision decision) {
        LaneWork work = new LaneWork(lane, 0, decision);
        if (!decision.burials().isEmpty()) {
            node.execute(() -> bury(work));
        } else if (lane.memoryOnly()) {
            applyInMemory(work);
        } else {
            List<LogRecord> records = new ArrayList<>();
            addRecords(work, records);
            var unused = log.append(Batch.of(records, Batch.Purpose.SETTLING), Durability.NONE)
                    .whenComplete((positions, failure) -> {
                        if (failure != null) {
                            putOff(work, node.failed(Futures.error(failure)));
                        }
                    });
        }
    }

    private void bury(LaneWork work) {
        if (work.lane().hasEnded()) {
            return;
        }
        try {
            append(List.of(), List.of(work), Durability.DURABLE, Batch.Purpose.MOVING);
        } catch (MambaException refusal) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Messages of " + work.lane().id() + " could not go to the dead-letter queue yet: "
                            + refusal.getMessage());
            node.after(RETRY, work.lane()::tickLater);
        }
    }

    private void putOff(LaneWork work, MambaException refusal) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                "Messages of " + work.lane().id() + " could not be expired yet: " + refusal.getMessage());
        refuse(work);
        node.after(RETRY, work.lane()::tickLater);
    }

    private void addRecords(LaneWork work, List<LogRecord> records) {
        long now = node.now().toEpochMilli();
        Lane lane = work.lane();
        for (Decision.Burial burial : work.decision().burials()) {
            Envelope message = lane.owner().read(burial.position());
            if (message == null) {
                throw new MambaException(
                        lane.hasEnded() ? ErrorCode.ILLEGAL_STATE : ErrorCode.INTERNAL,
                        "Message " + burial.position() + " of " + lane.id() + " is not in the log.");
            }
            node.ensureExists(lane.deadLetterQueue());
            records.add(DeadLetters.copy(message, lane, burial, now));
        }
        List<QueueEvent> events = work.decision().events();
        if (!events.isEmpty() && !lane.memoryOnly()) {
            records.add(StateRecords.events(lane.id(), events, now));
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
    void refuse(LaneWork work) {
        long[] positions = work.committing();
        if (positions.length > 0) {
            work.lane().decideLater(new QueueCommand.Refused(work.holder(), positions));
        }
    }
}
