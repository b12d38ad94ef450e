package io.mamba.log;

import io.mamba.MambaException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partitioned log. Partitions exist from their first record on; which are keyed is told when the log is opened.
 * All methods may be called by any thread. Errors are {@link MambaException}s, thrown or as the future's failure:
 * FENCED (an ownership is lost), RESOURCE_LIMIT (disk full, batch too large: nothing of the batch is in the log, and it
 * may be tried again), LOG_FAILED (after a failed write or force: nothing works any more until the log is opened again),
 * UNAVAILABLE (outcome unknown).
 */
public interface Log extends AutoCloseable {
    /**
     * Appends all records of the batch or none. The future gives their positions, in the batch's order, when the level
     * is reached. Batches of one level complete in the order of their positions; before a batch completes, the tail
     * listeners of its partitions have been told. What was not waited for may vanish in a crash, but never out of
     * order: if a batch survives, so does every batch appended before it.
     *
     * <p>When space runs out batches are refused by their {@link Batch.Purpose}: what grows first, what settles last.
     */
    CompletableFuture<long[]> append(Batch batch, Durability level);

    /**
     * As {@link #append}, for a caller that has nothing else to do: it may do the writing itself, so that no other
     * thread is needed. Not disturbed by an interrupt, which stays pending.
     */
    long[] appendAndWait(Batch batch, Durability level);

    /**
     * Reads the given partitions from the given positions (inclusive) to the end they have now. The order within a
     * partition is that of positions; across partitions it is that of appending as far as the engine knows it.
     * Records already released may be missing; a position before the partition's first record means that record, so
     * reading a young partition from 0 costs what the partition holds, not what the log holds. Runs in the calling
     * thread.
     */
    void read(Map<Partition, Long> from, Consumer<StoredRecord> consumer);

    /** The record at a position that some read, tail or append gave, or null if it was released and is gone. */
    @Nullable
    StoredRecord get(Partition partition, long position);

    /** The last record of every key of a keyed partition, in no particular order. */
    void latest(Partition keyed, Consumer<StoredRecord> consumer);

    /** All partitions that have records. */
    Collection<Partition> partitions();

    /**
     * Every record before this position is committed and told to its tails, and no later one will come before it: a
     * fence to read up to, and to name in snapshots. A record appended with a lower level may be committed behind it
     * already. For an unknown partition any position that its first record will not be before, for example 0.
     */
    long end(Partition partition);

    /** From now on tells the listener of each record committed at {@code from} or behind it, each once. */
    Tail tail(Partition partition, long from, TailListener listener);

    /**
     * These records are not needed any more, each named once; holes are fine. Only for partitions that are not keyed.
     * Their space comes back in time; positions of others never change.
     */
    void release(Partition partition, long[] positions);

    /**
     * Declares which records in front of {@code before} are still needed: all others there are released. Called for every
     * partition that is not keyed after opening (an engine that knows already ignores it), and at any later time to
     * drop a partition's whole prefix.
     *
     * @param live ascending
     */
    void retain(Partition partition, long before, java.util.PrimitiveIterator.OfLong live);

    /**
     * The caller's own snapshots (records of keyed partitions, written by now and made durable by this) make it
     * unnecessary to read the given partitions from before these positions at the next opening, except by {@link #get}.
     * Bounds restart time.
     */
    void checkpoint(Map<Partition, Long> readFrom);

    /** How many bytes were appended since the last checkpoint: what to decide about the next one by. */
    long bytesSinceCheckpoint();

    /** Whether nothing but the reserve is left, so that a checkpoint should come sooner: it may give space back. */
    boolean lowOnSpace();

    LogStatistics statistics();

    /**
     * Takes the right to decide about {@code name} and fences an earlier owner. The listener is told when it is lost.
     */
    CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost);

    /** Gives the ownership up; later batches that rely on it are refused as FENCED. */
    void release(Ownership ownership);

    /** Makes durable what was appended, then lets go of everything. Idempotent. */
    @Override
    void close();
}
