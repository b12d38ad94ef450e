package io.mamba.node;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.LogStatistics;
import io.mamba.log.Membership;
import io.mamba.log.MembershipListener;
import io.mamba.log.Ownership;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import java.util.Collection;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A log that passes everything on, but for what a subclass does otherwise. */
class ForwardingLog implements Log {
    private final Log log;

    ForwardingLog(Log log) {
        this.log = log;
    }

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        return log.append(batch, level);
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        return log.appendAndWait(batch, level);
    }

    @Override
    public CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
        return log.appendToldLater(batch, level);
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener listener) {
        return log.tail(partition, from, listener);
    }

    @Override
    public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        return log.read(from, consumer);
    }

    @Override
    public void get(Partition partition, long[] ascending, Predicate<StoredRecord> wantsMore) {
        log.get(partition, ascending, wantsMore);
    }

    @Override
    public void check(LogRecord record) {
        log.check(record);
    }

    @Override
    public int create(String topic, int partitions) {
        return log.create(topic, partitions);
    }

    @Override
    public void delete(String topic) {
        log.delete(topic);
    }

    @Override
    public boolean shared() {
        return log.shared();
    }

    @Override
    public Membership join(String node, MembershipListener listener) {
        return log.join(node, listener);
    }

    @Override
    public @Nullable StoredRecord get(Partition partition, long position) {
        return log.get(partition, position);
    }

    @Override
    public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
        log.latest(keyed, consumer);
    }

    @Override
    public boolean lowOnSpace() {
        return log.lowOnSpace();
    }

    @Override
    public Collection<Partition> partitions() {
        return log.partitions();
    }

    @Override
    public Map<Partition, Long> fence(Collection<Partition> partitions) {
        return log.fence(partitions);
    }

    @Override
    public void release(Partition partition, long[] positions) {
        log.release(partition, positions);
    }

    @Override
    public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        log.retain(partition, before, live);
    }

    @Override
    public void checkpoint(Map<Partition, Long> readFrom) {
        log.checkpoint(readFrom);
    }

    @Override
    public long bytesSinceCheckpoint() {
        return log.bytesSinceCheckpoint();
    }

    @Override
    public LogStatistics statistics() {
        return log.statistics();
    }

    @Override
    public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost) {
        return log.acquire(name, lost);
    }

    @Override
    public void release(Ownership ownership) {
        log.release(ownership);
    }

    @Override
    public void close() {
        log.close();
    }
}
