package io.mamba.trial;

import static io.mamba.trial.Cluster.bytes;
import static io.mamba.trial.Cluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordTrial {
    private static final int MAX_MESSAGE_BYTES = 100_000;

    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void keepsHeadersInOrderWithRepeatedNamesAndEmptyAndNullValues() throws Exception {
        TopicPartition partition = kafka.partition();
        List<Header> headers = List.of(
                new RecordHeader("b", bytes("1")),
                new RecordHeader("a", bytes("2")),
                new RecordHeader("b", bytes("3")),
                new RecordHeader("empty", new byte[0]),
                new RecordHeader("none", (byte[]) null),
                new RecordHeader("größe", bytes("ü")));
        append(new ProducerRecord<>(partition.topic(), 0, null, bytes("k"), bytes("v"), headers));

        assertThat(only(partition).headers().toArray()).containsExactlyElementsOf(headers);
    }

    @Test
    void tellsNullFromEmptyInKeyAndValue() throws Exception {
        TopicPartition partition = kafka.partition();
        append(new ProducerRecord<>(partition.topic(), 0, null, null));
        append(new ProducerRecord<>(partition.topic(), 0, new byte[0], new byte[0]));

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readToEnd(Map.of(partition, 0L));
        assertThat(records.get(0).key()).isNull();
        assertThat(records.get(0).value()).isNull();
        assertThat(records.get(1).key()).isEmpty();
        assertThat(records.get(1).value()).isEmpty();
    }

    @Test
    void keepsTheTimestampThatTheSenderSet() throws Exception {
        TopicPartition partition = kafka.partition();
        long timestamp = Instant.parse("2001-02-03T04:05:06.007Z").toEpochMilli();
        append(new ProducerRecord<>(partition.topic(), 0, timestamp, null, bytes("old")));

        assertThat(only(partition).timestamp()).isEqualTo(timestamp);
    }

    @Test
    void refusesATimestampMoreThanAnHourAheadUnlessTheTopicAllowsIt() throws Exception {
        long tomorrow = Instant.now().plus(Duration.ofDays(1)).toEpochMilli();
        TopicPartition strict = kafka.partition();
        TopicPartition generous = new TopicPartition(
                kafka.topic(1, Map.of("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE))), 0);

        assertThatThrownBy(() -> append(new ProducerRecord<>(strict.topic(), 0, tomorrow, null, bytes("early"))))
                .hasCauseInstanceOf(InvalidTimestampException.class);
        append(new ProducerRecord<>(generous.topic(), 0, tomorrow, null, bytes("early")));
        assertThat(only(generous).timestamp()).isEqualTo(tomorrow);
    }

    @Test
    void refusesANegativeTimestampBeforeAnythingIsSent() {
        assertThatThrownBy(() -> new ProducerRecord<>("any", 0, -1L, null, bytes("v")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsTheWholeTransactionForARecordAboveTheLimitOfTheTopic() throws Exception {
        TopicPartition partition = limited();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            spoilAndRepeat(stripe, partition);
        }
    }

    @Test
    void failsTheWholeTransactionAlsoForARecordThatTheClientItselfRefuses() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.producer(
                Map.of("transactional.id", kafka.name("stripe"), "max.request.size", MAX_MESSAGE_BYTES))) {
            stripe.initTransactions();
            spoilAndRepeat(stripe, partition);
        }
    }

    /** One record too large, next to a good one: both are gone; the same producer then commits the good one alone. */
    private void spoilAndRepeat(KafkaProducer<byte[], byte[]> stripe, TopicPartition partition) throws Exception {
        stripe.beginTransaction();
        kafka.positions(List.of(stripe.send(record(partition, null, "good"))));
        Future<RecordMetadata> bad = stripe.send(record(partition, null, "x".repeat(2 * MAX_MESSAGE_BYTES)));
        assertThatThrownBy(() -> bad.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(RecordTooLargeException.class);
        assertThatThrownBy(stripe::commitTransaction).isInstanceOf(KafkaException.class);
        stripe.abortTransaction();
        assertThat(kafka.values(partition)).isEmpty();

        stripe.beginTransaction();
        Future<RecordMetadata> again = stripe.send(record(partition, null, "good"));
        stripe.commitTransaction();
        assertThat(again).isDone();
        assertThat(kafka.awaitValues(1, partition)).containsExactly("good");
    }

    @Test
    void lendsItselfToAnExactCheckOfTheSizeBeforeTheRecordJoinsATransaction() throws Exception {
        TopicPartition partition = limited();
        byte[] key = bytes("key");
        List<Header> headers =
                List.of(new RecordHeader("name", bytes("value")), new RecordHeader("none", (byte[]) null));
        int room = MAX_MESSAGE_BYTES - batchSize(key, new byte[MAX_MESSAGE_BYTES / 2], headers) + MAX_MESSAGE_BYTES / 2;
        byte[] fits = new byte[room];
        while (batchSize(key, fits, headers) > MAX_MESSAGE_BYTES) {
            fits = new byte[fits.length - 1];
        }

        append(new ProducerRecord<>(partition.topic(), 0, 0L, key, fits, headers));
        byte[] oneMore = new byte[fits.length + 1];
        assertThatThrownBy(() -> append(new ProducerRecord<>(partition.topic(), 0, 0L, key, oneMore, headers)))
                .hasCauseInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void takesALargeRecordWhereTopicAndClientAllowIt() throws Exception {
        int size = 20 << 20;
        TopicPartition partition =
                new TopicPartition(kafka.topic(1, Map.of("max.message.bytes", String.valueOf(32 << 20))), 0);
        try (KafkaProducer<byte[], byte[]> stripe =
                kafka.producer(Map.of("max.request.size", 32 << 20, "buffer.memory", 40 << 20))) {
            long start = System.nanoTime();
            kafka.positions(List.of(stripe.send(new ProducerRecord<>(partition.topic(), 0, null, new byte[size]))));
            kafka.figures().add("record of 20 MiB: append", Duration.ofNanos(System.nanoTime() - start));
        }
        assertThat(only(partition).value()).as("read with default fetch sizes").hasSize(size);
    }

    private TopicPartition limited() throws Exception {
        return new TopicPartition(kafka.topic(1, Map.of("max.message.bytes", String.valueOf(MAX_MESSAGE_BYTES))), 0);
    }

    private void append(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            kafka.positions(List.of(plain.send(record)));
        }
    }

    private ConsumerRecord<byte[], byte[]> only(TopicPartition partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(kafka.readToEnd(Map.of(partition, 0L)));
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    /** Size of a batch of one record, record format 2: 61 bytes, then lengths as zigzag varints and contents. */
    private static int batchSize(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        int body = 1 + varint(0) + varint(0) + field(key) + field(value) + varint(headers.size());
        for (Header header : headers) {
            body += field(bytes(header.key())) + field(header.value());
        }
        return 61 + varint(body) + body;
    }

    private static int field(byte @Nullable [] content) {
        return content == null ? varint(-1) : varint(content.length) + content.length;
    }

    private static int varint(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return zigzag == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(zigzag)) / 7;
    }
}
