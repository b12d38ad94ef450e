package io.mamba.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A hundred messages wait under much traffic of others: the topics hold some twenty seconds of it, and those that wait can be
 * read. Only in the profile {@code kafka-space}, which keeps the figures in the file that {@code mamba.results} names.
 */
@EnabledIfSystemProperty(named = "mamba.space.megabytes", matches = "[1-9][0-9]*")
final class TopicSizeIT {
    private static final Partition DATA = new Partition("queue.orders", 0);
    private static final int RECORD = 64 << 10;
    private static final int DELAYED = 100;
    private static final int IN_FLIGHT = 64;
    /** As often as a node makes one, in bytes. */
    private static final long CHECKPOINT = 64 << 20;

    /** Bytes a second. */
    private static final long RATE = 100 << 20;

    private static final long LIMIT = 30 * RATE;

    private final long records = (Long.getLong("mamba.space.megabytes", 0) << 20) / RECORD;
    private final Deque<CompletableFuture<long[]>> sending = new ArrayDeque<>();
    private final List<Long> delayed = new ArrayList<>();
    private long largest;

    @Test
    void topicsStaySmallAndWhatWaitsIsThere() throws Exception {
        long start = System.nanoTime();
        // How often and how soon the broker looks for segments that may go: by default each 5 minutes, and one later.
        try (KafkaCluster cluster = ClusterPlan.of(1)
                        .with("log.retention.check.interval.ms", "5000")
                        .with("log.segment.delete.delay.ms", "1000")
                        .start();
                KafkaLog log = KafkaLog.open(KafkaLogOptions.of(cluster.bootstrap(), "node"), Set.of())) {
            log.create(DATA.topic(), 1);
            log.join("node", new MembershipIT.Told());
            long first = System.nanoTime();
            for (long i = 0; i < records; i++) {
                long due = first + TimeUnit.SECONDS.toNanos(1) / (RATE / RECORD) * i;
                LockSupport.parkNanos(due - System.nanoTime());
                sending.add(log.append(
                        Batch.of(List.of(new LogRecord(DATA, null, List.of(), new byte[RECORD], 1))),
                        Durability.DURABLE));
                if (sending.size() == IN_FLIGHT) {
                    settleNext(log);
                }
                if (i % (CHECKPOINT / RECORD) == 0) {
                    log.checkpoint(Map.of(DATA, log.fence(DATA)));
                    largest = Math.max(largest, size(cluster));
                }
            }
            while (!sending.isEmpty()) {
                settleNext(log);
            }
            List<Long> found = new ArrayList<>();
            log.get(
                    DATA,
                    delayed.stream().mapToLong(Long::longValue).toArray(),
                    (StoredRecord stored) -> found.add(stored.position()));

            assertThat(found).isEqualTo(delayed);
            keep(found.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            assertThat(largest).as("bytes on the broker").isLessThan(LIMIT);
        }
    }

    private void settleNext(KafkaLog log) {
        long position = sending.remove().join()[0];
        if (delayed.size() * records / DELAYED <= position && delayed.size() < DELAYED) {
            delayed.add(position);
        } else {
            log.release(DATA, new long[] {position});
        }
    }

    private static long size(KafkaCluster cluster) throws Exception {
        return cluster.admin().describeLogDirs(List.of(1)).allDescriptions().get(30, TimeUnit.SECONDS).values().stream()
                .flatMap(directories -> directories.values().stream())
                .flatMap(directory -> directory.replicaInfos().values().stream())
                .mapToLong(replica -> replica.size())
                .sum();
    }

    private void keep(int found, long seconds) throws IOException {
        String name = System.getProperty("mamba.results", "");
        if (!name.isEmpty()) {
            Path file = Path.of(name);
            if (Files.notExists(file)) {
                Files.writeString(
                        file, "traffic_mib,mib_per_second,records,delayed_found,largest_topics_mib,seconds\n");
            }
            Files.writeString(
                    file,
                    String.format(
                            Locale.ROOT,
                            "%d,%d,%d,%d,%d,%d%n",
                            (records * RECORD) >> 20,
                            RATE >> 20,
                            records,
                            found,
                            largest >> 20,
                            seconds),
                    StandardOpenOption.APPEND);
        }
    }
}
