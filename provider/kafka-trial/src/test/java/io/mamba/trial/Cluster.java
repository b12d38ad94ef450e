package io.mamba.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.cluster.KafkaCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A running broker with clients set as the Kafka engine would set them. */
final class Cluster implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaCluster kafka;
    private final Admin admin;
    private final Figures figures = new Figures();
    private final Path directory;
    private final AtomicInteger names = new AtomicInteger();

    Cluster(Path directory) {
        this.directory = directory;
        long start = System.nanoTime();
        kafka = KafkaCluster.oneBroker();
        figures.add("broker: process start, format, ready", Duration.ofNanos(System.nanoTime() - start));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap(), "retry.backoff.ms", 5));
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    Admin admin() {
        return admin;
    }

    Figures figures() {
        return figures;
    }

    String name(String stem) {
        return stem + "." + names.incrementAndGet();
    }

    /** A new topic, which is deleted by nothing but deleteRecords unless the settings say otherwise. */
    String topic(int partitions, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("cleanup.policy", "", "message.timestamp.type", "CreateTime"));
        all.putAll(settings);
        String topic = name("trial");
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(all)))
                .all()
                .get(30, TimeUnit.SECONDS);
        return topic;
    }

    TopicPartition partition() throws Exception {
        return new TopicPartition(topic(1, Map.of()), 0);
    }

    KafkaProducer<byte[], byte[]> plain() {
        return producer(Map.of());
    }

    /** A transactional producer after initTransactions: whoever had the id before is fenced. */
    KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", id));
        producer.initTransactions();
        return producer;
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap.servers", kafka.bootstrap(),
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 0,
                "retry.backoff.ms", 1,
                "retry.backoff.max.ms", 5,
                "max.block.ms", 20_000,
                "request.timeout.ms", 10_000,
                "delivery.timeout.ms", 20_000));
        if (settings.containsKey("transactional.id")) {
            all.put("transaction.timeout.ms", 20_000);
        }
        all.putAll(settings);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> reader() {
        return reader(Map.of());
    }

    /**
     * Reads what is committed, without a group. One connection answers in order: while a fetch waits for records at the
     * broker, even asking for an end or closing waits behind it, so that a reader up to a fence does not let it wait.
     */
    KafkaConsumer<byte[], byte[]> reader(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "none",
                "fetch.max.wait.ms",
                0,
                "retry.backoff.ms",
                5,
                "check.crcs",
                false));
        all.putAll(settings);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** All committed records from the given positions to the ends they had at the call: a fence. */
    List<ConsumerRecord<byte[], byte[]>> readToEnd(Map<TopicPartition, Long> from) {
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            return readToEnd(reader, from);
        }
    }

    List<ConsumerRecord<byte[], byte[]>> readToEnd(
            KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> from) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        reader.assign(from.keySet());
        from.forEach(reader::seek);
        Map<TopicPartition, Long> ends = reader.endOffsets(from.keySet());
        long deadline = System.nanoTime() + SOON.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("ends " + ends + " not reached");
            }
            reader.poll(Duration.ofSeconds(1)).forEach(records::add);
        }
        return records;
    }

    List<String> values(TopicPartition... partitions) {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition partition : partitions) {
            from.put(partition, 0L);
        }
        return texts(readToEnd(from));
    }

    /** What a transactional reader sees at once: after a commit returned, its records may take a moment to show. */
    List<String> awaitValues(int count, TopicPartition... partitions) {
        long deadline = System.nanoTime() + SOON.toNanos();
        List<String> values = values(partitions);
        while (values.size() < count && System.nanoTime() < deadline) {
            values = values(partitions);
        }
        return values;
    }

    long[] positions(Collection<Future<RecordMetadata>> sends) throws Exception {
        long[] positions = new long[sends.size()];
        int i = 0;
        for (Future<RecordMetadata> send : sends) {
            positions[i++] = send.get(30, TimeUnit.SECONDS).offset();
        }
        return positions;
    }

    static List<String> texts(Collection<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> text(record.value())).toList();
    }

    static ProducerRecord<byte[], byte[]> record(TopicPartition partition, @Nullable String key, String value) {
        return new ProducerRecord<>(
                partition.topic(), partition.partition(), key == null ? null : key.getBytes(UTF_8), bytes(value));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
        kafka.close();
        System.out.print(figures.text());
        try {
            Files.writeString(directory.resolve("figures.txt"), figures.text());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the figures", e);
        }
    }
}
