package io.mamba.log.kafka;

import io.mamba.MambaException;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Follows partitions with one consumer in one thread, which tells each listener what is committed and then whoever waits
 * until that has been told. The thread begins with the first tail. Its consumer is used by no other; all else is guarded by
 * this object's lock, which is never held while a listener is told. Thread-safe.
 */
final class Tails implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Tails.class.getName());
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** How soon partitions that are not there yet are looked for again, where another node makes them: first, and at last. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private static final Duration LOOK_AGAIN_AT_LAST = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(200);
    /**
     * So long what comes next is left to gather while nobody waits for it. Else each message that this node sends would be
     * fetched by itself, at the cost of the next send.
     */
    private static final Duration REST = Duration.ofMillis(5);

    private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
    private final Topics topics;
    private final ThreadFactory threads;
    private final Map<Partition, Followed> followed = new HashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Gaps gaps = (partition, from, before) -> {};
    /** Of the thread alone: whom the consumer reads for. Who comes later may have to hear of earlier records first. */
    private final List<Following> assigned = new ArrayList<>();

    private @Nullable Thread thread;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private boolean changed;
    private volatile boolean missing;
    private volatile Duration lookAgain = LOOK_AGAIN;
    /** Of the thread alone. */
    private long lookedAt;

    private boolean closed;

    Tails(Supplier<KafkaConsumer<byte[], byte[]>> consumers, Topics topics, ThreadFactory threads) {
        this.consumers = consumers;
        this.topics = topics;
        this.threads = threads;
    }

    /** To be told of gaps, by the thread. */
    void onGap(Gaps listener) {
        gaps = listener;
    }

    /** Of all that was told. */
    long bytesTold() {
        return bytes.get();
    }

    /** As {@code Log.tail}. */
    Tail add(Partition partition, long from, TailListener listener) {
        OneTail tail = new OneTail(partition, from, listener);
        synchronized (this) {
            followed.computeIfAbsent(partition, p -> new Followed()).tails.add(tail);
            begin();
            changed();
        }
        return tail;
    }

    private void begin() {
        if (thread == null && !closed) {
            thread = threads.newThread(this::run);
            thread.start();
        }
    }

    private synchronized void changed() {
        changed = true;
        lookAgain = LOOK_AGAIN;
        notifyAll();
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private synchronized void remove(OneTail tail) {
        Followed partition = followed.get(tail.partition);
        if (partition != null) {
            partition.tails.remove(tail);
            changed();
        }
    }

    /**
     * Runs the task once the tails of these partitions, if they have any, have been told everything up to and including
     * these positions: at once in this thread, or later in the tails' own.
     */
    void whenTold(Map<Partition, Long> positions, Runnable task) {
        AtomicInteger missing = new AtomicInteger(1);
        Runnable part = () -> {
            if (missing.decrementAndGet() == 0) {
                task.run();
            }
        };
        synchronized (this) {
            positions.forEach((partition, position) -> {
                Followed at = followed.get(partition);
                if (at != null && !closed && at.told() <= position) {
                    missing.incrementAndGet();
                    at.waiting.add(new Waiting(position, part));
                    notifyAll();
                }
            });
        }
        part.run();
    }

    /**
     * This log has written a record by itself, outside a transaction.
     *
     * @return whether the tails of the partition have been told of everything in front of it, but for other such records
     */
    synchronized boolean written(Partition partition, long position) {
        Followed at = followed.get(partition);
        return at != null && at.written(position);
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> following = consumers.get()) {
            synchronized (this) {
                consumer = following;
            }
            while (follow(following)) {
                // on
            }
        } catch (RuntimeException | Error failure) {
            LOGGER.log(System.Logger.Level.ERROR, "Nothing can be followed any more", failure);
        } finally {
            synchronized (this) {
                consumer = null;
                closed = true;
            }
            tellWaiting();
        }
    }

    /** @return false if it is over */
    private boolean follow(KafkaConsumer<byte[], byte[]> following) {
        try {
            if (!prepare(following)) {
                return false;
            }
            tell(following, following.poll(missing && lookAgain.compareTo(ROUND) < 0 ? lookAgain : ROUND));
            lookForMissing();
        } catch (WakeupException somethingChanged) {
            return true;
        } catch (OffsetOutOfRangeException trimmed) {
            beginAgain(following, trimmed.offsetOutOfRangePartitions().keySet());
        } catch (KafkaException | MambaException failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    KafkaErrors.translate(failure, Doing.READ, topics.names().prefix() + "*")
                                    .getMessage() + " Trying again.");
            LockSupport.parkNanos(PAUSE.toNanos());
            changed(); // What was to be followed may not have been found out.
        }
        tellWaiting();
        rest();
        return true;
    }

    private synchronized void rest() {
        long end = System.nanoTime() + REST.toNanos();
        try {
            for (long left = REST.toNanos();
                    left > 0 && !changed && !closed && !isAwaited();
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException nobodyDoesThat) {
            closed = true;
        }
    }

    private boolean isAwaited() {
        return followed.values().stream()
                .anyMatch(at -> !at.waiting.isEmpty()
                        || at.told() < at.fence
                        || at.tails.stream().anyMatch(tail -> tail.awaited));
    }

    /** Somebody is about to wait until the tails have been told everything in front of these positions. */
    synchronized void hasten(Map<Partition, Long> fences) {
        fences.forEach((partition, fence) -> {
            Followed at = followed.get(partition);
            if (at != null) {
                at.fence = Math.max(at.fence, fence);
            }
        });
        notifyAll();
    }

    /** This node has made one: perhaps it is followed already. */
    void partitionsCame() {
        if (missing) {
            changed();
        }
    }

    /** That asks the cluster: not after each record. */
    private void lookForMissing() {
        if (missing && System.nanoTime() - lookedAt >= lookAgain.toNanos()) {
            synchronized (this) {
                changed = true;
                Duration longer = lookAgain.multipliedBy(2);
                lookAgain = longer.compareTo(LOOK_AGAIN_AT_LAST) < 0 ? longer : LOOK_AGAIN_AT_LAST;
            }
        }
    }

    /** Waits until there is something to follow. */
    private boolean prepare(KafkaConsumer<byte[], byte[]> following) {
        do {
            Set<Partition> wanted = awaitChange(following);
            if (wanted == null) {
                return !isClosed();
            }
            Set<Partition> there = new HashSet<>();
            for (Partition partition : wanted) {
                if (topics.exists(partition)) { // asks the cluster, so without the lock
                    there.add(partition);
                }
            }
            assign(following, there);
            missing = there.size() < wanted.size();
            lookedAt = System.nanoTime();
        } while (following.assignment().isEmpty());
        return true;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** @return what is to be followed from now on; null if that has not changed, or it is over */
    private synchronized @Nullable Set<Partition> awaitChange(KafkaConsumer<byte[], byte[]> following) {
        try {
            while (following.assignment().isEmpty() && !changed && !closed) {
                if (missing) {
                    wait(lookAgain.toMillis());
                    changed = true;
                } else {
                    wait();
                }
            }
        } catch (InterruptedException nobodyDoesThat) {
            closed = true;
        }
        if (!changed || closed) {
            return null;
        }
        changed = false;
        return Set.copyOf(followed.keySet());
    }

    private synchronized void assign(KafkaConsumer<byte[], byte[]> following, Set<Partition> there) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        assigned.clear();
        followed.forEach((partition, at) -> {
            if (!at.tails.isEmpty() && there.contains(partition)) {
                TopicPartition place = topics.names().kafka(partition);
                wanted.put(place, at.told());
                assigned.add(new Following(partition, place, List.copyOf(at.tails)));
            }
        });
        Set<TopicPartition> before = Set.copyOf(following.assignment());
        following.assign(wanted.keySet());
        // New ones first: what asking for another's position throws must leave none without its own.
        wanted.forEach((partition, next) -> {
            if (!before.contains(partition)) {
                following.seek(partition, next);
            }
        });
        // A seek throws away what was fetched already: only where it has to begin again further back.
        wanted.forEach((partition, next) -> {
            if (before.contains(partition) && following.position(partition) > next) {
                following.seek(partition, next);
            }
        });
    }

    private void tell(KafkaConsumer<byte[], byte[]> following, ConsumerRecords<byte[], byte[]> records) {
        for (Following one : assigned) {
            List<StoredRecord> stored = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records.records(one.at)) {
                bytes.addAndGet(Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize()));
                stored.add(Records.fromKafka(one.partition, record));
            }
            long next = following.position(one.at);
            tellGaps(one, stored, next);
            one.tails.forEach(tail -> tail.tell(stored, next));
        }
    }

    private void tellGaps(Following one, List<StoredRecord> stored, long next) {
        for (StoredRecord record : stored) {
            if (one.seen >= 0 && record.position() > one.seen) {
                gaps.gone(one.partition, one.seen, record.position());
            }
            one.seen = record.position() + 1;
        }
        if (one.seen >= 0 && next > one.seen) {
            gaps.gone(one.partition, one.seen, next);
        }
        one.seen = next;
    }

    /** What is in front of a partition's beginning was released. A gap it is not: there may be survivors. */
    private void beginAgain(KafkaConsumer<byte[], byte[]> following, Set<TopicPartition> partitions) {
        following.seekToBeginning(partitions);
        assigned.stream().filter(one -> partitions.contains(one.at)).forEach(one -> {
            one.seen = -1;
            one.tails.forEach(OneTail::missed);
        });
    }

    /** Those who wait are served in the order of their positions. */
    private void tellWaiting() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            for (Followed at : followed.values()) {
                Waiting first = at.waiting.peek();
                while (first != null && (closed || first.position < at.told())) {
                    due.add(at.waiting.remove().task);
                    first = at.waiting.peek();
                }
            }
            followed.values().removeIf(at -> at.tails.isEmpty() && at.waiting.isEmpty());
        }
        due.forEach(Runnable::run);
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
            changed();
        }
        if (running != null && running != Thread.currentThread()) {
            Interrupts.join(running);
        }
    }

    /** Guarded by the lock of its tails. */
    private static final class Followed {
        final List<OneTail> tails = new ArrayList<>();
        final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
        long fence;
        /** In front of it is nothing but what has been told and what this log has written by itself. */
        private long own;

        boolean written(long position) {
            if (tails.isEmpty()) {
                return false;
            }
            own = Math.max(own, told());
            boolean follows = position <= own;
            if (follows) {
                own = Math.max(own, position + 1);
            }
            return follows;
        }

        /** Everything in front of this has been told to all; nobody waits for what nobody hears. */
        long told() {
            return tails.stream().mapToLong(tail -> tail.next).min().orElse(Long.MAX_VALUE);
        }
    }

    /** A partition that the consumer is assigned now; belongs to the thread. */
    private static final class Following {
        final Partition partition;
        final TopicPartition at;
        final List<OneTail> tails;
        /** In front of this all records were given; -1 before the first of them. */
        long seen = -1;

        Following(Partition partition, TopicPartition at, List<OneTail> tails) {
            this.partition = partition;
            this.at = at;
            this.tails = tails;
        }
    }

    /** Positions at which there is no record, only what transactions leave behind. */
    interface Gaps {
        void gone(Partition partition, long from, long before);
    }

    private record Waiting(long position, Runnable task) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return Long.compare(position, other.position);
        }
    }

    /** One listener; its lock makes {@link #close} wait for a call under way. */
    private final class OneTail implements Tail {
        private final Partition partition;
        private final TailListener listener;
        private volatile long next;
        /** Guarded by the lock of its tails. */
        private boolean awaited;

        private boolean ended;

        OneTail(Partition partition, long from, TailListener listener) {
            this.partition = partition;
            this.next = from;
            this.listener = listener;
        }

        synchronized void missed() {
            if (!ended) {
                listener.missed(partition);
            }
        }

        synchronized void tell(List<StoredRecord> stored, long position) {
            if (ended || position <= next) {
                return;
            }
            List<StoredRecord> fresh = stored;
            if (!stored.isEmpty() && stored.get(0).position() < next) {
                fresh = stored.stream()
                        .filter(record -> record.position() >= next)
                        .toList();
            }
            try {
                listener.committed(partition, fresh, position);
            } catch (RuntimeException e) {
                LOGGER.log(
                        System.Logger.Level.ERROR,
                        "A listener of " + partition + " failed; it goes on with the next record",
                        e);
            }
            next = position;
        }

        @Override
        public void awaited(boolean somebodyWaits) {
            synchronized (Tails.this) {
                if (somebodyWaits && !awaited) {
                    Tails.this.notifyAll();
                }
                awaited = somebodyWaits;
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                ended = true;
            }
            remove(this);
            tellWaiting();
        }
    }
}
