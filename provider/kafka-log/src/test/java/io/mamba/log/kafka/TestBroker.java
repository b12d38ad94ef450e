package io.mamba.log.kafka;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One broker for all tests of this JVM, which ends with it; or the one that {@code mamba.kafka.servers} names. */
final class TestBroker {
    private static final AtomicInteger LOGS = new AtomicInteger();

    private static @Nullable KafkaCluster cluster;

    private TestBroker() {}

    static synchronized String servers() {
        String running = System.getProperty("mamba.kafka.servers", "");
        if (!running.isEmpty()) {
            return running;
        }
        if (cluster == null) {
            cluster = ClusterPlan.of(1)
                    .with("message.max.bytes", String.valueOf(32 << 20))
                    .start();
        }
        return cluster.bootstrap();
    }

    /** Of a log that is empty still. */
    static KafkaLogOptions newLog() {
        String prefix = "log" + ProcessHandle.current().pid() + "." + LOGS.incrementAndGet() + ".";
        return KafkaLogOptions.of(servers(), "node").withPrefix(prefix).withProperties(Map.of());
    }
}
