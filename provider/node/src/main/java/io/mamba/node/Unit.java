package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.LogRecord;
import io.mamba.message.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sends and takes of one transaction, until it is committed, prepared or rolled back. Thread-safe: a transaction
 * manager whose patience ends rolls back while the program still works.
 */
public final class Unit {
    /** Messages of one lane with one holder. */
    record Taken(Lane lane, long holder) {}

    private final Node node;
    private final List<LogRecord> sends = new ArrayList<>();
    private final Map<Taken, List<Long>> taken = new LinkedHashMap<>();
    private @Nullable String failure;
    private boolean closed;
    private @Nullable Runnable onEnd;

    Unit(Node node) {
        this.node = node;
    }

    /** As {@link #send(Envelope, long)}, for a sender of its own. */
    public void send(Envelope message) {
        send(message, 0);
    }

    /** @param sender a number: all messages of one sender go to one partition of a destination */
    public void send(Envelope message, long sender) {
        node.owner(message.destination());
        LogRecord record = node.destinations().record(node.destinations().limitAge(message), sender);
        synchronized (this) {
            checkOpen();
            sends.add(record);
        }
    }

    public synchronized void take(Lane lane, long holder, long position) {
        checkOpen();
        taken.computeIfAbsent(new Taken(lane, holder), key -> new ArrayList<>()).add(position);
    }

    /** Why it will be rolled back. */
    public synchronized void failure(String cause) {
        failure = cause;
    }

    public synchronized boolean isEmpty() {
        return sends.isEmpty() && taken.isEmpty();
    }

    /** What is to be done when the unit is being ended; at once if it is already. */
    public void onEnd(Runnable task) {
        synchronized (this) {
            if (!closed) {
                onEnd = task;
                return;
            }
        }
        task.run();
    }

    /** It is being ended: nothing more belongs to it. */
    void close() {
        Runnable ending;
        synchronized (this) {
            closed = true;
            ending = onEnd;
            onEnd = null;
        }
        if (ending != null) {
            ending.run();
        }
    }

    synchronized @Nullable String failure() {
        return failure;
    }

    synchronized List<LogRecord> sends() {
        return List.copyOf(sends);
    }

    synchronized Map<Taken, long[]> taken() {
        Map<Taken, long[]> positions = new LinkedHashMap<>();
        taken.forEach((key, list) ->
                positions.put(key, list.stream().mapToLong(Long::longValue).toArray()));
        return positions;
    }

    /** Positions of what it takes of a queue. */
    synchronized long[] takenFrom(PartitionOwner queue) {
        return taken.entrySet().stream()
                .filter(entry -> entry.getKey().lane().owner() == queue)
                .flatMapToLong(entry -> entry.getValue().stream().mapToLong(Long::longValue))
                .toArray();
    }

    /** What its commit or prepare does to the log's space. */
    synchronized Batch.Purpose purpose() {
        if (sends.isEmpty()) {
            return Batch.Purpose.SETTLING;
        }
        return taken.isEmpty() ? Batch.Purpose.GROWING : Batch.Purpose.MOVING;
    }

    private void checkOpen() {
        if (closed) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "The transaction has ended meanwhile; this is not part of it. Begin a new one.");
        }
    }
}
