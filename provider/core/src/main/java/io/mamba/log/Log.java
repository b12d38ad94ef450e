package io.mamba.log;

import io.mamba.MambaException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A partitioned log, of one node or {@linkplain #shared() shared} by several. Partitions exist from {@link #create} or their
 * first record on; which are keyed is told when the log is opened. All methods may be called by any thread. Errors are
 * {@link MambaException}s, thrown or as the future's failure: FENCED (an ownership or the membership is lost),
 * RESOURCE_LIMIT (disk full, batch too large: nothing of the batch is in the log, and it may be tried again), LOG_FAILED
 * (after a failed write or force: nothing works any more until the log is opened again), UNAVAILABLE (the log cannot be
 * reached), OUTCOME_UNKNOWN (it may have taken the batch, or take it yet).
 */
public interface Log extends AutoCloseable {
    /**
     * Appends all records of the batch or none. The future gives their positions, in the batch's order, when the level
     * is reached; a shared log knows DURABLE only. Batches of one level complete in the order of their positions; in a
     * shared log, those of one record and one partition. Before a batch completes, the tail listeners <em>of this log</em> have been told of its records; a shared
     * log may leave that out for a batch of records that are all in other than Mamba's own topics ({@code mamba.}). What
     * was not waited for may vanish in a crash, but never out of order: if a batch survives, so does every batch appended
     * before it by the same log to the same partition.
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
     * As {@link #append}, for a record of which its writer only has to know that nothing in front of it speaks against it:
     * completes when the tail listeners have been told of all that others have appended in front of it. Of the record itself,
     * and of others that this log has appended one by one, they may be told later; those may also complete later.
     */
    default CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
        return append(batch, level);
    }

    /**
     * Refuses a record that could never be appended, whatever else is in its batch: so that it is refused to whoever
     * brings it, and not spoils what others append with it.
     *
     * @throws MambaException RESOURCE_LIMIT (too large), INVALID_ARGUMENT (no key in a keyed partition)
     */
    void check(LogRecord record);

    /**
     * Sees to it that a topic has partitions: so many if it is new. Idempotent; any number of nodes may do so at once.
     *
     * @return how many it has; another program may have created it with more
     * @throws MambaException INVALID_DESTINATION if it is a {@linkplain Partition#FOREIGN foreign} one that is not there
     */
    int create(String topic, int partitions);

    /**
     * In a shared log, a topic that nobody uses any more is no more there, with all that is in it; nothing if it is not
     * there. Only for a name that is never used again: positions would begin anew.
     */
    void delete(String topic);

    /**
     * Reads the given partitions from the given positions (inclusive) at least to their {@linkplain #fence fence}. The
     * order within a partition is that of positions; across partitions it is that of appending as far as the engine knows it.
     * Records already released may be missing; a position before the partition's first record means that record, so
     * reading a young partition from 0 costs what the partition holds, not what the log holds. Runs in the calling
     * thread.
     *
     * @return for each partition the position before which everything was given: where to read or tail on
     */
    Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer);

    /** The record at a position that some read, tail or append gave, or null if it was released and is gone. */
    @Nullable
    StoredRecord get(Partition partition, long position);

    /**
     * As {@link #get(Partition, long)} for many at once, in order; those that are gone are left out.
     *
     * @param wantsMore given each record; false ends it
     */
    void get(Partition partition, long[] ascending, Predicate<StoredRecord> wantsMore);

    /** The last record of every key of a keyed partition as of its fence or later, in no particular order. */
    void latest(Partition keyed, Consumer<StoredRecord> consumer);

    /** All partitions that have records. */
    Collection<Partition> partitions();

    /**
     * For each of the partitions a position behind everything that was completed, by any node, before the call: what a
     * send or commit that has returned has brought is in front of it. Who wants to see that waits until its tail has been
     * told up to there.
     *
     * <p>In a log that is not shared, the tails have been told by then, and no later record comes in front of it but one
     * that was appended with a higher level before; so it is a place to read up to, and to name in snapshots. For an
     * unknown partition it is any position that its first record will not be before, for example 0.
     */
    Map<Partition, Long> fence(Collection<Partition> partitions);

    /** As {@link #fence(Collection)} for one partition. */
    default long fence(Partition partition) {
        return fence(List.of(partition)).getOrDefault(partition, 0L);
    }

    /**
     * From now on tells the listener of each record committed at {@code from} or behind it, each once. Does not wait: a
     * listener may call it, and the partition need not be there yet.
     */
    Tail tail(Partition partition, long from, TailListener listener);

    /**
     * These records are not needed any more, each named once; holes are fine. Only for partitions that are not keyed. In a
     * shared log every node says so of what it has read, all the same, and it is done when the keeper has said it.
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
     * Whether other nodes may write this log at the same time. What events mean is then judged by their members, and what
     * a single node keeps to itself is written.
     */
    boolean shared();

    /**
     * Begins to take part under this node's name, which others may have too: that is for the node to find out. Blocks
     * until the keeper knows of it. Once only, and before anything is appended to a shared log; again after the last
     * membership was lost or closed.
     *
     * @throws MambaException UNAVAILABLE
     */
    Membership join(String node, MembershipListener listener);

    /**
     * Takes the right to decide about {@code name} and fences an earlier owner, in whichever node it is, before it
     * completes. The listener is told when it is lost, by {@link #release} or at the latest when a batch is refused.
     */
    CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost);

    /** Gives the ownership up; later batches that rely on it are refused as FENCED. */
    void release(Ownership ownership);

    /** Makes durable what was appended, then lets go of everything. Idempotent. */
    @Override
    void close();
}
