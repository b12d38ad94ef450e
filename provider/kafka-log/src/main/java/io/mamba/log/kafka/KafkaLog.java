package io.mamba.log.kafka;

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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The log in a Kafka cluster. What it promises rests on: {@code acks=all}; one transaction for whatever has more than one
 * record or replaces another; and that all that decides is written under transactional ids that belong to one member alone, so that a
 * member that is taken for dead can be fenced for good.
 *
 * <p>It writes as the member that {@link #join} made of it; a new membership has new producers. Reads, tails and the rest go
 * on meanwhile. Thread-safe.
 */
public final class KafkaLog implements Log {
    private final Engine engine;
    private final TransactionalIds ids;
    private final Owners owners;
    private final Members members;
    private final Releases releases;
    private final LongAdder bytesWritten = new LongAdder();
    private volatile long toldAtCheckpoint;
    private volatile long writtenAtCheckpoint;
    private volatile @Nullable Joined joined;
    private volatile boolean closed;

    /** What this log writes as. */
    private record Joined(String member, Writers writers, CompletableFuture<Members.Member> part) {}

    private KafkaLog(KafkaLogOptions options, Set<String> keyedTopics) {
        Set<String> keyed = new TreeSet<>(keyedTopics);
        keyed.add(Owners.RECORDS.topic());
        keyed.add(Trimmer.SURVIVORS.topic());
        Clients clients = new Clients(options);
        TopicNames names = new TopicNames(options.prefix());
        Topics topics = new Topics(clients.admin(), names, keyed);
        this.engine = new Engine(
                options,
                clients,
                topics,
                new Records(names),
                new Readers(clients, topics, options.timeout()),
                new Tails(clients::tail, topics, options.threads()),
                new LongAdder());
        topics.onCreated(engine.tails()::partitionsCame);
        this.ids = new TransactionalIds(options.prefix());
        this.owners = new Owners(engine, ids);
        this.members = new GroupMembers(engine, new Fences(clients, ids, owners));
        this.releases = new Trimmer(this, engine);
        engine.tails().onGap(releases::gone);
    }

    /**
     * Connects when something is asked of it, and connects again whenever it has to.
     *
     * @param keyedTopics of which only the last record of each key is kept
     */
    public static KafkaLog open(KafkaLogOptions options, Set<String> keyedTopics) {
        return new KafkaLog(options, keyedTopics);
    }

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        return append(batch, false);
    }

    private CompletableFuture<long[]> append(Batch batch, boolean toldLater) {
        try {
            Joined self = self();
            for (LogRecord record : batch.records()) {
                engine.topics().check(record);
                bytesWritten.add(Records.size(record));
            }
            return batch.relies().isEmpty()
                    ? self.writers.append(batch.records(), toldLater)
                    : owners.append(batch.records(), batch.relies());
        } catch (MambaException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        try {
            return append(batch, level).join();
        } catch (CompletionException failure) {
            throw KafkaErrors.translate(failure, Doing.WRITE, "the log");
        }
    }

    @Override
    public CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
        return append(batch, true);
    }

    @Override
    public void check(LogRecord record) {
        engine.topics().check(record);
    }

    @Override
    public int create(String topic, int partitions) {
        return engine.topics().create(topic, partitions);
    }

    @Override
    public void delete(String topic) {
        engine.topics().delete(topic);
    }

    @Override
    public Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        from.forEach((partition, first) -> {
            if (!engine.topics().isKeyed(partition.topic())) {
                releases.survivors(partition, first, consumer);
            }
        });
        return engine.readers().read(from, consumer);
    }

    @Override
    public @Nullable StoredRecord get(Partition partition, long position) {
        StoredRecord[] found = new StoredRecord[1];
        get(partition, new long[] {position}, record -> {
            found[0] = record;
            return false;
        });
        return found[0];
    }

    @Override
    public void get(Partition partition, long[] ascending, Predicate<StoredRecord> wantsMore) {
        engine.readers().get(partition, ascending, wantsMore, missing -> {
            StoredRecord survivor = releases.survivor(partition, missing);
            return survivor == null || wantsMore.test(survivor);
        });
    }

    @Override
    public void latest(Partition keyed, Consumer<StoredRecord> consumer) {
        Map<java.nio.ByteBuffer, StoredRecord> last = new HashMap<>();
        engine.readers().read(Map.of(keyed, 0L), stored -> {
            byte[] key = stored.record().key();
            if (key != null) {
                if (stored.record().value() == null) {
                    last.remove(java.nio.ByteBuffer.wrap(key));
                } else {
                    last.put(java.nio.ByteBuffer.wrap(key), stored);
                }
            }
        });
        last.values().forEach(consumer);
    }

    @Override
    public Collection<Partition> partitions() {
        return engine.topics().partitions().stream()
                .filter(partition -> !isOwn(partition.topic()))
                .toList();
    }

    private static boolean isOwn(String topic) {
        return topic.equals(Owners.RECORDS.topic()) || topic.equals(Trimmer.SURVIVORS.topic());
    }

    @Override
    public Map<Partition, Long> fence(Collection<Partition> partitions) {
        Map<Partition, Long> fences = engine.topics().fence(partitions);
        engine.tails().hasten(fences);
        return fences;
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener listener) {
        return engine.tails().add(partition, from, listener);
    }

    @Override
    public void release(Partition partition, long[] positions) {
        if (engine.topics().isKeyed(partition.topic())) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    partition + " is keyed: its records go when others of the same key come, not by being released.");
        }
        releases.release(partition, positions);
    }

    @Override
    public void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        releases.retain(partition, before, live);
    }

    @Override
    public void checkpoint(Map<Partition, Long> readFrom) {
        toldAtCheckpoint = engine.tails().bytesTold();
        writtenAtCheckpoint = bytesWritten.sum();
        releases.checkpoint(readFrom);
    }

    @Override
    public long bytesSinceCheckpoint() {
        // What this node writes and what it reads are largely the same.
        return Math.max(engine.tails().bytesTold() - toldAtCheckpoint, bytesWritten.sum() - writtenAtCheckpoint);
    }

    /** Brokers stop when their disks are full: there is no reserve to be saved. */
    @Override
    public boolean lowOnSpace() {
        return false;
    }

    @Override
    public LogStatistics statistics() {
        return new LogStatistics(0, bytesWritten.sum(), engine.transactions().sum());
    }

    @Override
    public boolean shared() {
        return true;
    }

    /** Who has not joined appends as one of whom nobody knows. */
    private Joined self() {
        Joined self = joined;
        return self == null ? begin() : self;
    }

    private synchronized Joined begin() {
        Joined self = joined;
        if (closed) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed.");
        }
        if (self == null) {
            self = begin(engine.options().node());
        }
        return self;
    }

    /** A name that nobody has had, and new producers under it. */
    private Joined begin(String node) {
        String member = node + "." + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "."
                + Long.toString(ThreadLocalRandom.current().nextLong(1 << 24), Character.MAX_RADIX);
        CompletableFuture<Members.Member> part = new CompletableFuture<>();
        Writers writers = new Writers(engine, ids, member, reason -> {
            owners.loseAll(reason);
            var unused = part.thenAccept(itself -> itself.expelled(reason));
        });
        Joined self = new Joined(member, writers, part);
        joined = self;
        return self;
    }

    @Override
    public synchronized Membership join(String node, MembershipListener listener) {
        end();
        Joined self = begin(node);
        boolean done = false;
        try {
            Members.Member part = members.join(self.member, new Following(self.writers, listener));
            self.part.complete(part);
            done = true;
            return part;
        } finally {
            if (!done) {
                end();
            }
        }
    }

    /** What this log was until now, it is no more. */
    private void end() {
        Joined before = joined;
        joined = null;
        if (before != null) {
            before.writers.close();
            var unused = before.part.thenAccept(Membership::close);
        }
    }

    /** Does what the engine has to do before the node hears of it. */
    private final class Following implements MembershipListener {
        private final Writers writers;
        private final MembershipListener listener;

        Following(Writers writers, MembershipListener listener) {
            this.writers = writers;
            this.listener = listener;
        }

        @Override
        public void keeper(Set<String> all) {
            releases.keeper(true);
            listener.keeper(all);
        }

        @Override
        public void keeperNoMore() {
            releases.keeper(false);
            listener.keeperNoMore();
        }

        @Override
        public void lost(MambaException reason) {
            releases.keeper(false);
            writers.refuseAll(reason);
            owners.loseAll(reason);
            listener.lost(reason);
        }
    }

    @Override
    public CompletableFuture<Ownership> acquire(String name, Consumer<Ownership> lost) {
        Joined self = self();
        return owners.acquire(name, self.member, self.writers, lost);
    }

    @Override
    public void release(Ownership ownership) {
        owners.release(ownership);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        releases.close();
        owners.close();
        end();
        engine.tails().close();
        engine.readers().close();
        engine.clients().close();
    }
}
