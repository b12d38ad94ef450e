package io.mamba.log.file;

import io.mamba.log.Partition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the journal knows of one partition. Guarded by the journal's lock, but for the final fields. */
final class PartitionState {
    final int id;
    final Partition partition;
    /** In a keyed partition, where the last record of each key is. */
    final @Nullable Map<Key, Long> keys;
    /** Whether the journal holds the number's meaning. Read without the lock when encoding: repeating it is harmless. */
    volatile boolean defined;
    /** The first position ever, or -1. */
    long first = -1;
    /** Behind the last record placed. */
    long end;
    /** What {@link #end} was when the journal was opened. */
    long openedEnd;
    /** As the owner said at the last checkpoint. */
    long readFrom = -1;
    /** Before this its owner has declared in this opening which records are needed. */
    long retainedBefore;
    /** How often it did so. */
    int declarations;
    /** How many of its records are placed, but not yet told to its tails. */
    int underWay;

    PartitionState(int id, Partition partition, boolean keyed) {
        this.id = id;
        this.partition = partition;
        this.keys = keyed ? new HashMap<>() : null;
    }
}
