package io.mamba.trial;

import static io.mamba.trial.Cluster.bytes;
import static io.mamba.trial.Cluster.record;
import static io.mamba.trial.Cluster.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionTrial {
    /** Segments as small as the broker lets them be, rolled by the records' timestamps, compacted soon. */
    private static final Map<String, String> EAGER_COMPACTION = Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.01",
            "min.compaction.lag.ms", "0",
            "delete.retention.ms", "0");

    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void trimsAPrefixAndKeepsThePositionsOfTheRest() throws Exception {
        TopicPartition partition = filled(10);
        try (KafkaConsumer<byte[], byte[]> reader = kafka.reader()) {
            trim(partition, 4);

            assertThat(reader.beginningOffsets(Set.of(partition))).containsEntry(partition, 4L);
            assertThat(kafka.readToEnd(Map.of(partition, 4L)))
                    .extracting(ConsumerRecord::offset)
                    .containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
            reader.assign(Set.of(partition));
            reader.seek(partition, 0);
            assertThatThrownBy(() -> reader.poll(Duration.ofSeconds(10)))
                    .as("a read from a trimmed position fails unless a reset is set")
                    .isInstanceOf(OffsetOutOfRangeException.class);
        }
        trim(partition, 2);
        assertThat(kafka.readToEnd(Map.of(partition, 4L)))
                .as("an older trim is no harm")
                .hasSize(6);
    }

    @Test
    void copiesSurvivorsIntoKeyedStateInTheTransactionThatMovesTheTrimMark() throws Exception {
        TopicPartition data = filled(10);
        TopicPartition state = new TopicPartition(kafka.topic(1, Map.of("cleanup.policy", "compact")), 0);
        Set<Long> survivors = Set.of(3L, 6L);
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : kafka.readToEnd(Map.of(data, 0L))) {
                if (survivors.contains(record.offset())) {
                    sends.add(stripe.send(new ProducerRecord<>(
                            state.topic(),
                            0,
                            record.timestamp(),
                            bytes(data + "@" + record.offset()),
                            record.value(),
                            record.headers())));
                }
            }
            sends.add(stripe.send(record(state, data + "/trim", "8")));
            stripe.commitTransaction();
            assertThat(sends).allMatch(Future::isDone);

            trim(data, 8);
            assertThat(Cluster.texts(kafka.readToEnd(Map.of(data, 8L)))).containsExactly("m8", "m9");
            assertThat(latest(state))
                    .containsExactly(
                            Map.entry(data + "@3", "m3"), Map.entry(data + "@6", "m6"), Map.entry(data + "/trim", "8"));

            stripe.beginTransaction();
            Future<RecordMetadata> settled = stripe.send(tombstone(state, data + "@3"));
            stripe.commitTransaction();
            assertThat(settled).isDone();
            kafka.awaitValues(4, state);
        }
        assertThat(latest(state)).containsOnlyKeys(data + "@6", data + "/trim");
    }

    @Test
    void trimsOnlyWhereThePolicyIsNotCompactionAlone() throws Exception {
        for (String policy : List.of("", "delete", "compact,delete")) {
            TopicPartition partition = filled(3, Map.of("cleanup.policy", policy, "retention.ms", "-1"));
            trim(partition, 2);
            assertThat(kafka.readToEnd(Map.of(partition, 2L))).as(policy).hasSize(1);
        }
        TopicPartition compacted = filled(3, Map.of("cleanup.policy", "compact"));
        assertThatThrownBy(() -> trim(compacted, 2)).hasCauseInstanceOf(PolicyViolationException.class);
    }

    @Test
    void measuresTrimming() throws Exception {
        TopicPartition partition = filled(50);
        AtomicLong before = new AtomicLong();
        kafka.figures().time("release: deleteRecords", 50, () -> trim(partition, before.incrementAndGet()));
        assertThat(kafka.readToEnd(Map.of(partition, 50L))).isEmpty();
    }

    @Test
    void tellsThePolicyOfATopicThatSomeoneElseMade() throws Exception {
        String topic = kafka.topic(1, Map.of("cleanup.policy", "delete", "retention.ms", "1000"));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = requireNonNull(
                kafka.admin().describeConfigs(List.of(resource)).all().get().get(resource));

        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("retention.ms").value()).isEqualTo("1000");
        assertThat(config.get("max.message.bytes").value()).isEqualTo("1048588");
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("CreateTime");
    }

    @Test
    void trimsBehindAnOpenTransactionToo() throws Exception {
        TopicPartition partition = filled(2);
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "open"))));
            trim(partition, 3);
            stripe.commitTransaction();
        }
        assertThat(kafka.readToEnd(Map.of(partition, 3L)))
                .as("so the trim point must never pass what was read as committed")
                .isEmpty();
    }

    @Test
    void keepsTheLastRecordPerKeyAndReadsSnapshotsAndTailsAfterCompaction() throws Exception {
        TopicPartition state = new TopicPartition(kafka.topic(1, EAGER_COMPACTION), 0);
        int rounds = 200;
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                for (String lane : List.of("a", "b", "gone")) {
                    sends.add(plain.send(at(state, i, lane, lane + i)));
                }
            }
            sends.add(plain.send(at(state, rounds, "gone", null)));
            kafka.positions(sends);
            long start = System.nanoTime();
            List<ConsumerRecord<byte[], byte[]>> left;
            int roll = rounds;
            do {
                // a segment is rolled by a later record, and only then may it be compacted
                roll += 1000;
                kafka.positions(List.of(plain.send(at(state, roll, "clock", "t" + roll))));
                left = kafka.readToEnd(Map.of(state, 0L));
            } while (left.size() > 50 && System.nanoTime() - start < Cluster.SOON.toNanos());

            assertThat(left).hasSizeLessThanOrEqualTo(50);
            assertThat(latest(state))
                    .containsEntry("a", "a199")
                    .containsEntry("b", "b199")
                    .doesNotContainKey("gone");
            kafka.figures()
                    .add(
                            "compaction: 601 records down to " + left.size() + " after",
                            Duration.ofNanos(System.nanoTime() - start));
            kafka.figures()
                    .add(
                            "compaction: tombstone still there with delete.retention.ms=0",
                            left.stream().anyMatch(record -> record.value() == null));
        }
    }

    @Test
    void measuresReadingAStatePartition() throws Exception {
        TopicPartition state = new TopicPartition(kafka.topic(1, Map.of("cleanup.policy", "compact")), 0);
        int count = 100_000;
        try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of("linger.ms", 5, "batch.size", 128 * 1024))) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            String body = "x".repeat(200);
            for (int i = 0; i < count; i++) {
                sends.add(plain.send(record(state, "k" + i % 1000, body)));
            }
            kafka.positions(sends);
        }
        long start = System.nanoTime();
        assertThat(latest(state)).hasSize(1000);
        kafka.figures()
                .add(
                        "latest: 100,000 records of 200 B folded to 1,000 keys",
                        Duration.ofNanos(System.nanoTime() - start));
    }

    /** What {@code latest} of the SPI must do: read it all and fold; tombstones may or may not be there any more. */
    private Map<String, String> latest(TopicPartition keyed) {
        Map<String, String> latest = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.readToEnd(Map.of(keyed, 0L))) {
            if (record.value() == null) {
                latest.remove(text(record.key()));
            } else {
                latest.put(text(record.key()), text(record.value()));
            }
        }
        return latest;
    }

    private TopicPartition filled(int count) throws Exception {
        return filled(count, Map.of());
    }

    private TopicPartition filled(int count, Map<String, String> settings) throws Exception {
        TopicPartition partition = new TopicPartition(kafka.topic(1, settings), 0);
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sends.add(plain.send(record(partition, "k" + i, "m" + i)));
            }
            kafka.positions(sends);
        }
        return partition;
    }

    private void trim(TopicPartition partition, long before) throws Exception {
        kafka.admin()
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static ProducerRecord<byte[], byte[]> tombstone(TopicPartition partition, String key) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), bytes(key), null);
    }

    private static ProducerRecord<byte[], byte[]> at(
            TopicPartition partition, long timestamp, String key, @Nullable String value) {
        return new ProducerRecord<>(
                partition.topic(), partition.partition(), timestamp, bytes(key), value == null ? null : bytes(value));
    }
}
