package io.mamba.trial;

import static io.mamba.trial.Cluster.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class AppendTrial {
    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void showsABatchOverSeveralPartitionsOnlyOnceItIsCommitted() throws Exception {
        String topic = kafka.topic(2, Map.of());
        TopicPartition first = new TopicPartition(topic, 0);
        TopicPartition second = new TopicPartition(topic, 1);
        TopicPartition other = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            long[] positions = kafka.positions(List.of(
                    stripe.send(record(first, null, "a")),
                    stripe.send(record(second, null, "b")),
                    stripe.send(record(other, null, "c"))));

            assertThat(positions)
                    .as("positions are known before the batch is accepted")
                    .containsExactly(0, 0, 0);
            assertThat(kafka.values(first, second, other)).isEmpty();

            stripe.commitTransaction();
            assertThat(kafka.awaitValues(3, first, second, other)).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void neverShowsAnAbortedBatchAndLeavesAGapInThePositions() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            assertThat(kafka.positions(List.of(stripe.send(record(partition, null, "refused")))))
                    .containsExactly(0);
            stripe.abortTransaction();
            stripe.beginTransaction();
            Future<RecordMetadata> accepted = stripe.send(record(partition, null, "accepted"));
            stripe.commitTransaction();

            assertThat(kafka.awaitValues(1, partition)).containsExactly("accepted");
            assertThat(accepted.get().offset())
                    .as("the aborted record and its marker have positions of their own")
                    .isEqualTo(2);
        }
    }

    @Test
    void givesTheFuturesTheirPositionsByTheTimeACommitReturns() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            stripe.beginTransaction();
            for (int i = 0; i < 500; i++) {
                sends.add(stripe.send(record(partition, null, "m" + i)));
            }
            stripe.commitTransaction();

            assertThat(sends).allMatch(Future::isDone);
            assertThat(kafka.positions(sends)).isSorted();
        }
    }

    @Test
    void acceptsAndMakesDurableASingleRecordWithItsAcknowledgement() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            assertThat(kafka.positions(List.of(plain.send(record(partition, null, "a")))))
                    .containsExactly(0);
            assertThat(kafka.values(partition)).containsExactly("a");
        }
    }

    @Test
    void appendsSeveralRecordsWithoutATransactionOneByOne() throws Exception {
        TopicPartition partition = new TopicPartition(kafka.topic(1, Map.of("max.message.bytes", "2000")), 0);
        try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of("linger.ms", 50))) {
            String half = "x".repeat(1000);
            Future<RecordMetadata> small = plain.send(record(partition, null, half));
            Future<RecordMetadata> large = plain.send(record(partition, null, "x".repeat(5000)));

            assertThat(small.get(30, TimeUnit.SECONDS).offset()).isZero();
            assertThatThrownBy(() -> large.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(RecordTooLargeException.class);
        }
        assertThat(kafka.values(partition)).as("half of the batch stayed").hasSize(1);
    }

    @Test
    void completesTheSendsOfOneProducerToOnePartitionInTheOrderOfTheirPositions() throws Exception {
        TopicPartition partition = kafka.partition();
        List<Long> completions = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                sends.add(plain.send(record(partition, null, "m" + i), (metadata, failure) -> {
                    synchronized (completions) {
                        completions.add(metadata.offset());
                    }
                }));
            }
            assertThat(kafka.positions(sends)).isSorted();
        }
        assertThat(completions).hasSize(2000).isSorted();
    }

    @Test
    void letsTheBatchesOfTwoStripesCompleteAgainstTheOrderOfTheirPositions() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> one = kafka.transactional(kafka.name("stripe"));
                KafkaProducer<byte[], byte[]> two = kafka.transactional(kafka.name("stripe"))) {
            one.beginTransaction();
            long[] first = kafka.positions(List.of(one.send(record(partition, null, "first"))));
            two.beginTransaction();
            long[] second = kafka.positions(List.of(two.send(record(partition, null, "second"))));
            two.commitTransaction();

            assertThat(second[0]).isGreaterThan(first[0]);
            assertThat(kafka.values(partition))
                    .as("accepted, but behind an open transaction")
                    .isEmpty();

            one.abortTransaction();
            assertThat(kafka.awaitValues(1, partition))
                    .as("the later batch outlives the earlier")
                    .containsExactly("second");
        }
    }

    @Test
    void hidesAnAcknowledgedSendBehindTheOpenTransactionOfAnother() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"));
                KafkaProducer<byte[], byte[]> plain = kafka.plain()) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "open"))));
            kafka.positions(List.of(plain.send(record(partition, null, "acknowledged"))));

            assertThat(kafka.values(partition)).isEmpty();

            stripe.commitTransaction();
            assertThat(kafka.awaitValues(2, partition)).containsExactly("open", "acknowledged");
        }
    }

    @Test
    void breaksOffACommitWhenItsThreadIsInterruptedButLetsItBeRepeated() throws Exception {
        TopicPartition partition = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(partition, null, "a"))));

            Thread.currentThread().interrupt();
            assertThatThrownBy(stripe::commitTransaction).isInstanceOf(InterruptException.class);
            boolean stillPending = Thread.interrupted();
            kafka.figures().add("commitTransaction interrupted: interrupt still pending afterwards", stillPending);

            stripe.commitTransaction();
            assertThat(kafka.awaitValues(1, partition)).containsExactly("a");
        }
    }

    @Test
    void refusesATopicThatNobodyCreatedAfterWaitingForIt() {
        TopicPartition missing = new TopicPartition(kafka.name("missing"), 0);
        try (KafkaProducer<byte[], byte[]> plain = kafka.producer(Map.of("max.block.ms", 300))) {
            assertThatThrownBy(() -> plain.send(record(missing, null, "a")).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
        }
    }

    @Test
    void measuresAppends() throws Exception {
        TopicPartition partition = kafka.partition();
        String kilobyte = "x".repeat(1024);
        try (KafkaProducer<byte[], byte[]> plain = kafka.plain();
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            Figures.Step send = () -> kafka.positions(List.of(plain.send(record(partition, null, kilobyte))));
            Figures.Step transaction = () -> {
                stripe.beginTransaction();
                Future<RecordMetadata> sent = stripe.send(record(partition, null, kilobyte));
                stripe.commitTransaction();
                assertThat(sent).isDone();
            };
            Figures.Step hundred = () -> {
                stripe.beginTransaction();
                List<Future<RecordMetadata>> sends = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    sends.add(stripe.send(record(partition, null, kilobyte)));
                }
                stripe.commitTransaction();
                assertThat(sends).allMatch(Future::isDone);
            };
            for (int i = 0; i < 50; i++) {
                send.run();
                transaction.run();
            }
            kafka.figures().time("append: one record of 1 KiB, plain and acknowledged", 300, send);
            kafka.figures().time("append: transaction of one record, no offsets", 200, transaction);
            kafka.figures().time("append: transaction of 100 records, no offsets", 50, hundred);
        }
        long start = System.nanoTime();
        kafka.topic(1, Map.of());
        kafka.figures().add("append: a new topic, created", Duration.ofNanos(System.nanoTime() - start));
    }
}
