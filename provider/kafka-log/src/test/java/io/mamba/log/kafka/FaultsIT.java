package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine makes of a broker that is away, and of records that it refuses. */
class FaultsIT {
    private static final Partition ORDERS = new Partition("queue.orders", 0);
    private static final Partition STOCK = new Partition("queue.stock", 0);
    private static final Partition EVENTS = new Partition("mamba.events", 0);
    private static final Duration SOON = Duration.ofMinutes(2);

    private final KafkaCluster cluster = KafkaCluster.oneBroker();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private KafkaLog log = open(Duration.ofSeconds(60));

    private KafkaLog open(Duration timeout) {
        return KafkaLog.open(KafkaLogOptions.of(cluster.bootstrap(), "faults").withTimeout(timeout), Set.of());
    }

    @BeforeEach
    void follow() {
        log.tail(EVENTS, 0, (partition, records, next) -> records.forEach(stored -> told.add(text(stored.record()))));
    }

    @AfterEach
    void end() {
        log.close();
        cluster.close();
    }

    private static String text(LogRecord record) {
        byte[] value = record.value();
        return value == null ? "" : new String(value, UTF_8);
    }

    private static LogRecord record(Partition partition, String value) {
        return new LogRecord(partition, null, List.of(), value.getBytes(UTF_8), 1_000);
    }

    private CompletableFuture<long[]> append(LogRecord... records) {
        return log.append(Batch.of(List.of(records)), Durability.DURABLE);
    }

    private static ErrorCode failure(CompletableFuture<long[]> append) {
        try {
            append.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MambaException known) {
                return known.code();
            }
            throw e;
        }
        throw new AssertionError("Expected a failure");
    }

    private List<String> values(Partition partition) {
        List<String> values = new ArrayList<>();
        log.read(Map.of(partition, 0L), stored -> values.add(text(stored.record())));
        return values;
    }

    @Test
    void goesOnByItselfWhenTheBrokerIsBack() {
        append(record(EVENTS, "e1"), record(ORDERS, "a")).join();
        append(record(ORDERS, "b")).join();
        append(record(STOCK, "r")).join();

        cluster.kill(1);
        CompletableFuture<long[]> transaction = append(record(EVENTS, "e2"), record(ORDERS, "c"));
        CompletableFuture<long[]> single = append(record(STOCK, "s"));
        cluster.restart(1);
        cluster.awaitReady();

        transaction.join();
        single.join();
        append(record(EVENTS, "e3"), record(ORDERS, "d")).join();
        append(record(EVENTS, "e4")).join();
        assertThat(told).containsExactly("e1", "e2", "e3", "e4");
        assertThat(values(ORDERS)).containsExactly("a", "b", "c", "d");
        assertThat(values(STOCK)).containsExactly("r", "s");
    }

    @Test
    void saysThatTheClusterIsAwayAndComesBackWithIt() {
        log.close();
        log = open(Duration.ofSeconds(5));
        follow();
        append(record(EVENTS, "e1"), record(ORDERS, "a")).join();

        cluster.kill(1);
        assertThat(failure(append(record(ORDERS, "b"), record(ORDERS, "c")))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(append(record(ORDERS, "d")))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThatThrownBy(() -> log.fence(ORDERS))
                .satisfies(error -> assertThat(((MambaException) error).code()).isEqualTo(ErrorCode.UNAVAILABLE));
        cluster.restart(1);
        cluster.awaitReady();

        append(record(ORDERS, "e")).join();
        await().atMost(SOON)
                .until(() -> !append(record(EVENTS, "e2"), record(ORDERS, "f"))
                        .handle((positions, failure) -> failure)
                        .thenApply(failure -> failure != null)
                        .join());
        assertThat(values(ORDERS)).startsWith("a").endsWith("e", "f");
        assertThat(told).containsExactly("e1", "e2");
    }

    @Test
    void refusesTheOneFaultyBatchAndWritesItsNeighbours() throws Exception {
        append(record(ORDERS, "a"), record(STOCK, "s")).join();
        limit("queue.stock", 1_000);

        List<CompletableFuture<long[]>> good = new ArrayList<>();
        good.add(append(record(ORDERS, "b"), record(EVENTS, "e")));
        CompletableFuture<long[]> faulty = append(record(ORDERS, "lost"), record(STOCK, "x".repeat(5_000)));
        good.add(append(record(ORDERS, "c"), record(ORDERS, "d")));
        good.add(append(record(ORDERS, "e")));

        assertThat(failure(faulty)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        good.forEach(CompletableFuture::join);
        assertThat(values(ORDERS)).containsExactly("a", "b", "c", "d", "e");
        assertThat(values(STOCK)).containsExactly("s");
        assertThat(told).containsExactly("e");
    }

    @Test
    void namesTheSettingThatARecordIsTooLargeFor() throws Exception {
        log.create("queue.stock", 1);
        limit("queue.stock", 1_000);
        try (KafkaLog other = open(Duration.ofSeconds(60))) {
            LogRecord large = record(STOCK, "x".repeat(5_000));

            assertThatThrownBy(() -> other.check(large)).hasMessageContaining("max.message.bytes of the topic");
            other.check(record(STOCK, "x".repeat(500)));
            limit("queue.stock", 10_000);
            other.check(large);
        }
    }

    private void limit(String topic, int bytes) throws Exception {
        cluster.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", String.valueOf(bytes)),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
