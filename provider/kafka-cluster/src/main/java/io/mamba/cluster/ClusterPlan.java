package io.mamba.cluster;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What cluster to start.
 *
 * @param ports one a broker for clients, then for controllers, then for clients at the other host; none: any that are free
 * @param settings of every broker, over those that {@link BrokerProperties} gives
 * @param directory where logs stay, and data until the cluster is closed
 * @param otherHost another address of this machine on which brokers listen too; empty: none
 */
public record ClusterPlan(
        int brokers,
        boolean secured,
        List<Integer> ports,
        Map<String, String> settings,
        Path directory,
        String otherHost) {
    public ClusterPlan {
        ports = List.copyOf(ports);
        settings = Map.copyOf(settings);
    }

    /** Plain brokers below {@code target}; with three, topics have replication 3 and min.insync.replicas 2. */
    public static ClusterPlan of(int brokers) {
        return new ClusterPlan(brokers, false, List.of(), Map.of(), Path.of("target", "kafka-cluster"), "");
    }

    /**
     * Clients speak TLS and log in with SCRAM-SHA-512, and may do only what an ACL allows; {@link KafkaCluster#admin}
     * may do all.
     */
    public ClusterPlan withSecurity() {
        return new ClusterPlan(brokers, true, ports, settings, directory, otherHost);
    }

    public ClusterPlan with(String setting, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(setting, value);
        return new ClusterPlan(brokers, secured, ports, more, directory, otherHost);
    }

    public ClusterPlan onPorts(List<Integer> chosen) {
        return new ClusterPlan(brokers, secured, chosen, settings, directory, otherHost);
    }

    /** On ports that are free now, and in the very directory of this plan: data that an earlier cluster left there is used. */
    public ClusterPlan onFreePorts() {
        return onPorts(FreePorts.choose(2 * brokers));
    }

    public ClusterPlan in(Path place) {
        return new ClusterPlan(brokers, secured, ports, settings, place, otherHost);
    }

    /** For clients that do not reach loopback, such as those in another network namespace; without security. */
    public ClusterPlan alsoAt(String host) {
        return new ClusterPlan(brokers, secured, ports, settings, directory, host);
    }

    /** Returns when every partition has all its replicas and both kinds of coordinators answer. */
    public KafkaCluster start() {
        return KafkaCluster.start(this);
    }
}
