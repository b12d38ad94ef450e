package io.mamba.log;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A log for tests, without files, threads or time: an append completes in the calling thread before it returns, unless
 * it is held. {@link #hold}, {@link #proceed}, {@link #failNext}, {@link #onlyFor} and {@link #breakDown} steer what
 * becomes of appends;
 * {@link #crash} gives what another opening would find after this process died.
 *
 * <p>Thread-safe; completions run outside the monitor, one at a time.
 */
public final class InMemoryLog implements Log {
    private static final int GAP = 8;

    private final Set<String> keyedTopics;
    private final TreeMap<Long, StoredRecord> records = new TreeMap<>();
    private final Map<Partition, Map<Key, Long>> index = new HashMap<>();
    private final Map<Partition, Long> ends = new LinkedHashMap<>();
    private final List<Appended> history = new ArrayList<>();
    /** By position of a released record, the position before which everything had been appended by then. */
    private final Map<Long, Long> released = new HashMap<>();

    private final Map<Partition, List<Listening>> tails = new HashMap<>();
    private final Map<String, Owner> owners = new HashMap<>();
    private final Deque<Appended> held = new ArrayDeque<>();
    private final Deque<Runnable> completions = new ArrayDeque<>();
    private final Deque<MambaException> failures = new ArrayDeque<>();
    private boolean completing;
    private Batch.Purpose leastPurpose = Batch.Purpose.GROWING;
    private @Nullable Durability heldFrom;
    private @Nullable MambaException broken;
    private long nextPosition = GAP;
    private long nextEpoch = 1;
    private long sinceCheckpoint;
    private boolean closed;

    public InMemoryLog(Set<String> keyedTopics) {
        this.keyedTopics = Set.copyOf(keyedTopics);
    }

    public InMemoryLog() {
        this(Set.of());
    }

    // ---- what a test steers -------------------------------------------------------------------------------------

    /** From now on appends of this level and above get their place, but neither complete nor become visible. */
    public synchronized void hold(Durability from) {
        heldFrom = from;
    }

    /** Lets everything held complete, in order, and holds no more. */
    public void proceed() {
        synchronized (this) {
            heldFrom = null;
            while (!held.isEmpty() && broken == null) {
                commit(held.remove());
            }
        }
        complete();
    }

    /** Lets the oldest held append complete. */
    public void proceedOne() {
        synchronized (this) {
            commit(held.remove());
        }
        complete();
    }

    /** How many appends are held. */
    public synchronized int held() {
        return held.size();
    }

    /** The next append that is not refused for another reason is refused with this error; nothing of it is kept. */
    public synchronized void failNext(MambaException failure) {
        failures.add(failure);
    }

    /**
     * From now on the disk is as full as it must be that only this purpose and what comes after it are taken; GROWING
     * means that there is room.
     */
    public synchronized void onlyFor(Batch.Purpose least) {
        leastPurpose = least;
    }

    /**
     * As a failed write or force: all that is held and every later call fails with LOG_FAILED. Whether what was held
     * survives is for {@link #crash} to say.
     */
    public void breakDown() {
        synchronized (this) {
            MambaException failure = new MambaException(ErrorCode.LOG_FAILED, "the log was broken by a test");
            broken = failure;
            for (Appended lost : held) {
                completions.add(() -> lost.future.completeExceptionally(failure));
            }
        }
        complete();
    }

    /**
     * What another opening finds after this process died: everything up to the last completed batch that had at least
     * this level. WRITTEN stands for a killed process, DURABLE for a power loss, NONE for a clean close. This log is
     * closed; its held appends are answered no more.
     */
    public InMemoryLog crash(Durability survives) {
        return crash(survives, 0, false);
    }

    /**
     * As {@link #crash(Durability)}, where luck had it that more survived than was promised.
     *
     * @param more so many batches behind those that must survive did so too, in order, held ones included
     * @param unreleased whether what was released is there all the same, as space comes back in time only. Without it a
     *     release counts once everything appended before it survived.
     */
    public synchronized InMemoryLog crash(Durability survives, int more, boolean unreleased) {
        closed = true;
        return fork(survives, more, unreleased);
    }

    /** What {@link #crash} would give, while this log stays open. */
    public synchronized InMemoryLog fork(Durability survives, int more, boolean unreleased) {
        List<Appended> placed = new ArrayList<>(history);
        placed.addAll(held);
        placed.sort(Comparator.comparingLong(Appended::first));
        int keep = placed.size();
        while (keep > 0
                && (held.contains(placed.get(keep - 1))
                        || placed.get(keep - 1).level.compareTo(survives) < 0)) {
            keep--;
        }
        keep = Math.min(keep + more, placed.size());
        long lostFrom = keep < placed.size() ? placed.get(keep).first() : Long.MAX_VALUE;
        InMemoryLog next = new InMemoryLog(keyedTopics);
        for (Appended batch : placed.subList(0, keep)) {
            next.history.add(batch);
            batch.stored.forEach(next::store);
        }
        released.forEach((position, appendedBefore) -> {
            if (appendedBefore <= lostFrom && !unreleased && next.records.remove(position) != null) {
                next.released.put(position, appendedBefore);
            }
        });
        next.nextPosition = nextPosition;
        next.nextEpoch = nextEpoch;
        return next;
    }

    /** Everything visible, in order of position: for assertions. */
    public synchronized List<StoredRecord> contents() {
        return List.copyOf(records.values());
    }

    /** The visible records of one partition, in order of position: for assertions. */
    public synchronized List<StoredRecord> contents(Partition partition) {
        return records.values().stream()
                .filter(record -> record.record().partition().equals(partition))
                .toList();
    }

    // ---- the SPI ------------------------------------------------------------------------------------------------

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        synchronized (this) {
            MambaException refused = refusal(batch);
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            List<StoredRecord> stored = new ArrayList<>();
            for (LogRecord record : batch.records()) {
                stored.add(new StoredRecord(nextPosition, record));
                nextPosition += GAP;
                sinceCheckpoint += 64 + (record.value() == null ? 0 : record.value().length);
            }
            Appended appended = new Appended(stored, level, future);
            if (heldFrom != null && level.compareTo(heldFrom) >= 0) {
                held.add(appended);
            } else {
                commit(appended);
            }
        }
        complete();
        return future;
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        try {
            return append(batch, level).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MambaException known ? known : e;
        }
    }

    @Override
    public void check(LogRecord record) {
        if (record.key() == null && keyedTopics.contains(record.partition().topic())) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected a key in a record of " + record.partition() + ", but there is none");
        }
    }

    private @Nullable MambaException refusal(Batch batch) {
        checkOpen();
        try {
            batch.records().forEach(this::check);
        } catch (MambaException refused) {
            return refused;
        }
        for (Ownership ownership : batch.relies()) {
            Owner owner = owners.get(ownership.name());
            if (owner == null || !owner.ownership.equals(ownership)) {
                return new MambaException(ErrorCode.FENCED, "Expected to own " + ownership + ", but it was lost");
            }
        }
        if (batch.purpose().compareTo(leastPurpose) < 0) {
            return new MambaException(
                    ErrorCode.RESOURCE_LIMIT, "The disk was filled by a test: only " + leastPurpose + " batches go on");
        }
        return failures.poll();
    }

    private void commit(Appended batch) {
        history.add(batch);
        history.sort(Comparator.comparingLong(Appended::first));
        batch.stored.forEach(this::store);
        Map<Partition, List<StoredRecord>> byPartition = new LinkedHashMap<>();
        for (StoredRecord record : batch.stored) {
            byPartition
                    .computeIfAbsent(record.record().partition(), p -> new ArrayList<>())
                    .add(record);
        }
        byPartition.forEach((partition, stored) -> {
            for (Listening listening : List.copyOf(tails.getOrDefault(partition, List.of()))) {
                completions.add(() -> listening.tell(partition, stored));
            }
        });
        completions.add(() -> batch.future.complete(batch.positions()));
    }

    private void store(StoredRecord stored) {
        LogRecord record = stored.record();
        Partition partition = record.partition();
        records.put(stored.position(), stored);
        ends.merge(partition, stored.position() + 1, Math::max);
        if (keyedTopics.contains(partition.topic())) {
            Map<Key, Long> keys = index.computeIfAbsent(partition, p -> new LinkedHashMap<>());
            Key key = new Key(record.key());
            Long before = keys.get(key);
            if (before != null && before > stored.position()) {
                records.remove(stored.position());
                return;
            }
            Long superseded = record.value() == null ? keys.remove(key) : keys.put(key, stored.position());
            if (superseded != null) {
                records.remove(superseded);
            }
            if (record.value() == null) {
                records.remove(stored.position());
            }
        }
    }

    private void complete() {
        while (true) {
            Runnable next;
            synchronized (this) {
                if (completing || completions.isEmpty()) {
                    return;
                }
                completing = true;
                next = completions.remove();
            }
            try {
                next.run();
            } finally {
                synchronized (this) {
                    completing = false;
                }
            }
        }
    }

    @Override
    public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        List<StoredRecord> found;
        Map<Partition, Long> ends = new HashMap<>();
        synchronized (this) {
            checkOpen();
            from.forEach((partition, first) -> ends.put(partition, Math.max(first, committedTo(partition))));
            found = records.values().stream()
                    .filter(record -> {
                        Partition partition = record.record().partition();
                        Long first = from.get(partition);
                        return first != null
                                && record.position() >= first
                                && record.position() < committedTo(partition);
                    })
                    .toList();
        }
        found.forEach(consumer);
        return ends;
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
    public synchronized @Nullable StoredRecord get(Partition partition, long position) {
        checkOpen();
        StoredRecord found = records.get(position);
        return found != null && found.record().partition().equals(partition) ? found : null;
    }

    @Override
    public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
        List<StoredRecord> found = new ArrayList<>();
        synchronized (this) {
            checkOpen();
            requireKeyed(keyed, true);
            for (long position : index.getOrDefault(keyed, Map.of()).values()) {
                StoredRecord record = records.get(position);
                if (record != null) {
                    found.add(record);
                }
            }
        }
        found.forEach(consumer);
    }

    @Override
    public synchronized Collection<Partition> partitions() {
        checkOpen();
        return List.copyOf(ends.keySet());
    }

    @Override
    public synchronized Map<Partition, Long> fence(Collection<Partition> of) {
        checkOpen();
        Map<Partition, Long> fences = new HashMap<>();
        of.forEach(partition -> fences.put(partition, committedTo(partition)));
        return fences;
    }

    private long committedTo(Partition partition) {
        for (Appended batch : held) {
            for (StoredRecord record : batch.stored) {
                if (record.record().partition().equals(partition)) {
                    return record.position();
                }
            }
        }
        return ends.getOrDefault(partition, 0L);
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener listener) {
        Set<Long> underWay = new HashSet<>();
        Listening listening = new Listening(listener, from, underWay);
        synchronized (this) {
            checkOpen();
            held.forEach(batch -> batch.stored.forEach(record -> underWay.add(record.position())));
            List<StoredRecord> present = records.values().stream()
                    .filter(record -> record.record().partition().equals(partition) && record.position() >= from)
                    .toList();
            if (!present.isEmpty()) {
                completions.add(() -> listening.tell(partition, present));
            }
            tails.computeIfAbsent(partition, p -> new ArrayList<>()).add(listening);
        }
        complete();
        return () -> {
            synchronized (this) {
                listening.ended = true;
                tails.getOrDefault(partition, List.of()).remove(listening);
            }
        };
    }

    @Override
    public synchronized void release(Partition partition, long[] positions) {
        checkOpen();
        requireKeyed(partition, false);
        for (long position : positions) {
            StoredRecord found = records.get(position);
            if (found == null || !found.record().partition().equals(partition)) {
                throw new MambaException(
                        ErrorCode.INTERNAL, "Released " + partition + "@" + position + ", which is not there");
            }
            records.remove(position);
            released.put(position, nextPosition);
        }
    }

    @Override
    public synchronized void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        checkOpen();
        requireKeyed(partition, false);
        Set<Long> needed = new HashSet<>();
        live.forEachRemaining((long position) -> needed.add(position));
        records.headMap(before).values().removeIf(record -> {
            boolean goes = record.record().partition().equals(partition) && !needed.contains(record.position());
            if (goes) {
                released.put(record.position(), nextPosition);
            }
            return goes;
        });
    }

    @Override
    public synchronized void checkpoint(Map<Partition, Long> readFrom) {
        checkOpen();
        sinceCheckpoint = 0;
    }

    @Override
    public synchronized long bytesSinceCheckpoint() {
        return sinceCheckpoint;
    }

    @Override
    public synchronized boolean lowOnSpace() {
        return leastPurpose != Batch.Purpose.GROWING;
    }

    @Override
    public LogStatistics statistics() {
        return new LogStatistics(0, 0, 0);
    }

    @Override
    public int create(String topic, int count) {
        return count;
    }

    /** Nothing: no node is there whose topics others would have to delete. */
    @Override
    public void delete(String topic) {}

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Membership join(String node, MembershipListener listener) {
        listener.keeper(Set.of(node));
        return new Membership() {
            @Override
            public String member() {
                return node;
            }

            @Override
            public void fence(String other) {
                // There is no other.
            }

            @Override
            public void close() {
                // Nobody hears of it.
            }
        };
    }

    @Override
    public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost) {
        CompletableFuture<Ownership> future = new CompletableFuture<>();
        synchronized (this) {
            checkOpen();
            Ownership ownership = new Ownership(name, nextEpoch++);
            Owner earlier = owners.put(name, new Owner(ownership, lost));
            if (earlier != null) {
                completions.add(() -> earlier.lost.accept(earlier.ownership));
            }
            completions.add(() -> future.complete(ownership));
        }
        complete();
        return future;
    }

    @Override
    public synchronized void release(Ownership ownership) {
        Owner owner = owners.get(ownership.name());
        if (owner != null && owner.ownership.equals(ownership)) {
            owners.remove(ownership.name());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void requireKeyed(Partition partition, boolean keyed) {
        if (keyedTopics.contains(partition.topic()) != keyed) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected " + partition + (keyed ? " to be keyed" : " not to be keyed") + ", but it is not so");
        }
    }

    private void checkOpen() {
        if (broken != null) {
            throw broken;
        }
        if (closed) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed");
        }
    }

    private record Appended(List<StoredRecord> stored, Durability level, CompletableFuture<long[]> future) {
        long first() {
            return stored.get(0).position();
        }

        long[] positions() {
            return stored.stream().mapToLong(StoredRecord::position).toArray();
        }
    }

    private record Owner(Ownership ownership, Consumer<Ownership> lost) {}

    private static final class Listening {
        private final TailListener listener;
        private final long from;
        private final Set<Long> underWay;
        private volatile boolean ended;

        Listening(TailListener listener, long from, Set<Long> underWay) {
            this.listener = listener;
            this.from = from;
            this.underWay = underWay;
        }

        void tell(Partition partition, List<StoredRecord> stored) {
            List<StoredRecord> wanted = stored.stream()
                    .filter(record -> record.position() >= from || underWay.contains(record.position()))
                    .toList();
            if (!ended && !wanted.isEmpty()) {
                listener.committed(
                        partition, wanted, wanted.get(wanted.size() - 1).position() + 1);
            }
        }
    }

    private static final class Key {
        private final byte[] bytes;

        Key(byte @Nullable [] bytes) {
            this.bytes = Objects.requireNonNull(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
