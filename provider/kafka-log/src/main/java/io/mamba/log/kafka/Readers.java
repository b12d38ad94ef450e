package io.mamba.log.kafka;

import static java.util.Objects.requireNonNull;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is committed, in the calling thread, with consumers that are kept for the next call. Each belongs to one thread
 * while it is in use. Thread-safe.
 */
final class Readers implements AutoCloseable {
    private static final Duration ROUND = Duration.ofMillis(100);
    private static final int MOST_IDLE = 32;
    /** Reading over what lies between two wanted records is cheaper than asking again, up to about here. */
    private static final long SMALL_GAP = 1_000;

    private final Clients clients;
    private final Topics topics;
    private final Duration timeout;
    private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(Clients clients, Topics topics, Duration timeout) {
        this.clients = clients;
        this.topics = topics;
        this.timeout = timeout;
    }

    /**
     * Gives everything from the positions to the fences, and perhaps some more.
     *
     * @return where it stopped
     */
    Map<Partition, Long> read(Map<Partition, Long> from, Consumer<StoredRecord> consumer) {
        Map<Partition, Long> fences = topics.fence(from.keySet());
        Map<Partition, Long> stopped = new HashMap<>(from);
        Map<TopicPartition, Partition> open = new HashMap<>();
        fences.forEach((partition, fence) -> {
            if (from.getOrDefault(partition, 0L) < fence) {
                open.put(topics.names().kafka(partition), partition);
            }
        });
        if (!open.isEmpty()) {
            using(open.values(), kept -> {
                KafkaConsumer<byte[], byte[]> reader = kept.everywhere(open.keySet());
                open.forEach((at, partition) -> reader.seek(at, from.getOrDefault(partition, 0L)));
                Set<TopicPartition> left = new HashSet<>(open.keySet());
                Patience patience = new Patience(open.values());
                while (!left.isEmpty()) {
                    ConsumerRecords<byte[], byte[]> records = poll(reader);
                    for (TopicPartition at : records.partitions()) {
                        Partition partition = open.get(at);
                        long first = from.getOrDefault(partition, 0L);
                        for (ConsumerRecord<byte[], byte[]> record : records.records(at)) {
                            if (partition != null && record.offset() >= first) {
                                consumer.accept(Records.fromKafka(partition, record));
                            }
                        }
                    }
                    left.removeIf(at -> {
                        Partition partition = open.get(at);
                        long position = reader.position(at);
                        boolean passed = partition == null || position >= fences.getOrDefault(partition, 0L);
                        if (passed && partition != null) {
                            stopped.put(partition, position);
                            reader.pause(List.of(at));
                        }
                        return passed;
                    });
                    patience.check(!records.isEmpty());
                }
                // What lies behind the fences is the tail's: nothing of it may be kept for the next caller.
                reader.resume(open.keySet());
            });
        }
        return stopped;
    }

    /**
     * Gives those of the positions that are there; {@code missing} is told of the others, in the same order. Ends when either
     * answers false.
     */
    void get(Partition partition, long[] ascending, Predicate<StoredRecord> found, LongPredicate missing) {
        if (ascending.length == 0) {
            return;
        }
        Wanted wanted = new Wanted(ascending, found, missing);
        if (!topics.exists(partition)) {
            wanted.missingBefore(Long.MAX_VALUE);
            return;
        }
        TopicPartition at = topics.names().kafka(partition);
        using(List.of(partition), reader -> {
            reader.begin(at, wanted.next());
            Patience patience = new Patience(List.of(partition));
            while (wanted.isOpen()) {
                boolean some = reader.more(wanted.next());
                for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                    wanted.missingBefore(record.offset());
                    if (wanted.isOpen() && wanted.next() == record.offset()) {
                        wanted.found(Records.fromKafka(partition, record));
                    }
                    if (!wanted.isOpen()) {
                        break;
                    }
                }
                if (!some) {
                    wanted.missingBefore(reader.position());
                    if (wanted.isOpen()) {
                        wanted.end(() -> topics.fence(List.of(partition)).getOrDefault(partition, 0L));
                    }
                }
                patience.check(some);
            }
        });
    }

    /**
     * A consumer with what it has fetched of one partition and nobody has wanted yet: who reads on from there, as a queue
     * does that is being emptied, has it without asking again. Belongs to one thread while it is in use.
     */
    private static final class Reader {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Deque<ConsumerRecord<byte[], byte[]>> left = new ArrayDeque<>();
        private @Nullable TopicPartition at;

        Reader(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        KafkaConsumer<byte[], byte[]> everywhere(Set<TopicPartition> partitions) {
            left.clear();
            at = null;
            consumer.assign(partitions);
            return consumer;
        }

        /** What comes next is of this partition, from about this position on. */
        void begin(TopicPartition partition, long first) {
            if (!partition.equals(at)) {
                everywhere(Set.of(partition));
                at = partition;
                consumer.seek(partition, first);
            } else if (first < position()) {
                seek(first);
            }
        }

        /** Where the next record is, or behind it. */
        long position() {
            ConsumerRecord<byte[], byte[]> first = left.peek();
            return first == null ? consumer.position(requireNonNull(at)) : first.offset();
        }

        /** @return whether there is something; the next may be in front of the wanted one */
        boolean more(long wanted) {
            while (!left.isEmpty() && left.element().offset() < wanted) {
                left.remove();
            }
            if (!left.isEmpty()) {
                return true;
            }
            if (wanted > position() + SMALL_GAP) {
                seek(wanted);
            }
            poll(consumer).forEach(left::add);
            return !left.isEmpty();
        }

        @Nullable
        ConsumerRecord<byte[], byte[]> next() {
            return left.poll();
        }

        private void seek(long position) {
            left.clear();
            consumer.seek(requireNonNull(at), position);
        }
    }

    /** What of the positions is still to be given. */
    private static final class Wanted {
        private final long[] ascending;
        private final Predicate<StoredRecord> found;
        private final LongPredicate missing;
        private int next;
        private long end = -1;

        Wanted(long[] ascending, Predicate<StoredRecord> found, LongPredicate missing) {
            this.ascending = ascending;
            this.found = found;
            this.missing = missing;
        }

        boolean isOpen() {
            return next < ascending.length;
        }

        long next() {
            return ascending[next];
        }

        void found(StoredRecord record) {
            advance(found.test(record));
        }

        void missingBefore(long position) {
            while (isOpen() && next() < position) {
                advance(missing.test(next()));
            }
        }

        /** Nothing came: the partition may end here, which is found out once. */
        void end(LongSupplier fence) {
            if (end < 0) {
                end = fence.getAsLong();
            }
            if (next() >= end) {
                missingBefore(Long.MAX_VALUE);
            }
        }

        private void advance(boolean wantsMore) {
            next = wantsMore ? next + 1 : ascending.length;
        }
    }

    private interface Use {
        void with(Reader reader);
    }

    private static ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> reader) {
        return Interrupts.deferred(() -> reader.poll(ROUND));
    }

    private void using(Collection<Partition> partitions, Use use) {
        Reader reader = idle.pollFirst();
        boolean usable = false;
        try {
            if (reader == null) {
                reader = new Reader(clients.reader());
            }
            use.with(reader);
            usable = true;
        } catch (KafkaException failure) {
            throw KafkaErrors.translate(failure, Doing.READ, partitions.toString());
        } finally {
            if (reader != null) {
                giveBack(reader, usable);
            }
        }
    }

    private void giveBack(Reader reader, boolean usable) {
        if (usable && !closed && idle.size() < MOST_IDLE) {
            idle.addFirst(reader);
            if (closed) {
                close();
            }
        } else {
            end(reader);
        }
    }

    private static void end(Reader reader) {
        Interrupts.deferred(() -> {
            reader.consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
            return null;
        });
    }

    @Override
    public void close() {
        closed = true;
        Reader reader = idle.pollFirst();
        while (reader != null) {
            end(reader);
            reader = idle.pollFirst();
        }
    }

    /** Ends a read that gets no further: the cluster does not answer, or a transaction stays open in front of the fence. */
    private final class Patience {
        private final Collection<Partition> partitions;
        private long since = System.nanoTime();

        Patience(Collection<Partition> partitions) {
            this.partitions = partitions;
        }

        void check(boolean progress) {
            long now = System.nanoTime();
            if (progress) {
                since = now;
            } else if (now - since > timeout.toNanos()) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE,
                        "Reading " + partitions + " got no further for " + timeout.toSeconds()
                                + " s: the Kafka cluster does not answer, or the transaction of a node that died is open"
                                + " until it times out.");
            }
        }
    }
}
