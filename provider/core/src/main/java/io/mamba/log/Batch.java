package io.mamba.log;

import java.util.List;
import java.util.Set;

/**
 * Records that become visible all together or not at all.
 *
 * @param records at least one, over any partitions
 * @param relies ownerships that must still hold, else the batch is refused as FENCED
 */
public record Batch(List<LogRecord> records, Set<Ownership> relies) {
    public Batch {
        records = List.copyOf(records);
        relies = Set.copyOf(relies);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one record");
        }
    }

    public static Batch of(List<LogRecord> records) {
        return new Batch(records, Set.of());
    }
}
