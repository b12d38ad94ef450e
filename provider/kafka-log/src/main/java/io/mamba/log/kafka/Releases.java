package io.mamba.log.kafka;

import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What nobody needs any more: remembers it for each partition that is not keyed and, in the keeper, gives its space back.
 * Kafka deletes prefixes only, so what is still needed in front of the new beginning is copied to a keyed topic first,
 * under its old partition and position: the survivors. Thread-safe.
 */
interface Releases extends AutoCloseable {
    /** As {@code Log.release}. Does not block. */
    void release(Partition partition, long[] positions);

    /** As {@code Log.retain}. Does not block. */
    void retain(Partition partition, long before, PrimitiveIterator.OfLong live);

    /** As {@code Log.checkpoint}: without a need to read them, what is in front of these positions may go too. */
    void checkpoint(Map<Partition, Long> readFrom);

    /** No record is at these positions, nor will be: a tail has found none. Does not block. */
    void gone(Partition partition, long from, long before);

    /** From now on this node is the one that deletes, or is it no more. */
    void keeper(boolean keeper);

    /** The survivors at {@code from} or behind it, in order: all are in front of what the partition itself still has. */
    void survivors(Partition partition, long from, Consumer<StoredRecord> consumer);

    /** The survivor of this position, or null if it is gone. */
    @Nullable
    StoredRecord survivor(Partition partition, long position);

    @Override
    void close();
}
