package io.mamba.log.kafka;

import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.kafka.SurvivorRecords.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Gives back the space of what was released. Every node keeps account; the keeper trims, in a thread of its own:
 *
 * <ol>
 *   <li>It takes what is in front of the <em>last checkpoint but one</em>, so that a node that lags behind by less still finds
 *       what it has to read.
 *   <li>It copies what is still needed there to the survivors, and in the transaction of the last of them moves the mark. If it
 *       is no member any more, that is refused. Copies behind the mark do not count.
 *   <li>It deletes what is in front of the mark, a moment later: who has begun to read before has passed by then.
 * </ol>
 *
 * Deleting again or less is harmless. Thread-safe; the accounts are guarded by this object.
 */
final class Trimmer implements Releases {
    static final Partition SURVIVORS = new Partition("mamba.survivors", 0);

    private static final System.Logger LOGGER = System.getLogger(Trimmer.class.getName());
    /** While there is something to delete soon. */
    private static final Duration ROUND = Duration.ofSeconds(2);
    /** Otherwise: other nodes only learn what the keeper has done. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** Small enough for any broker, and large enough to be worth a transaction. */
    private static final long BATCH_BYTES = 512 << 10;

    private static final int BATCH_RECORDS = 1_000;

    private final Log log;
    private final Engine engine;
    private final Survivors survivors;
    private final TrimmedTopics topics;
    private final Thread thread;
    private final Map<Partition, Account> accounts = new HashMap<>();
    /** Released, though there is a copy: the keeper removes it. */
    private final Map<Partition, Set<Long>> dead = new HashMap<>();

    /** Of a topic that was deleted and made again nothing is known. */
    private record Account(Uuid topic, ReleasedPositions released) {}

    private Map<Partition, Long> lastCheckpoint = Map.of();
    private Map<Partition, Long> trimmable = Map.of();
    private boolean keeper;
    private boolean begun;
    private boolean due;
    private boolean closed;

    /**
     * @param log writes the survivors
     * @param engine reads and deletes
     */
    Trimmer(Log log, Engine engine) {
        this.log = log;
        this.engine = engine;
        this.survivors = new Survivors(engine);
        this.topics = new TrimmedTopics(engine);
        this.thread = engine.options().threads().newThread(this::run);
    }

    // ---- the accounts ----

    @Override
    public synchronized void release(Partition partition, long[] positions) {
        Account account = account(partition);
        for (long position : positions) {
            if (account != null) {
                account.released.add(position);
            }
            if (survivors.isCopied(partition, position)) {
                dead(partition).add(position);
            }
        }
    }

    @Override
    public synchronized void retain(Partition partition, long before, PrimitiveIterator.OfLong live) {
        Set<Long> dying = new HashSet<>(survivors.copied(partition));
        dying.removeIf(position -> position >= before);
        PrimitiveIterator.OfLong needed = sparing(live, dying);
        Account account = account(partition);
        if (account != null) {
            account.released.retain(before, needed);
        }
        needed.forEachRemaining((long position) -> {});
        if (!dying.isEmpty()) {
            dead(partition).addAll(dying);
        }
    }

    private static PrimitiveIterator.OfLong sparing(PrimitiveIterator.OfLong live, Set<Long> dying) {
        return new PrimitiveIterator.OfLong() {
            @Override
            public boolean hasNext() {
                return live.hasNext();
            }

            @Override
            public long nextLong() {
                long position = live.nextLong();
                dying.remove(position);
                return position;
            }
        };
    }

    @Override
    public synchronized void gone(Partition partition, long from, long before) {
        Account account = engine.topics().isKeyed(partition.topic()) ? null : account(partition);
        if (account != null) {
            account.released.addAll(from, before);
        }
    }

    /** Null as long as it is not known which topic it is. Then nothing of it is released, which does no harm. */
    private @Nullable Account account(Partition partition) {
        if (partition.isForeign()) {
            return null; // what is there is for others to keep
        }
        Account account = accounts.get(partition);
        if (account == null) {
            Uuid topic = engine.topics().knownId(partition.topic());
            if (topic != null) {
                account = new Account(topic, new ReleasedPositions());
                Mark mark = survivors.marks().get(partition);
                if (mark != null && mark.topic().equals(topic)) {
                    account.released.moveMark(mark.position());
                }
                accounts.put(partition, account);
            }
        }
        return account;
    }

    private Set<Long> dead(Partition partition) {
        return dead.computeIfAbsent(partition, p -> new HashSet<>());
    }

    @Override
    public synchronized void checkpoint(Map<Partition, Long> readFrom) {
        trimmable = lastCheckpoint;
        lastCheckpoint = Map.copyOf(readFrom);
        wake();
    }

    @Override
    public synchronized void keeper(boolean now) {
        keeper = now;
        wake();
    }

    private void wake() {
        due = true;
        if (!begun && !closed) {
            begun = true;
            thread.start();
        }
        notifyAll();
    }

    // ---- the survivors ----

    @Override
    public void survivors(Partition partition, long from, Consumer<StoredRecord> consumer) {
        learn();
        Mark mark = survivors.marks().get(partition);
        if (mark != null
                && mark.topic()
                        .equals(engine.topics().ids(List.of(partition.topic())).get(partition.topic()))) {
            survivors.read(partition, from, consumer);
        }
    }

    @Override
    public @Nullable StoredRecord survivor(Partition partition, long position) {
        if (position >= survivors.mark(partition)) {
            learn(); // another node may have moved it
        }
        return position < survivors.mark(partition) ? survivors.get(partition, position) : null;
    }

    private void learn() {
        survivors.catchUp();
        synchronized (this) {
            survivors.marks().forEach((partition, mark) -> {
                Account account = account(partition);
                if (account != null && account.topic.equals(mark.topic())) {
                    for (long position : survivors.copied(partition)) {
                        if (account.released.contains(position)) {
                            dead(partition).add(position);
                        }
                    }
                    account.released.moveMark(mark.position());
                }
            });
            dead.forEach(
                    (partition, positions) -> positions.removeIf(position -> !survivors.isCopied(partition, position)));
        }
    }

    // ---- trimming, in the thread ----

    private void run() {
        while (awaitRound()) {
            try {
                round();
            } catch (MambaException e) {
                LOGGER.log(System.Logger.Level.WARNING, "Released messages stay for now: " + e.getMessage());
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "Released messages stay for now", e);
            }
        }
    }

    /** @return false when it is over */
    private synchronized boolean awaitRound() {
        long until = System.nanoTime() + IDLE.toNanos();
        long soon = System.nanoTime() + ROUND.toNanos();
        try {
            while (!closed && !due && System.nanoTime() < (hasWork() ? soon : until)) {
                wait(ROUND.toMillis());
            }
        } catch (InterruptedException nobodyDoesThat) {
            closed = true;
        }
        due = false;
        return !closed;
    }

    private boolean hasWork() {
        return keeper && (topics.isWaiting() || !dead.isEmpty());
    }

    private void round() {
        learn();
        Set<Partition> all = new HashSet<>(survivors.marks().keySet());
        synchronized (this) {
            all.addAll(accounts.keySet());
        }
        Map<String, Uuid> ids =
                engine.topics().ids(all.stream().map(Partition::topic).collect(Collectors.toSet()));
        Map<Partition, Long> limits;
        synchronized (this) {
            accounts.entrySet()
                    .removeIf(entry -> !entry.getValue()
                            .topic
                            .equals(ids.get(entry.getKey().topic())));
            if (!keeper) {
                return;
            }
            limits = new HashMap<>(trimmable);
            limits.keySet().retainAll(accounts.keySet());
        }
        forgetDeleted(ids);
        topics.readable(limits).forEach(this::trim);
        topics.delete(survivors.marks());
        bury();
    }

    /** Marks and copies of topics that are not there any more. */
    private void forgetDeleted(Map<String, Uuid> ids) {
        Copying forgetting = new Copying();
        survivors.marks().forEach((partition, mark) -> {
            if (!mark.topic().equals(ids.get(partition.topic()))) {
                long now = System.currentTimeMillis();
                survivors
                        .copied(partition)
                        .forEach(position -> forgetting.append(SurvivorRecords.tombstone(partition, position, now)));
                forgetting.append(SurvivorRecords.tombstoneOfMark(partition, now));
            }
        });
        forgetting.flush();
        learn();
    }

    private void trim(Partition partition, long limit) {
        Mark mark;
        long[] needed;
        synchronized (this) {
            Account account = accounts.get(partition);
            if (account == null) {
                return;
            }
            mark = new Mark(account.released.trimPoint(limit), account.topic);
            if (mark.position() <= account.released.mark()) {
                return;
            }
            needed = account.released.needed(mark.position());
        }
        Copying copying = new Copying();
        engine.readers()
                .get(
                        partition,
                        needed,
                        stored -> {
                            copying.add(stored);
                            return true;
                        },
                        noRecordThere -> true);
        copying.append(SurvivorRecords.mark(partition, mark, System.currentTimeMillis()));
        copying.flush();
        learn();
    }

    /** Tombstones for copies that nobody needs any more. */
    private void bury() {
        Copying burying = new Copying();
        Map<Partition, List<Long>> now = new HashMap<>();
        synchronized (this) {
            dead.forEach((partition, positions) -> now.put(partition, List.copyOf(positions)));
        }
        now.forEach((partition, positions) -> positions.forEach(position ->
                burying.append(SurvivorRecords.tombstone(partition, position, System.currentTimeMillis()))));
        burying.flush();
        learn();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (begun && Thread.currentThread() != thread) {
            Interrupts.join(thread);
        }
    }

    /** Batches of what goes to the survivors, of bounded size. */
    private final class Copying {
        private final List<LogRecord> batch = new ArrayList<>();
        private long bytes;

        void add(StoredRecord stored) {
            append(SurvivorRecords.survivor(stored));
        }

        void append(LogRecord record) {
            batch.add(record);
            bytes += Records.size(record);
            if (bytes >= BATCH_BYTES || batch.size() >= BATCH_RECORDS) {
                flush();
            }
        }

        void flush() {
            if (!batch.isEmpty()) {
                log.appendAndWait(Batch.of(batch, Batch.Purpose.SETTLING), Durability.DURABLE);
                batch.clear();
                bytes = 0;
            }
        }
    }
}
