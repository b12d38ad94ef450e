package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

final class TrimmingIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Partition DATA = new Partition("queue.orders", 0);
    private static KafkaCluster cluster;

    private final List<KafkaLog> open = new ArrayList<>();
    private String prefix = "";
    private KafkaLog log;

    @BeforeAll
    static void startTheBroker() {
        cluster = KafkaCluster.oneBroker();
    }

    @AfterAll
    static void stopTheBroker() {
        cluster.close();
    }

    @BeforeEach
    void openLog(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
        log = join("first");
    }

    @AfterEach
    void closeAll() {
        open.forEach(KafkaLog::close);
    }

    @Test
    void whatIsNeededSurvivesAtItsOldPositionWhenTheRestIsDeleted() {
        LogRecord kept = new LogRecord(
                DATA, "group".getBytes(UTF_8), List.of(new Header("h", null)), "kept".getBytes(UTF_8), 1234);
        long[] before = append(20);
        long position = log.appendAndWait(Batch.of(List.of(kept)), Durability.DURABLE)[0];
        long[] behind = append(20);
        release(log, before);
        release(log, behind);
        twoCheckpoints(log);
        await().atMost(SOON).until(() -> beginning() == behind[19] + 1);

        assertThat(Objects.requireNonNull(log.get(DATA, position)).record())
                .usingRecursiveComparison()
                .isEqualTo(kept);
        assertThat(log.get(DATA, before[0])).isNull();
        assertThat(positions(log)).containsExactly(position);
        long next = append(1)[0];
        KafkaLog other = join("second");
        assertThat(positions(other)).containsExactly(position, next);
        assertThat(Objects.requireNonNull(other.get(DATA, position)).record())
                .usingRecursiveComparison()
                .isEqualTo(kept);

        // The first is the keeper, and the other is told as well.
        release(log, position);
        release(other, position);
        await().atMost(SOON).until(() -> positions(other).equals(List.of(next)));
        assertThat(other.get(DATA, position)).isNull();
        assertThat(log.get(DATA, position)).isNull();
    }

    @Test
    void theMarkersOfTransactionsHoldNothingBack() throws Exception {
        AtomicLong told = new AtomicLong();
        try (Tail tail = log.tail(DATA, 0, (partition, records, next) -> told.set(next))) {
            long last = 0;
            for (int i = 0; i < 30; i++) {
                long[] pair = append(2);
                release(log, pair);
                last = pair[1];
            }
            long end = log.fence(DATA);
            await().atMost(SOON).until(() -> told.get() >= end);
            twoCheckpoints(log);
            long behind = last;
            await().atMost(SOON).until(() -> beginning() > behind);
            assertThat(tail).isNotNull();
        }
    }

    @Test
    void theNextKeeperGoesOnWithWhatItWasTold() {
        KafkaLog other = join("second");
        long[] old = append(50);
        release(other, old);
        log.close();
        twoCheckpoints(other);
        await().atMost(SOON).until(() -> beginning() == old[49] + 1);
    }

    @Test
    void aTopicThatWasMadeAgainHasNothingOfItsPredecessor() throws Exception {
        long[] old = append(50);
        release(log, LongStream.of(old).skip(1).toArray());
        twoCheckpoints(log);
        await().atMost(SOON).until(() -> beginning() == old[49] + 1);
        cluster.admin().deleteTopics(List.of(prefix + DATA.topic())).all().get(30, TimeUnit.SECONDS);
        await().atMost(SOON)
                .until(() -> !cluster.admin().listTopics().names().get().contains(prefix + DATA.topic()));

        KafkaLog other = join("second");
        other.create(DATA.topic(), 1);
        long[] fresh = append(other, 60);
        assertThat(positions(other))
                .containsExactlyElementsOf(LongStream.of(fresh).boxed().toList());
        twoCheckpoints(log);
        twoCheckpoints(other);
        await().during(Duration.ofSeconds(15)).atMost(SOON).until(() -> beginning() == 0);
        assertThat(positions(log)).hasSize(60);
    }

    private KafkaLog join(String node) {
        KafkaLog joining =
                KafkaLog.open(KafkaLogOptions.of(cluster.bootstrap(), node).withPrefix(prefix), Set.of());
        open.add(joining);
        joining.create(DATA.topic(), 1);
        joining.join(node, new MembershipIT.Told());
        return joining;
    }

    private long[] append(int count) {
        return append(log, count);
    }

    private static long[] append(KafkaLog to, int count) {
        LogRecord record = new LogRecord(DATA, null, List.of(), new byte[100], 1);
        return to.appendAndWait(Batch.of(Collections.nCopies(count, record)), Durability.DURABLE);
    }

    private static void release(KafkaLog in, long... positions) {
        in.release(DATA, positions);
    }

    private static void twoCheckpoints(KafkaLog in) {
        in.checkpoint(Map.of(DATA, in.fence(DATA)));
        in.checkpoint(Map.of(DATA, in.fence(DATA)));
    }

    private static List<Long> positions(KafkaLog in) {
        List<Long> positions = new ArrayList<>();
        in.read(Map.of(DATA, 0L), (StoredRecord stored) -> positions.add(stored.position()));
        return positions;
    }

    private long beginning() throws Exception {
        TopicPartition at = new TopicPartition(prefix + DATA.topic(), DATA.number());
        return cluster.admin()
                .listOffsets(Map.of(at, OffsetSpec.earliest()))
                .partitionResult(at)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }
}
