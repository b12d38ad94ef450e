package io.mamba.log;

import java.util.List;

/** Told of the records of one partition as they become committed. */
public interface TailListener {
    /**
     * New records, in order; in a log that is not {@linkplain Log#shared() shared} only among those of one durability
     * level. Called by a thread of the log's or by an appending one, never twice at a time for one partition; must not
     * block, must not throw, and must not append synchronously.
     *
     * @param records may be empty: some positions have no record that anybody may see, and a fence may lie behind them
     * @param next in a shared log, everything in front of this position has been told; it grows
     */
    void committed(Partition partition, List<StoredRecord> records, long next);

    /**
     * In a shared log: the tail has fallen so far behind that records it was not told of were let go of ({@link Log#retain})
     * by the keeper. It goes on with the first that is there.
     */
    default void missed(Partition partition) {}
}
