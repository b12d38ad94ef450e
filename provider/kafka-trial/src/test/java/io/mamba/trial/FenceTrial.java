package io.mamba.trial;

import static io.mamba.trial.Cluster.record;
import static io.mamba.trial.Member.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class FenceTrial {
    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void refusesAStaleGenerationAlsoForALaneThatStayed() throws Exception {
        String topic = kafka.topic(1, Map.of());
        TopicPartition lane = new TopicPartition(topic, 0);
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            pollUntil(() -> one.lanes().equals(Set.of(0)), one);
            ConsumerGroupMetadata stale = one.fence();
            try (Member two = new Member(kafka, group, topic, Map.of(), Set.of(9))) {
                pollUntil(() -> two.fence().generationId() > stale.generationId(), one, two);
                pollUntil(() -> one.fence().generationId() > stale.generationId(), one, two);

                assertThatThrownBy(() -> commit(stripe, state, "refused", lane, stale))
                        .isInstanceOf(CommitFailedException.class);
                stripe.abortTransaction();
                commit(stripe, state, "tried again", lane, one.fence());
            }
        }
        assertThat(kafka.awaitValues(1, state)).containsExactly("tried again");
    }

    @Test
    void refusesAnOwnerThatLostItsLaneWithoutNoticing() throws Exception {
        String topic = kafka.topic(1, Map.of());
        TopicPartition lane = new TopicPartition(topic, 0);
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        try (Member zombie = new Member(kafka, group, topic, Map.of("max.poll.interval.ms", 1500), Set.of(0));
                Member next = new Member(kafka, group, topic, Map.of(), Set.of(9));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            pollUntil(() -> zombie.lanes().equals(Set.of(0)), zombie, next);
            ConsumerGroupMetadata stale = zombie.fence();
            pollUntil(() -> next.lanes().equals(Set.of(0)), next);

            assertThatThrownBy(() -> commit(stripe, state, "zombie", lane, stale))
                    .isInstanceOf(CommitFailedException.class);
            stripe.abortTransaction();
        }
        assertThat(kafka.values(state)).isEmpty();
    }

    @Test
    void acceptsAnUpToDateMemberForALaneOfAnother() throws Exception {
        String topic = kafka.topic(2, Map.of());
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0));
                Member two = new Member(kafka, group, topic, Map.of(), Set.of(1));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            pollUntil(() -> one.lanes().equals(Set.of(0)) && two.lanes().equals(Set.of(1)), one, two);

            commit(stripe, state, "not mine", new TopicPartition(topic, 1), one.fence());
        }
        assertThat(kafka.awaitValues(1, state))
                .as("the group fences members, not lanes: the engine must check its own table")
                .containsExactly("not mine");
    }

    @Test
    void doesNotFenceATransactionThatOnlySends() throws Exception {
        TopicPartition state = kafka.partition();
        try (KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(state, null, "unfenced"))));
            stripe.commitTransaction();
        }
        assertThat(kafka.awaitValues(1, state))
                .as("so a batch that relies on a lane always sends offsets")
                .containsExactly("unfenced");
    }

    @Test
    void checksTheGenerationWhenOffsetsAreSentNotWhenTheyAreCommitted() throws Exception {
        assertThat(zombieCommit(false)).containsExactly("sent in time");
        assertThat(zombieCommit(true)).isEmpty();
    }

    /** The zombie has sent its offsets when it loses the lane; the new owner fences its transactional id or not. */
    private List<String> zombieCommit(boolean fenced) throws Exception {
        String topic = kafka.topic(1, Map.of());
        TopicPartition lane = new TopicPartition(topic, 0);
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        String id = kafka.name("stripe");
        try (Member zombie = new Member(kafka, group, topic, Map.of("max.poll.interval.ms", 1500), Set.of(0));
                Member next = new Member(kafka, group, topic, Map.of(), Set.of(9));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(id)) {
            pollUntil(() -> zombie.lanes().equals(Set.of(0)), zombie, next);
            stripe.beginTransaction();
            kafka.positions(List.of(stripe.send(record(state, null, "sent in time"))));
            stripe.sendOffsetsToTransaction(Map.of(lane, new OffsetAndMetadata(0)), zombie.fence());
            pollUntil(() -> next.lanes().equals(Set.of(0)), next);

            if (fenced) {
                long start = System.nanoTime();
                kafka.admin().fenceProducers(List.of(id)).all().get(30, TimeUnit.SECONDS);
                kafka.figures()
                        .add(
                                "take-over: fenceProducers of an open transaction",
                                Duration.ofNanos(System.nanoTime() - start));
                assertThatThrownBy(stripe::commitTransaction).isInstanceOf(ProducerFencedException.class);
                awaitEnd(state, 2);
                kafka.figures()
                        .add(
                                "take-over: until the end moves past the aborted records",
                                Duration.ofNanos(System.nanoTime() - start));
                return kafka.values(state);
            }
            stripe.commitTransaction();
            return kafka.awaitValues(1, state);
        }
    }

    @Test
    void fencesTheProducerWhoseTransactionalIdAnotherTakes() throws Exception {
        TopicPartition branches = kafka.partition();
        String id = kafka.name("branches-of-node");
        try (KafkaProducer<byte[], byte[]> old = kafka.transactional(id)) {
            old.beginTransaction();
            kafka.positions(List.of(old.send(record(branches, null, "old"))));

            long start = System.nanoTime();
            try (KafkaProducer<byte[], byte[]> successor = kafka.transactional(id)) {
                kafka.figures()
                        .add(
                                "take-over: new producer of the same id, initTransactions",
                                Duration.ofNanos(System.nanoTime() - start));
                assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);

                successor.beginTransaction();
                kafka.positions(List.of(successor.send(record(branches, null, "new"))));
                successor.commitTransaction();
            }
        }
        assertThat(kafka.awaitValues(1, branches)).containsExactly("new");
    }

    @Test
    void measuresATransactionWithItsFence() throws Exception {
        String topic = kafka.topic(1, Map.of());
        TopicPartition lane = new TopicPartition(topic, 0);
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            pollUntil(() -> one.lanes().equals(Set.of(0)), one);
            ConsumerGroupMetadata fence = one.fence();
            for (int i = 0; i < 50; i++) {
                commit(stripe, state, "m", lane, fence);
            }
            kafka.figures()
                    .time(
                            "append: transaction of one record with its fence",
                            200,
                            () -> commit(stripe, state, "m", lane, fence));
            kafka.figures().time("append: transaction of the fence alone, before another opens", 50, () -> {
                stripe.beginTransaction();
                stripe.sendOffsetsToTransaction(Map.of(lane, new OffsetAndMetadata(0)), fence);
                stripe.commitTransaction();
            });
        }
    }

    private void commit(
            KafkaProducer<byte[], byte[]> stripe,
            TopicPartition state,
            String value,
            TopicPartition lane,
            ConsumerGroupMetadata fence) {
        stripe.beginTransaction();
        var sent = stripe.send(record(state, null, value));
        stripe.sendOffsetsToTransaction(Map.of(lane, new OffsetAndMetadata(0)), fence);
        stripe.commitTransaction();
        assertThat(sent).isDone();
    }

    private void awaitEnd(TopicPartition partition, long end) {
        long deadline = System.nanoTime() + Cluster.SOON.toNanos();
        try (var reader = kafka.reader()) {
            while (reader.endOffsets(Set.of(partition)).getOrDefault(partition, 0L) < end) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }
}
