package io.mamba.log;

import java.util.List;
import java.util.Set;

/**
 * Records that become visible all together or not at all.
 *
 * @param records at least one, over any partitions
 * @param relies ownerships that must still hold, else the batch is refused as FENCED
 * @param purpose what it does to the space that the log takes: who goes on when there is hardly any left
 */
public record Batch(List<LogRecord> records, Set<Ownership> relies, Purpose purpose) {
    /**
     * Decides how much of the log's reserve a batch may use once the disk is full, so that what frees space is never
     * shut out by what takes it. The embedded engine keeps the reserve filled ahead; a cluster has none (its brokers
     * stop when their disks are full) and ignores the purpose.
     */
    public enum Purpose {
        /** Brings something new: messages, subscriptions. Refused as soon as only the reserve is left. */
        GROWING,
        /**
         * Finishes messages and brings others in their place: a transaction that receives and sends, a burial. Takes
         * space now and gives about as much back at the next checkpoint. Refused when half of the reserve is used.
         */
        MOVING,
        /**
         * Finishes, frees or records what others need to do so: settlements, delivery marks, outcomes of branches with
         * the sends that were prepared, snapshots. Refused only when the reserve is used up too.
         */
        SETTLING
    }

    public Batch {
        records = List.copyOf(records);
        relies = Set.copyOf(relies);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one record");
        }
    }

    /** A batch that brings something new. */
    public Batch(List<LogRecord> records, Set<Ownership> relies) {
        this(records, relies, Purpose.GROWING);
    }

    /** A batch that brings something new and relies on nothing. */
    public static Batch of(List<LogRecord> records) {
        return of(records, Purpose.GROWING);
    }

    /** A batch that relies on nothing. */
    public static Batch of(List<LogRecord> records, Purpose purpose) {
        return new Batch(records, Set.of(), purpose);
    }
}
