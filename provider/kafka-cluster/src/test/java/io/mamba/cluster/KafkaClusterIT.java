package io.mamba.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class KafkaClusterIT {
    @Tag("three-brokers")
    @Test
    void keepsAcknowledgedRecordsWhenALeaderAndACoordinatorAndAControllerAreKilledAndStartedAgain() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.threeBrokers()) {
            cluster.admin()
                    .createTopics(List.of(new NewTopic("kept", Optional.of(1), Optional.empty())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            int sent = 0;
            try (KafkaProducer<String, String> producer = transactional(cluster)) {
                sent = send(producer, sent);
                for (int victim : List.of(
                        cluster.leader("kept", 0), cluster.transactionCoordinator("id"), cluster.activeController())) {
                    cluster.kill(victim);
                    assertThat(cluster.isRunning(victim)).isFalse();
                    sent = send(producer, sent);
                    cluster.restart(victim);
                    cluster.awaitReady();
                }
                int paused = cluster.leader("kept", 0);
                cluster.pause(paused);
                sent = send(producer, sent);
                cluster.resume(paused);
                cluster.awaitReady();
                cluster.stop(cluster.groupCoordinator("any"));
                sent = send(producer, sent);
            }

            assertThat(read(cluster, sent)).containsExactly("0", "1", "2", "3", "4", "5");
        }
    }

    @Test
    void endsItsProcessesWhenItIsClosed() {
        KafkaCluster cluster = KafkaCluster.oneBroker();
        ProcessHandle process = ProcessHandle.of(cluster.pid(1)).orElseThrow();

        cluster.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(cluster.directory().resolve("broker-1").resolve("data")).doesNotExist();
        assertThat(cluster.directory().resolve("broker-1").resolve("broker.log"))
                .exists();
    }

    @Test
    void refusesAWrongPasswordAndWhatAUserMayNotDo() throws Exception {
        try (KafkaCluster cluster = ClusterPlan.of(1).withSecurity().start()) {
            cluster.createUser("mary", "right");
            cluster.admin()
                    .createTopics(List.of(new NewTopic("secret", Optional.of(1), Optional.empty())))
                    .all()
                    .get(30, TimeUnit.SECONDS);

            try (Admin mary = Admin.create(settings(cluster, "wrong"))) {
                assertThatThrownBy(() -> mary.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(SaslAuthenticationException.class);
            }
            try (KafkaProducer<String, String> mary =
                    new KafkaProducer<>(settings(cluster, "right"), new StringSerializer(), new StringSerializer())) {
                assertThatThrownBy(() ->
                                mary.send(new ProducerRecord<>("secret", "x")).get(30, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TopicAuthorizationException.class);
            }
        }
    }

    private static Map<String, Object> settings(KafkaCluster cluster, String password) {
        Map<String, Object> settings = new HashMap<>(cluster.login("mary", password));
        settings.put("bootstrap.servers", cluster.bootstrap());
        return settings;
    }

    private static KafkaProducer<String, String> transactional(KafkaCluster cluster) {
        // A paused broker takes connections and answers nothing: each request to it waits for the timeout.
        Map<String, Object> settings =
                Map.of("transactional.id", "id", "request.timeout.ms", 5_000, "max.block.ms", 180_000);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(cluster.settings(settings), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static int send(KafkaProducer<String, String> producer, int number) {
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("kept", Integer.toString(number)));
        producer.commitTransaction();
        assertThat(sent).isDone();
        return number + 1;
    }

    private static List<String> read(KafkaCluster cluster, int count) {
        Map<String, Object> settings =
                cluster.settings(Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest"));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("kept", 0)));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
