package io.mamba.trial;

import static io.mamba.trial.Cluster.record;
import static io.mamba.trial.Cluster.text;
import static io.mamba.trial.Cluster.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadTrial {
    private static final Duration SHORT = Duration.ofMillis(200);

    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void readsManyPartitionsFromGivenPositionsToAFence() throws Exception {
        String topic = kafka.topic(20, Map.of());
        Map<TopicPartition, Long> from = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                from.put(partition, (long) i);
                for (int n = 0; n < 20; n++) {
                    sends.add(plain.send(record(partition, null, i + "/" + n)));
                }
            }
            kafka.positions(sends);
        }

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readToEnd(from);

        assertThat(records).hasSize(210).allMatch(record -> record.offset() >= record.partition());
        for (int i = 0; i < 20; i++) {
            int partition = i;
            assertThat(records)
                    .filteredOn(record -> record.partition() == partition)
                    .extracting(ConsumerRecord::offset)
                    .isSorted();
        }
    }

    @Test
    void doesNotKeepTheOrderOfAppendingAcrossPartitions() throws Exception {
        String topic = kafka.topic(2, Map.of());
        TopicPartition first = new TopicPartition(topic, 0);
        TopicPartition second = new TopicPartition(topic, 1);
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            for (int i = 0; i < 10; i++) {
                kafka.positions(List.of(plain.send(record(i % 2 == 0 ? first : second, null, "" + i))));
            }
        }

        List<String> values = kafka.values(first, second);
        assertThat(values).hasSize(10);
        kafka.figures().add("read: order in which alternating appends to two partitions come", values);
    }

    @Test
    void endsForCommittedReadersBeforeAnOpenTransactionThoughLaterSendsAreAcknowledged() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"));
                KafkaProducer<byte[], byte[]> plain = kafka.plain();
                KafkaConsumer<byte[], byte[]> committed = kafka.reader();
                KafkaConsumer<byte[], byte[]> uncommitted =
                        kafka.reader(Map.of("isolation.level", "read_uncommitted"))) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "open"))));
            kafka.positions(List.of(plain.send(record(partition, null, "acknowledged"))));

            assertThat(end(committed, partition)).isZero();
            assertThat(end(uncommitted, partition)).isEqualTo(2);

            stripe.commitTransaction();
            readUpTo(committed, partition, 0, 2);
            assertThat(end(committed, partition))
                    .as("the marker takes a position too")
                    .isEqualTo(3);
        }
    }

    @Test
    void movesPastAbortedRecordsAndMarkersThoughThereIsNothingToTell() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"));
                KafkaConsumer<byte[], byte[]> reader = kafka.reader()) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "a"))));
            stripe.abortTransaction();

            List<String> values = readUpTo(reader, partition, 0, 2);

            assertThat(values).isEmpty();
            assertThat(reader.position(partition)).isEqualTo(2).isEqualTo(end(reader, partition));
        }
    }

    @Test
    void getsSingleRecordsByPositionAndSeesWhatIsGone() throws Exception {
        TopicPartition partition = kafka.partition();
        int count = 2000;
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain();
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"));
                KafkaConsumer<byte[], byte[]> reader =
                        kafka.reader(Map.of("max.poll.records", 1, "max.partition.fetch.bytes", 4096))) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            String body = "x".repeat(1000);
            for (int i = 0; i < count; i++) {
                sends.add(plain.send(record(partition, null, i + body)));
            }
            kafka.positions(sends);
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "aborted"))));
            stripe.abortTransaction();
            stripe.beginTransaction(); // waits for the marker of the last one, which a plain send might overtake
            kafka.positions(List.of(stripe.send(record(partition, null, "last"))));
            stripe.commitTransaction();
            assertThat(kafka.awaitValues(count + 1, partition)).hasSize(count + 1);
            reader.assign(Set.of(partition));

            assertThat(get(reader, partition, 1234)).isNotNull().startsWith("1234x");
            assertThat(get(reader, partition, count)).as("aborted").isNull();
            assertThat(get(reader, partition, count + 1)).as("a marker").isNull();
            assertThat(get(reader, partition, count + 2)).isEqualTo("last");

            Random random = new Random(7);
            kafka.figures().time("get: one record of 1 KiB at a random position", 100, () -> {
                assertThat(get(reader, partition, random.nextInt(count))).isNotNull();
            });
        }
        long start = System.nanoTime();
        assertThat(kafka.readToEnd(Map.of(partition, 0L))).hasSize(count + 1);
        kafka.figures()
                .add(
                        "get: the same 2000 in one read, a new consumer included",
                        Duration.ofNanos(System.nanoTime() - start));
    }

    @Test
    void tailsWithoutAPollingDelay() throws Exception {
        TopicPartition partition = kafka.partition();
        long[] sent = new long[150];
        long[] committed = new long[150];
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain();
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"));
                KafkaConsumer<byte[], byte[]> tail = kafka.reader(Map.of("fetch.max.wait.ms", 500))) {
            tail.assign(Set.of(partition));
            tail.seek(partition, 0);
            for (int i = 0; i < sent.length; i++) {
                Future<RecordMetadata> send = plain.send(record(partition, null, "p" + i));
                send.get(30, TimeUnit.SECONDS);
                long start = System.nanoTime();
                assertThat(next(tail)).containsExactly("p" + i);
                sent[i] = System.nanoTime() - start;

                stripe.beginTransaction();
                Future<RecordMetadata> inTransaction = stripe.send(record(partition, null, "t" + i));
                stripe.commitTransaction();
                start = System.nanoTime();
                assertThat(inTransaction).isDone();
                assertThat(next(tail)).containsExactly("t" + i);
                committed[i] = System.nanoTime() - start;
            }
        }
        kafka.figures().add("tail: plain send acknowledged until it is polled", sent);
        kafka.figures().add("tail: commitTransaction returned until it is polled", committed);
    }

    @Test
    void addsAPartitionToAWaitingTailOnlyWhenTheFetchUnderWayComesBack() throws Exception {
        TopicPartition idle = kafka.partition();
        for (int wait : new int[] {500, 50}) {
            TopicPartition added = kafka.partition();
            try (KafkaProducer<byte[], byte[]> plain = kafka.plain();
                    KafkaConsumer<byte[], byte[]> tail = kafka.reader(Map.of("fetch.max.wait.ms", wait))) {
                kafka.positions(List.of(plain.send(record(added, null, "there"))));
                tail.assign(Set.of(idle));
                tail.seek(idle, 0);
                tail.poll(SHORT);
                long start = System.nanoTime();
                tail.assign(Set.of(idle, added));
                tail.seek(added, 0);
                assertThat(next(tail)).containsExactly("there");
                kafka.figures()
                        .add(
                                "tail: first record of a partition added, fetch.max.wait.ms=" + wait,
                                Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    @Test
    void readsAtOnceWithAReaderThatIsNotWaitingForAnythingElse() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            kafka.positions(List.of(plain.send(record(partition, null, "there"))));
        }
        for (int wait : new int[] {500, 50, 5, 0}) {
            Map<String, Object> settings = Map.of("fetch.max.wait.ms", wait);
            int rounds = wait == 500 ? 3 : 20;
            String with = ", fetch.max.wait.ms=" + wait;
            kafka.figures().time("read: new consumer, end, one record, close" + with, rounds, () -> {
                try (KafkaConsumer<byte[], byte[]> reader = kafka.reader(settings)) {
                    assertThat(kafka.readToEnd(reader, Map.of(partition, 0L))).hasSize(1);
                }
            });
            try (KafkaConsumer<byte[], byte[]> pooled = kafka.reader(settings)) {
                kafka.figures().time("read: pooled consumer, end, one record" + with, rounds, () -> {
                    assertThat(kafka.readToEnd(pooled, Map.of(partition, 0L))).hasSize(1);
                });
            }
        }
        kafka.figures().time("end: of one partition through Admin", 100, () -> {
            assertThat(kafka.admin()
                            .listOffsets(
                                    Map.of(partition, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(partition)
                            .get()
                            .offset())
                    .isEqualTo(1);
        });
    }

    @Test
    void findsThePositionOfATime() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain();
                KafkaConsumer<byte[], byte[]> reader = kafka.reader()) {
            for (long second = 1; second <= 3; second++) {
                kafka.positions(List.of(plain.send(
                        new ProducerRecord<>(partition.topic(), 0, second * 1000, null, Cluster.bytes("m")))));
            }
            assertThat(reader.offsetsForTimes(Map.of(partition, 1500L)))
                    .hasEntrySatisfying(
                            partition, found -> assertThat(found.offset()).isEqualTo(1));
            assertThat(reader.offsetsForTimes(Map.of(partition, 9000L)).get(partition))
                    .isNull();
        }
    }

    @Test
    void listsPartitionsByTopicWhetherTheyHaveRecordsOrNot() throws Exception {
        String topic = kafka.topic(3, Map.of());

        assertThat(kafka.admin().describeTopics(List.of(topic)).allTopicNames().get())
                .hasEntrySatisfying(
                        topic, described -> assertThat(described.partitions()).hasSize(3));
        try (KafkaConsumer<byte[], byte[]> reader = kafka.reader(Map.of("default.api.timeout.ms", 300))) {
            TopicPartition missing = new TopicPartition(kafka.name("missing"), 0);
            assertThatThrownBy(() -> end(reader, missing))
                    .isInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
        }
    }

    private static long end(KafkaConsumer<byte[], byte[]> reader, TopicPartition partition) {
        return reader.endOffsets(Set.of(partition)).getOrDefault(partition, -1L);
    }

    private static List<String> readUpTo(
            KafkaConsumer<byte[], byte[]> reader, TopicPartition partition, long from, long fence) {
        reader.assign(Set.of(partition));
        reader.seek(partition, from);
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + Cluster.SOON.toNanos();
        while (reader.position(partition) < fence && System.nanoTime() < deadline) {
            reader.poll(SHORT).forEach(record -> values.add(text(record.value())));
        }
        assertThat(reader.position(partition)).isGreaterThanOrEqualTo(fence);
        return values;
    }

    /** The record at exactly this position; a fetch answers with the next one if there is none. */
    private static @Nullable String get(KafkaConsumer<byte[], byte[]> reader, TopicPartition partition, long position) {
        reader.seek(partition, position);
        long deadline = System.nanoTime() + Cluster.SOON.toNanos();
        while (reader.position(partition) <= position && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(SHORT)) {
                return record.offset() == position ? text(record.value()) : null;
            }
        }
        return null;
    }

    private static List<String> next(KafkaConsumer<byte[], byte[]> reader) {
        long deadline = System.nanoTime() + Cluster.SOON.toNanos();
        while (System.nanoTime() < deadline) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            reader.poll(Duration.ofSeconds(1)).forEach(records::add);
            if (!records.isEmpty()) {
                return texts(records);
            }
        }
        return List.of();
    }
}
