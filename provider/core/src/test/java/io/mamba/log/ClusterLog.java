package io.mamba.log;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One node's part of an {@link InMemoryCluster}. {@link #delay} and {@link #tell} steer when its tails are told,
 * {@link #kill}, {@link #stall}, {@link #expire} and {@link #resume} what becomes of its process.
 *
 * <p>All state is in the monitor of the cluster.
 */
public final class ClusterLog implements Log {
    private final InMemoryCluster cluster;
    private final List<Listening> tails = new ArrayList<>();
    private final List<Runnable> whenResumed = new ArrayList<>();
    private final Set<String> earlier = new HashSet<>();
    /** Where the events are that it has appended one by one. */
    private final Set<Long> own = new HashSet<>();

    private @Nullable String member;
    private @Nullable MembershipListener listener;
    private @Nullable MambaException lost;
    /** Whether the node knows that. */
    private boolean hasHeard;

    private @Nullable MambaException failure;
    private boolean delaying;
    private boolean hearing = true;
    private boolean stalled;
    private boolean ended;
    private long sinceCheckpoint;

    ClusterLog(InMemoryCluster cluster) {
        this.cluster = cluster;
    }

    InMemoryCluster cluster() {
        return cluster;
    }

    // ---- what a test steers -------------------------------------------------------------------------------------

    /** From now on tails are told only by {@link #tell}, or where an append or a fence of this log is waited for. */
    public void delay() {
        synchronized (cluster) {
            delaying = true;
        }
    }

    /** No more delay; tells all. */
    public void delayNoMore() {
        synchronized (cluster) {
            delaying = false;
            tails.forEach(this::tellLater);
        }
        cluster.work();
    }

    /** The partitions with something that its tails have not been told, in a fixed order. */
    public List<Partition> untold() {
        synchronized (cluster) {
            return tails.stream()
                    .filter(tail -> tail.next < cluster.of(tail.partition).end)
                    .map(tail -> tail.partition)
                    .distinct()
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
    }

    /** Tells the tails of a partition what there is. */
    public void tell(Partition partition) {
        synchronized (cluster) {
            tails.stream().filter(tail -> tail.partition.equals(partition)).forEach(this::tellLater);
        }
        cluster.work();
    }

    /** The process is gone: whatever it still tries fails, and it hears nothing. The others do not know yet: {@link #expire}. */
    public void kill() {
        synchronized (cluster) {
            end();
        }
    }

    private void end() {
        ended = true;
        stalled = true;
        tails.forEach(tail -> tail.ended = true);
        tails.clear();
    }

    /**
     * The process hears nothing of others until {@link #resume}, not even that it is no member any more. What it appends
     * goes through, as long as nobody fences it.
     */
    public void stall() {
        synchronized (cluster) {
            stalled = true;
        }
    }

    /** It goes on, and hears what it missed. */
    public void resume() {
        synchronized (cluster) {
            stalled = false;
            whenResumed.forEach(cluster::todo);
            whenResumed.clear();
            tellAll();
        }
        cluster.work();
    }

    /** Its session's time has passed without a sign of life: it is no member any more, and will hear of that. */
    public void expire() {
        synchronized (cluster) {
            if (member != null && lost == null) {
                String gone = member;
                later(() -> tellLost(gone, "was not heard of for the session's time"));
                cluster.leave(this);
            }
        }
        cluster.work();
    }

    /** From now on appends are refused with this error; null for no more. */
    public void refuse(@Nullable MambaException error) {
        synchronized (cluster) {
            failure = error;
        }
    }

    /** A defect: what may be told later is not kept waiting for what others have appended in front of it. */
    public ClusterLog toldLaterWithoutHearing() {
        hearing = false;
        return this;
    }

    // ---- what the cluster says, in its monitor ------------------------------------------------------------------

    String member() {
        return Objects.requireNonNull(member);
    }

    boolean hasBeen(String name) {
        return name.equals(member) || earlier.contains(name);
    }

    void later(Runnable task) {
        if (stalled) {
            whenResumed.add(task);
        } else {
            cluster.todo(task);
        }
    }

    void tellKeeper(Set<String> members) {
        MembershipListener told = Objects.requireNonNull(listener);
        later(() -> told.keeper(members));
    }

    void tellKeeperNoMore() {
        MembershipListener told = Objects.requireNonNull(listener);
        later(told::keeperNoMore);
    }

    void fenced(String name) {
        if (name.equals(member) && lost == null) {
            lost = new MambaException(ErrorCode.FENCED, name + " was fenced");
            cluster.leave(this);
            later(() -> tellLost(name, "was fenced"));
        }
    }

    private void tellLost(String name, String why) {
        MembershipListener told;
        MambaException reason = new MambaException(ErrorCode.FENCED, name + " " + why);
        synchronized (cluster) {
            if (!name.equals(member)) {
                return;
            }
            lost = reason;
            hasHeard = true;
            told = Objects.requireNonNull(listener);
            earlier.add(name);
            member = null;
            listener = null;
        }
        told.lost(reason);
    }

    void tellAll() {
        if (!stalled && !delaying) {
            tails.forEach(this::tellLater);
        }
    }

    private void tellLater(Listening tail) {
        if (tail.next < cluster.of(tail.partition).end) {
            later(tail::tell);
        }
    }

    // ---- the SPI ------------------------------------------------------------------------------------------------

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        return append(batch, false);
    }

    private CompletableFuture<long[]> append(Batch batch, boolean toldLater) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        synchronized (cluster) {
            MambaException refused = refusal(batch);
            if (refused != null) {
                return CompletableFuture.failedFuture(refused);
            }
            long[] positions = cluster.store(batch.records());
            batch.records()
                    .forEach(record -> sinceCheckpoint += 64 + (record.value() == null ? 0 : record.value().length));
            Set<Partition> touched = new HashSet<>();
            batch.records().forEach(record -> touched.add(record.partition()));
            boolean alone = isSingleEvent(batch);
            if (alone) {
                own.add(positions[0]);
            }
            tails.stream()
                    .filter(tail -> touched.contains(tail.partition)
                            && tail.partition.topic().startsWith("mamba.")
                            && !(alone && toldLater && hasOnlyOwn(tail.next, positions[0])))
                    .forEach(tail -> cluster.todo(tail::tell));
            cluster.todo(() -> future.complete(positions));
        }
        cluster.work();
        return future;
    }

    private boolean hasOnlyOwn(long from, long before) {
        for (long position = from; hearing && position < before; position++) {
            if (!own.contains(position)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
        return append(batch, true);
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        try {
            return append(batch, level).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MambaException known ? known : e;
        }
    }

    private @Nullable MambaException refusal(Batch batch) {
        try {
            checkOpen();
            batch.records().forEach(this::check);
        } catch (MambaException refused) {
            return refused;
        }
        if (lost != null && !(isSingleEvent(batch) && !hasHeard)) {
            return new MambaException(ErrorCode.FENCED, "Nothing can be appended: " + lost.getMessage());
        }
        for (Ownership ownership : batch.relies()) {
            if (!cluster.owns(ownership)) {
                return new MambaException(ErrorCode.FENCED, "Expected to own " + ownership + ", but it was lost");
            }
        }
        return failure;
    }

    /** As in Kafka it needs no transaction, and is taken of who does not know yet that it was fenced. */
    private static boolean isSingleEvent(Batch batch) {
        return batch.records().size() == 1
                && batch.records().get(0).partition().topic().equals("mamba.events");
    }

    @Override
    public void check(LogRecord record) {
        if (record.key() == null && isKeyed(record.partition())) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected a key in a record of " + record.partition() + ", but there is none");
        }
    }

    private boolean isKeyed(Partition partition) {
        return cluster.keyedTopics.contains(partition.topic());
    }

    @Override
    public int create(String topic, int count) {
        return count;
    }

    @Override
    public void delete(String topic) {
        synchronized (cluster) {
            checkOpen();
            cluster.delete(topic);
        }
    }

    @Override
    public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        List<StoredRecord> found = new ArrayList<>();
        Map<Partition, Long> ends = new HashMap<>();
        synchronized (cluster) {
            checkOpen();
            // Each partition by itself: nobody may rely on an order across them.
            from.forEach((partition, first) -> {
                InMemoryCluster.Contents contents = cluster.of(partition);
                found.addAll(contents.records.tailMap(first).values());
                ends.put(partition, Math.max(first, contents.end));
            });
        }
        found.forEach(consumer);
        return ends;
    }

    @Override
    public @Nullable StoredRecord get(Partition partition, long position) {
        synchronized (cluster) {
            checkOpen();
            return cluster.of(partition).records.get(position);
        }
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
        Map<String, StoredRecord> found = new LinkedHashMap<>();
        synchronized (cluster) {
            checkOpen();
            requireKeyed(keyed, true);
            for (StoredRecord record : cluster.of(keyed).records.values()) {
                String key = HexFormat.of()
                        .formatHex(Objects.requireNonNull(record.record().key()));
                found.remove(key);
                if (record.record().value() != null) {
                    found.put(key, record);
                }
            }
        }
        found.values().forEach(consumer);
    }

    @Override
    public Collection<Partition> partitions() {
        synchronized (cluster) {
            checkOpen();
            return cluster.partitions().stream()
                    .filter(partition -> cluster.of(partition).end > 0)
                    .toList();
        }
    }

    @Override
    public Map<Partition, Long> fence(Collection<Partition> partitions) {
        Map<Partition, Long> fences = new HashMap<>();
        synchronized (cluster) {
            checkOpen();
            partitions.forEach(partition -> fences.put(partition, cluster.of(partition).end));
            if (delaying) { // whoever asks waits for it
                tails.stream()
                        .filter(tail -> partitions.contains(tail.partition))
                        .forEach(tail -> cluster.todo(tail::tell));
            }
        }
        cluster.work();
        return fences;
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener told) {
        Listening listening = new Listening(partition, from, told);
        synchronized (cluster) {
            checkOpen();
            tails.add(listening);
            if (!delaying) {
                tellLater(listening);
            }
        }
        cluster.work();
        return () -> {
            synchronized (cluster) {
                listening.ended = true;
                tails.remove(listening);
            }
        };
    }

    @Override
    public void release(Partition partition, long[] positions) {
        synchronized (cluster) {
            requireKeyed(partition, false);
            if (cluster.isKeeper(this) && !partition.isForeign()) {
                for (long position : positions) {
                    cluster.of(partition).records.remove(position);
                }
            }
        }
    }

    @Override
    public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        synchronized (cluster) {
            requireKeyed(partition, false);
            Set<Long> needed = new HashSet<>();
            live.forEachRemaining((long position) -> needed.add(position));
            if (cluster.isKeeper(this) && !partition.isForeign()) {
                InMemoryCluster.Contents contents = cluster.of(partition);
                contents.cut = Math.max(contents.cut, before);
                cluster.of(partition).records.headMap(before).keySet().removeIf(position -> !needed.contains(position));
            }
        }
    }

    private void requireKeyed(Partition partition, boolean keyed) {
        if (isKeyed(partition) != keyed) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected " + partition + (keyed ? " to be keyed" : " not to be keyed") + ", but it is not so");
        }
    }

    @Override
    public void checkpoint(Map<Partition, Long> readFrom) {
        synchronized (cluster) {
            checkOpen();
            sinceCheckpoint = 0;
        }
    }

    @Override
    public long bytesSinceCheckpoint() {
        synchronized (cluster) {
            return sinceCheckpoint;
        }
    }

    @Override
    public boolean lowOnSpace() {
        return false;
    }

    @Override
    public LogStatistics statistics() {
        return new LogStatistics(0, 0, 0);
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Membership join(String node, MembershipListener told) {
        Part part;
        synchronized (cluster) {
            checkOpen();
            if (member != null) {
                throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log was joined already as " + member);
            }
            member = cluster.join(this, node);
            listener = told;
            lost = null;
            hasHeard = false;
            part = new Part(member);
            cluster.tellKeeper();
        }
        cluster.work();
        return part;
    }

    private final class Part implements Membership {
        private final String name;

        Part(String name) {
            this.name = name;
        }

        @Override
        public String member() {
            return name;
        }

        @Override
        public void fence(String other) {
            synchronized (cluster) {
                checkOpen();
                cluster.fence(other);
            }
            cluster.work();
        }

        @Override
        public void close() {
            synchronized (cluster) {
                if (name.equals(member)) {
                    cluster.leave(ClusterLog.this);
                    earlier.add(name);
                    member = null;
                    listener = null;
                }
            }
            cluster.work();
        }
    }

    @Override
    public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> whenLost) {
        CompletableFuture<Ownership> future = new CompletableFuture<>();
        synchronized (cluster) {
            checkOpen();
            Ownership ownership = cluster.acquire(this, name, whenLost);
            cluster.todo(() -> future.complete(ownership));
        }
        cluster.work();
        return future;
    }

    @Override
    public void release(Ownership ownership) {
        synchronized (cluster) {
            cluster.release(ownership);
        }
    }

    /** Without leaving: that is for the membership. */
    @Override
    public void close() {
        synchronized (cluster) {
            end();
        }
    }

    private void checkOpen() {
        if (ended) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed");
        }
    }

    private final class Listening {
        private final Partition partition;
        private final TailListener told;
        private long next;
        private boolean ended;

        Listening(Partition partition, long from, TailListener told) {
            this.partition = partition;
            this.next = from;
            this.told = told;
        }

        void tell() {
            List<StoredRecord> records;
            long end;
            boolean missed;
            synchronized (cluster) {
                InMemoryCluster.Contents contents = cluster.of(partition);
                end = contents.end;
                if (ended || end <= next) {
                    return;
                }
                records = List.copyOf(contents.records.tailMap(next).values());
                missed = next < contents.cut;
                next = end;
            }
            if (missed) {
                told.missed(partition);
            }
            told.committed(partition, records, end);
        }
    }
}
