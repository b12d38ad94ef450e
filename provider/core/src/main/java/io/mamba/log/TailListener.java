package io.mamba.log;

import java.util.List;

/** Told of the records of one partition as they become committed. */
public interface TailListener {
    /**
     * New records, in order among those of one durability level. Called by a thread of the log's or by an appending
     * one, never twice at a time for one partition; must not block, must not throw, and must not append synchronously.
     */
    void committed(Partition partition, List<StoredRecord> records);
}
