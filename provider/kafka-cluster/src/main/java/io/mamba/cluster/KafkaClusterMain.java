package io.mamba.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Keeps three brokers running on fixed ports until it is stopped, for a person who tries something on Kafka. */
final class KafkaClusterMain {
    /** Those of clients, then those of controllers. */
    private static final List<Integer> PORTS = List.of(9092, 9093, 9094, 9095, 9096, 9097);

    private KafkaClusterMain() {}

    /** @param arguments the directory of data and logs */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("Starting three Kafka brokers in " + arguments[0]);
        KafkaCluster cluster =
                ClusterPlan.of(3).onPorts(PORTS).in(Path.of(arguments[0])).start();
        System.out.println("Mamba's URL: mamba:kafka://" + cluster.bootstrap());
        System.out.println("Stop with Ctrl-C; data is gone then.");
        new CountDownLatch(1).await(); // the shutdown hook ends the brokers
    }
}
