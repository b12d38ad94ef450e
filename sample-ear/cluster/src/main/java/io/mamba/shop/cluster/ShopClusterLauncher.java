package io.mamba.shop.cluster;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import io.mamba.shop.run.ShopException;
import io.mamba.shop.run.ShopLog;
import io.mamba.shop.run.ShopOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The program: starts three Kafka brokers, a PostgreSQL and two instances of the shop, prints their addresses, and stops all
 * when it is told to end.
 */
public final class ShopClusterLauncher {

    private static final int BROKERS = 3;
    private static final List<String> INSTANCES = List.of("shop-1", "shop-2");

    private ShopClusterLauncher() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(ClusterOptions.parse(List.of(arguments)));
        } catch (ShopException e) {
            System.err.println("The shop cannot start. " + e.getMessage());
            System.exit(1);
        }
        new CountDownLatch(1).await(); // the shutdown hook ends all
    }

    private static void run(ClusterOptions options) {
        say("Starting " + BROKERS + " Kafka brokers in " + options.data().resolve("kafka"));
        KafkaCluster kafka = ClusterPlan.of(BROKERS)
                .in(options.data().resolve("kafka"))
                .onFreePorts()
                .start();
        kafka.outlastShutdownHooks();
        say("Starting PostgreSQL in " + options.data().resolve("postgresql"));
        PostgresServer postgres = PostgresServer.start(
                options.data().resolve("postgresql"),
                Map.of(
                        "max_prepared_transactions", "128",
                        "synchronous_commit", "on",
                        // Of rows that a dead instance had prepared nobody waits for long: others are served meanwhile.
                        "lock_timeout", "5s"));
        List<Instance> instances = INSTANCES.stream()
                .map(name -> Instance.of(name, shop(options, name, kafka, postgres), ShopClusterLauncher::say))
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(instances), "shop-stop"));
        instances.forEach(Instance::start); // one after the other: the first makes the tables
        instances.forEach(Instance::watch);
        Instance first = instances.get(0);
        say("The shop is open at both. To see one die: kill -9 " + first.pid() + ". The other goes on; " + first.name()
                + " is started again after " + Instance.PAUSE.toSeconds() + " s and finishes what it had begun.");
        say("Ctrl-C closes everything; orders and messages are kept.");
    }

    private static ShopOptions shop(ClusterOptions options, String name, KafkaCluster kafka, PostgresServer postgres) {
        int port = options.port() + INSTANCES.indexOf(name);
        return ShopOptions.in(options.home(), options.data().resolve(name), port)
                .withCluster(postgres.database(), ShopLog.inCluster(kafka.bootstrap(), name));
    }

    /** Instances first, and at the same time; brokers and PostgreSQL end with this JVM. */
    private static void stop(List<Instance> instances) {
        say("Closing.");
        instances.parallelStream().forEach(Instance::close);
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
