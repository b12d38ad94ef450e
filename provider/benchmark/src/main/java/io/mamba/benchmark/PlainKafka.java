package io.mamba.benchmark;

import io.mamba.cluster.KafkaCluster;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a program does by Kafka's own clients. The producers are set as Mamba's are: all replicas acknowledge, nothing
 * lingers, and the wait for the markers of the last transaction is short.
 */
final class PlainKafka implements Contender {
    private static final int FILL = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaCluster cluster;
    private final AtomicLong transactions = new AtomicLong();

    PlainKafka(KafkaCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void fill(String place, int threads, int count) throws Exception {
        cluster.admin()
                .createTopics(List.of(
                        new NewTopic(place, Optional.of(threads), Optional.empty()),
                        new NewTopic(out(place), Optional.of(1), Optional.empty())))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = transactional(place + "-fill")) {
            for (int sent = 0; sent < count; sent += FILL) {
                producer.beginTransaction();
                for (int i = sent; i < Math.min(sent + FILL, count); i++) {
                    var unused = producer.send(new ProducerRecord<>(place, i % threads, null, Senders.body()));
                }
                producer.commitTransaction();
            }
        }
    }

    private static String out(String place) {
        return place + ".out";
    }

    @Override
    public Operation sending(String place, int thread) {
        KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        return new Operation() {
            @Override
            public boolean once() throws Exception {
                producer.send(new ProducerRecord<>(place, Senders.body())).get();
                return true;
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    @Override
    public Operation receiving(String place, int thread) {
        return new Receiving(place, thread, true);
    }

    @Override
    public Operation receivingOneByOne(String place, int thread) {
        return new Receiving(place, thread, false);
    }

    private final class Receiving implements Operation {
        private final Input input;
        private final boolean commitsByAndBy;

        Receiving(String place, int thread, boolean commitsByAndBy) {
            this.input = new Input(place, thread, commitsByAndBy);
            this.commitsByAndBy = commitsByAndBy;
        }

        @Override
        public boolean once() {
            ConsumerRecord<byte[], byte[]> record = input.next();
            if (record != null && !commitsByAndBy) {
                input.consumer.commitSync(Input.behind(record));
            }
            return record != null;
        }

        @Override
        public void close() {
            input.consumer.close();
        }
    }

    @Override
    public Operation passingOn(String place, int thread) {
        Input input = new Input(place, thread, false);
        KafkaProducer<byte[], byte[]> producer = transactional(place + "-" + thread);
        return new Operation() {
            @Override
            public boolean once() {
                ConsumerRecord<byte[], byte[]> record = input.next();
                if (record == null) {
                    return false;
                }
                producer.beginTransaction();
                var unused = producer.send(new ProducerRecord<>(out(place), record.value()));
                producer.sendOffsetsToTransaction(Input.behind(record), input.consumer.groupMetadata());
                producer.commitTransaction();
                transactions.incrementAndGet();
                return true;
            }

            @Override
            public void close() {
                producer.close();
                input.consumer.close();
            }
        };
    }

    @Override
    public long transactions() {
        return transactions.get();
    }

    private KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", id));
        producer.initTransactions();
        return producer;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = cluster.settings(
                Map.of("acks", "all", "linger.ms", 0, "retry.backoff.ms", 1, "retry.backoff.max.ms", 50));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {}

    /** One thread's partition, from the beginning; its place is kept under a group of its own. */
    private final class Input {
        final KafkaConsumer<byte[], byte[]> consumer;
        private Iterator<ConsumerRecord<byte[], byte[]>> polled =
                List.<ConsumerRecord<byte[], byte[]>>of().iterator();

        Input(String place, int thread, boolean commitsByAndBy) {
            consumer = new KafkaConsumer<>(
                    cluster.settings(Map.of(
                            "group.id",
                            place,
                            "isolation.level",
                            "read_committed",
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            commitsByAndBy)),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(List.of(new TopicPartition(place, thread)));
        }

        @org.jspecify.annotations.Nullable
        ConsumerRecord<byte[], byte[]> next() {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!polled.hasNext() && System.nanoTime() < until) { // there may be nothing but a transaction's end
                polled = consumer.poll(PATIENCE).iterator();
            }
            return polled.hasNext() ? polled.next() : null;
        }

        static Map<TopicPartition, OffsetAndMetadata> behind(ConsumerRecord<byte[], byte[]> record) {
            return Map.of(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
    }
}
