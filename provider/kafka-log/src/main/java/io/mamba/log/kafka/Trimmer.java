package io.mamba.log.kafka;

import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives back the space of what was released. Not there yet: everything stays. */
final class Trimmer implements Releases {
    static final Partition SURVIVORS = new Partition("mamba.survivors", 0);

    /**
     * @param log reads what survives, and writes it to the survivors
     * @param engine deletes what does not
     */
    Trimmer(Log log, Engine engine) {}

    @Override
    public void release(Partition partition, long[] positions) {}

    @Override
    public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {}

    @Override
    public void checkpoint(Map<Partition, Long> readFrom) {}

    @Override
    public void keeper(boolean keeper) {}

    @Override
    public void survivors(Partition partition, long from, Consumer<StoredRecord> consumer) {}

    @Override
    public @Nullable StoredRecord survivor(Partition partition, long position) {
        return null;
    }

    @Override
    public void close() {}
}
