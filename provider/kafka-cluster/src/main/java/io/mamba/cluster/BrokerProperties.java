package io.mamba.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The properties of one broker of a cluster. */
final class BrokerProperties {
    static final String HOST = "127.0.0.1";

    private BrokerProperties() {}

    /** @param plan with ports */
    static Properties of(int id, ClusterPlan plan, Path data, @Nullable Security security) {
        String protocol = security == null ? "PLAINTEXT" : "SASL_SSL";
        int count = plan.brokers();
        String address = protocol + "://" + HOST + ":" + plan.ports().get(id - 1);
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(id),
                "listeners",
                address + ",CONTROLLER://" + HOST + ":" + plan.ports().get(count + id - 1),
                "advertised.listeners",
                address,
                "controller.listener.names",
                "CONTROLLER",
                "inter.broker.listener.name",
                protocol,
                "listener.security.protocol.map",
                protocol + ":" + protocol + ",CONTROLLER:PLAINTEXT",
                "controller.quorum.voters",
                IntStream.rangeClosed(1, count)
                        .mapToObj(n -> n + "@" + HOST + ":" + plan.ports().get(count + n - 1))
                        .collect(Collectors.joining(",")),
                "log.dirs",
                data.toString()));
        replicated(properties, count);
        quick(properties);
        if (security != null) {
            properties.putAll(security.brokerSettings(protocol));
        }
        if (!plan.otherHost().isEmpty()) {
            alsoAt(properties, plan.otherHost(), plan.ports().get(2 * count + id - 1));
        }
        properties.putAll(plan.settings());
        return properties;
    }

    private static void alsoAt(Properties properties, String host, int port) {
        String other = ",OTHER://" + host + ":" + port;
        properties.put("listeners", properties.get("listeners") + other);
        properties.put("advertised.listeners", properties.get("advertised.listeners") + other);
        properties.put(
                "listener.security.protocol.map",
                properties.get("listener.security.protocol.map") + ",OTHER:PLAINTEXT");
    }

    private static void replicated(Properties properties, int brokers) {
        String replicas = Integer.toString(brokers);
        String inSync = Integer.toString(brokers == 1 ? 1 : brokers - 1);
        String coordinators = brokers == 1 ? "1" : "4"; // so that not one broker coordinates all
        properties.putAll(Map.of(
                "default.replication.factor", replicas,
                "min.insync.replicas", inSync,
                "offsets.topic.num.partitions", coordinators,
                "offsets.topic.replication.factor", replicas,
                "transaction.state.log.num.partitions", coordinators,
                "transaction.state.log.replication.factor", replicas,
                "transaction.state.log.min.isr", inSync,
                "share.coordinator.state.topic.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", replicas,
                "share.coordinator.state.topic.min.isr", inSync));
    }

    /** What is asked of a customer's cluster too (docs), smaller sizes, and no waits that only a large cluster needs. */
    private static void quick(Properties properties) {
        properties.putAll(Map.of(
                "auto.create.topics.enable", "false",
                "add.partitions.to.txn.retry.backoff.ms", "1",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000",
                "group.initial.rebalance.delay.ms", "0",
                "group.min.session.timeout.ms", "1000",
                "broker.session.timeout.ms", "3000",
                "broker.heartbeat.interval.ms", "500"));
        properties.putAll(Map.of(
                "log.cleaner.dedupe.buffer.size", "4194304",
                "log.cleaner.backoff.ms", "200",
                "log.initial.task.delay.ms", "200",
                "num.network.threads", "2",
                "num.io.threads", "4"));
    }
}
