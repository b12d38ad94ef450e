package io.mamba.trial;

import static io.mamba.trial.Cluster.record;
import static io.mamba.trial.Member.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OwnershipTrial {
    private final Cluster kafka = KafkaSpiTrialIT.cluster();

    @Test
    void givesEachLaneToAMemberThatWantsIt() throws Exception {
        String topic = kafka.topic(4, Map.of());
        String group = kafka.name("owners");
        long start = System.nanoTime();
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0, 1, 2, 3))) {
            pollUntil(() -> one.lanes().size() == 4, one);
            kafka.figures().add("acquire: first member owns all", Duration.ofNanos(System.nanoTime() - start));
            start = System.nanoTime();
            try (Member two = new Member(kafka, group, topic, Map.of(), Set.of(1))) {
                one.wish(Set.of(0, 2, 3));
                pollUntil(() -> two.lanes().equals(Set.of(1)), one, two);
                kafka.figures()
                        .add("acquire: a second one owns what it wants", Duration.ofNanos(System.nanoTime() - start));

                assertThat(one.lanes()).containsExactly(0, 2, 3);
                assertThat(one.told())
                        .as("only what is lost is revoked; a rebalance is no interruption for the rest")
                        .containsExactly("assigned [0, 1, 2, 3]", "revoked [1]");
            }
        }
    }

    @Test
    void letsTheOldOwnerFinishItsWorkBeforeALaneIsGivenToTheNext() throws Exception {
        String topic = kafka.topic(1, Map.of());
        TopicPartition lane = new TopicPartition(topic, 0);
        TopicPartition state = kafka.partition();
        String group = kafka.name("owners");
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0));
                Member two = new Member(kafka, group, topic, Map.of(), Set.of(9));
                KafkaProducer<byte[], byte[]> stripe = kafka.transactional(kafka.name("stripe"))) {
            pollUntil(() -> one.lanes().equals(Set.of(0)), one, two);
            stripe.beginTransaction();
            Future<RecordMetadata> sent = stripe.send(record(state, null, "last words"));
            one.whenRevoked(fence -> {
                assertThat(two.lanes()).isEmpty();
                stripe.sendOffsetsToTransaction(Map.of(lane, new OffsetAndMetadata(0)), fence);
                stripe.commitTransaction();
            });

            long start = System.nanoTime();
            one.wish(Set.of());
            two.wish(Set.of(0));
            pollUntil(() -> two.lanes().equals(Set.of(0)), one, two);
            kafka.figures()
                    .add(
                            "hand-over: wishes changed, old owner drained, new one assigned",
                            Duration.ofNanos(System.nanoTime() - start));

            assertThat(sent).isDone();
            assertThat(kafka.awaitValues(1, state)).containsExactly("last words");
            assertThat(one.told()).containsExactly("assigned [0]", "revoked [0]");
        }
    }

    @Test
    void handsLanesOverWhenTheirOwnerCloses() throws Exception {
        String topic = kafka.topic(2, Map.of());
        String group = kafka.name("owners");
        try (Member two = new Member(kafka, group, topic, Map.of(), Set.of(9))) {
            Member one = new Member(kafka, group, topic, Map.of(), Set.of(0, 1));
            try (one) {
                pollUntil(() -> one.lanes().size() == 2, one, two);
            }
            long start = System.nanoTime();
            pollUntil(() -> two.lanes().size() == 2, two);
            kafka.figures()
                    .add(
                            "release: owner closed until the other is assigned",
                            Duration.ofNanos(System.nanoTime() - start));

            assertThat(one.told()).containsExactly("assigned [0, 1]", "revoked [0, 1]");
        }
    }

    @Test
    void tellsAnOwnerOfItsLossOnlyWhenItPollsAgain() throws Exception {
        String topic = kafka.topic(1, Map.of());
        String group = kafka.name("owners");
        try (Member frozen = new Member(kafka, group, topic, Map.of("max.poll.interval.ms", 2000), Set.of(0));
                Member two = new Member(kafka, group, topic, Map.of(), Set.of(9))) {
            pollUntil(() -> frozen.lanes().equals(Set.of(0)), frozen, two);

            long start = System.nanoTime();
            pollUntil(() -> two.lanes().equals(Set.of(0)), two);
            kafka.figures()
                    .add(
                            "loss: owner stops polling (limit 2 s) until the other is assigned",
                            Duration.ofNanos(System.nanoTime() - start));

            assertThat(frozen.lanes()).as("it does not know yet").containsExactly(0);
            pollUntil(() -> frozen.lanes().isEmpty(), frozen, two);
            assertThat(frozen.told()).containsExactly("assigned [0]", "lost [0]");
            assertThat(two.lanes()).containsExactly(0);
        }
    }

    @Test
    void raisesTheGenerationForEveryMemberAtEachRebalance() throws Exception {
        String topic = kafka.topic(2, Map.of());
        String group = kafka.name("owners");
        try (Member one = new Member(kafka, group, topic, Map.of(), Set.of(0, 1))) {
            pollUntil(() -> one.lanes().size() == 2, one);
            int before = one.fence().generationId();
            try (Member two = new Member(kafka, group, topic, Map.of(), Set.of(9))) {
                pollUntil(
                        () -> two.fence().generationId() > before && one.fence().generationId() > before, one, two);

                assertThat(one.told())
                        .as("nothing changed hands, yet the fence did: the generation is not the epoch of an ownership")
                        .isEqualTo(List.of("assigned [0, 1]"));
            }
        }
    }
}
