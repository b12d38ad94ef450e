package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
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
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The embedded engine: a {@link Log} in one directory that one opener at a time may use. Thread-safe. Wires the parts
 * together; what they do is said in each of them.
 */
public final class FileLog implements Log {
    private static final System.Logger LOG = System.getLogger(FileLog.class.getName());

    private final String directory;
    private final CountingStorage storage;
    private final PartitionTable partitions;
    private final Appender appender;
    private final SegmentStore segments;
    private final Contents contents;
    private final Ownerships ownerships;
    private final Tails tails = new Tails();
    private final JournalThread journalThread;
    private final Journal journal;
    private final LogReader reader;
    private final Checkpointer checkpointer;
    private final Closeable lock;
    private final int epoch;

    /**
     * Opens the journal of a directory, which is created if its parent exists.
     *
     * @param keyedTopics topics whose partitions keep the last record of each key
     * @throws MambaException LOG_IN_USE, CORRUPT, NOT_SUPPORTED (a newer format) or UNAVAILABLE (the directory cannot
     *     be used)
     */
    public static FileLog open(Path directory, Set<String> keyedTopics, FileLogOptions options) {
        try {
            JournalDirectory.prepare(directory);
            DirectoryLock lock =
                    DirectoryLock.acquire(directory, options.application(), options.lockWait(), DirectoryLock.REAL);
            return open(new DirectoryStorage(directory), keyedTopics, options, lock);
        } catch (IOException e) {
            throw unusable(directory.toString(), e);
        }
    }

    private static MambaException unusable(String directory, IOException e) {
        return new MambaException(
                ErrorCode.UNAVAILABLE,
                "Cannot use " + directory + " for a journal: " + e + "; is it writable, with room on its disk?",
                e);
    }

    /** @param lock closed with the log, or at once if opening fails */
    static FileLog open(Storage disk, Set<String> keyedTopics, FileLogOptions options, Closeable lock)
            throws IOException {
        return open(disk, keyedTopics, options, lock, new BackgroundThreads(options.threads()));
    }

    static FileLog open(
            Storage disk, Set<String> keyedTopics, FileLogOptions options, Closeable lock, Background background)
            throws IOException {
        CountingStorage storage = new CountingStorage(disk);
        SegmentStore segments =
                new SegmentStore(storage, options.segmentBytes(), options.reserveSegments(), background);
        boolean opened = false;
        try {
            FileLog log = new FileLog(storage, segments, keyedTopics, options, lock, background);
            log.segments.start(log.checkpointer::reclaim);
            log.journalThread.start();
            opened = true;
            return log;
        } finally {
            if (!opened) {
                segments.stop();
                segments.close();
                lock.close();
            }
        }
    }

    private FileLog(
            CountingStorage storage,
            SegmentStore segments,
            Set<String> keyedTopics,
            FileLogOptions options,
            Closeable lock,
            Background background)
            throws IOException {
        this.lock = lock;
        this.storage = storage;
        this.segments = segments;
        directory = storage.name();
        epoch = Epochs.raise(storage);
        partitions = new PartitionTable(keyedTopics);
        contents = new Contents(partitions, segments);
        Recovery.Found found = new Recovery(storage, segments, contents).run();
        BatchEncoder encoder = new BatchEncoder(partitions, options.segmentBytes());
        ownerships = new Ownerships(epoch);
        Segment first = segments.startAt(found.end());
        FrameQueue queue = new FrameQueue(first, found.end(), epoch);
        JournalWriter writer = new JournalWriter(epoch, options.segmentBytes());
        Completions completions = new Completions(tails);
        journalThread = new JournalThread(background);
        journal =
                new Journal(segments, contents, ownerships, completions, journalThread, queue, writer, found.synced());
        appender = new Appender(journal, encoder);
        RecordReader records = new RecordReader(segments, directory);
        reader = new LogReader(journal, contents, segments, records, directory);
        Checkpoints checkpoints = new Checkpoints(storage);
        checkpoints.prepare();
        checkpointer = new Checkpointer(
                journal,
                contents,
                segments,
                new Survivors(journal, contents, segments, encoder, directory),
                checkpoints,
                directory,
                epoch,
                found);
    }

    // ---- appending ----------------------------------------------------------------------------------------------

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        try {
            submit(batch, level, null, future);
            return future;
        } catch (MambaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        Append append = submitAndWait(batch, level, null);
        if (append.failure != null) {
            throw new MambaException(
                    append.failure.code(), String.valueOf(append.failure.getMessage()), append.failure);
        }
        return append.positions;
    }

    /** Returns when the batch is done or has failed. */
    Append submitAndWait(Batch batch, Durability level, @Nullable CompletableFuture<long[]> future) {
        Append append = submit(batch, level, Thread.currentThread(), future);
        journal.await(append);
        return append;
    }

    /** Returns when the batch has its place; what comes of it is told by the append, and the future if there is one. */
    Append submit(Batch batch, Durability level, @Nullable Thread waiter, @Nullable CompletableFuture<long[]> future) {
        return appender.submit(batch, level, waiter, future);
    }

    @Override
    public void check(LogRecord record) {
        appender.check(record);
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    @Override
    public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        journal.checkOpen();
        return reader.read(from, consumer);
    }

    @Override
    public @Nullable StoredRecord get(Partition partition, long position) {
        journal.checkOpen();
        PartitionState state = partitions.find(partition);
        return state == null ? null : reader.get(state, position);
    }

    @Override
    public void get(Partition partition, long[] ascending, Predicate<StoredRecord> wantsMore) {
        for (long position : ascending) {
            StoredRecord found = get(partition, position);
            if (found != null && !wantsMore.test(found)) {
                return;
            }
        }
    }

    @Override
    public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
        journal.checkOpen();
        requireKeyed(keyed, true);
        PartitionState state = partitions.find(keyed);
        if (state == null || state.keys == null) {
            return;
        }
        List<Key> keys;
        long fence;
        journal.lock.lock();
        try {
            keys = new ArrayList<>(state.keys.keySet());
            fence = state.underWay == 0 ? 0 : journal.placed();
        } finally {
            journal.lock.unlock();
        }
        journal.force(fence);
        for (Key key : keys) {
            latest(state, key, consumer);
        }
    }

    private void latest(PartitionState state, Key key, Consumer<StoredRecord> consumer) {
        Map<Key, Long> keys = Objects.requireNonNull(state.keys);
        long before = -1;
        while (true) {
            long position = journal.locked(() -> keys.getOrDefault(key, -1L));
            if (position < 0) {
                return;
            }
            StoredRecord found = reader.get(state, position);
            if (found != null) {
                consumer.accept(found);
                return;
            }
            if (position == before) {
                throw new MambaException(
                        ErrorCode.CORRUPT,
                        "The journal in " + directory + " lacks the segment with position " + position + " of "
                                + state.partition + ": restore the directory from a copy");
            }
            // Superseded meanwhile, and its segment recycled: look again.
            before = position;
        }
    }

    @Override
    public Collection<Partition> partitions() {
        return journal.locked(() -> partitions.all().stream()
                .filter(state -> state.first >= 0)
                .map(state -> state.partition)
                .toList());
    }

    @Override
    public Map<Partition, Long> fence(Collection<Partition> of) {
        journal.checkOpen();
        Map<Partition, Long> fences = new HashMap<>();
        for (Partition partition : of) {
            PartitionState state = partitions.find(partition);
            fences.put(partition, state == null ? 0L : journal.locked(() -> journal.end(state)));
        }
        return fences;
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener listener) {
        journal.checkOpen();
        PartitionState state = partitions.named(partition);
        Tails.FileTail tail = new Tails.FileTail(partition, from, listener);
        Set<Long> toCome;
        long until;
        journal.lock.lock();
        try {
            toCome = journal.completions.notTaken(state, from);
            until = state.end;
            tails.add(tail);
        } finally {
            journal.lock.unlock();
        }
        reader.read(
                state,
                from,
                until,
                (ignored, position) -> !toCome.contains(position),
                record -> tail.past(List.of(record)));
        tail.caughtUp();
        return () -> {
            tails.remove(tail);
            tail.end();
        };
    }

    // ---- space --------------------------------------------------------------------------------------------------

    @Override
    public void release(Partition partition, long[] positions) {
        requireKeyed(partition, false);
        PartitionState state = partitions.find(partition);
        if (state == null) {
            return;
        }
        journal.lock.lock();
        try {
            for (long position : positions) {
                contents.forget(state, position);
            }
        } finally {
            journal.lock.unlock();
        }
    }

    @Override
    public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        requireKeyed(partition, false);
        PartitionState state = partitions.find(partition);
        if (state == null) {
            return;
        }
        journal.lock.lock();
        try {
            contents.retain(state, before, live);
        } finally {
            journal.lock.unlock();
        }
    }

    @Override
    public void checkpoint(Map<Partition, Long> readFrom) {
        journal.checkOpen();
        checkpointer.checkpoint(readFrom);
    }

    @Override
    public long bytesSinceCheckpoint() {
        return journal.placed() - checkpointer.last();
    }

    @Override
    public boolean lowOnSpace() {
        return segments.isFull();
    }

    @Override
    public LogStatistics statistics() {
        return storage.statistics();
    }

    /** How many appends have not reached this level yet: for tests. */
    int waiting(Durability level) {
        return journal.waiting(level);
    }

    /** Everything that has its place is in the hands of the operating system when this returns: for tests. */
    void flush() {
        journal.flush();
    }

    /** The position behind everything that has its place: for tests. */
    long placed() {
        return journal.placed();
    }

    /** The position before which the journal itself tells that everything is durable: for tests. */
    long marked() {
        return journal.marked();
    }

    /** Whether the journal itself tells that everything in it is durable: for tests. */
    boolean isMarked() {
        return journal.isMarked();
    }

    private void requireKeyed(Partition partition, boolean keyed) {
        if (partitions.keyed(partition) != keyed) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected " + partition + (keyed ? " to be keyed" : " not to be keyed") + ", but it is not so");
        }
    }

    // ---- ownership and closing ----------------------------------------------------------------------------------

    @Override
    public boolean shared() {
        return false;
    }

    /** Nothing: a partition exists from its first record on. */
    @Override
    public int create(String topic, int count) {
        return count;
    }

    /** Nothing: no node is there whose topics others would have to delete. */
    @Override
    public void delete(String topic) {}

    @Override
    public Membership join(String node, MembershipListener listener) {
        journal.checkOpen();
        Membership alone = new SoleMembership(node + "#" + epoch);
        listener.keeper(Set.of(alone.member()));
        return alone;
    }

    @Override
    public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost) {
        journal.checkOpen();
        Ownership ownership;
        Ownerships.Owner earlier;
        journal.lock.lock();
        try {
            ownership = ownerships.next(name);
            earlier = ownerships.enter(ownership, lost);
        } finally {
            journal.lock.unlock();
        }
        if (earlier != null) {
            earlier.lost().accept(earlier.ownership());
        }
        return CompletableFuture.completedFuture(ownership);
    }

    @Override
    public void release(Ownership ownership) {
        journal.lock.lock();
        try {
            ownerships.leave(ownership);
        } finally {
            journal.lock.unlock();
        }
    }

    @Override
    public void close() {
        if (!journal.startClosing()) {
            return;
        }
        segments.startClosing();
        try {
            if (!journal.hasFailed()) {
                journal.finish();
                checkpointAtTheEnd();
            }
        } finally {
            end();
        }
    }

    /** Everything is durable without it; it only makes the next opening quicker. */
    private void checkpointAtTheEnd() {
        try {
            checkpointer.write(Map.of());
        } catch (MambaException e) {
            LOG.log(Level.WARNING, "Closing " + directory + " without a checkpoint", e);
        }
    }

    private void end() {
        journalThread.end();
        segments.stop();
        try {
            segments.close();
            lock.close();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }
}
