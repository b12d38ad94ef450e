package io.mamba.shop.tests;

import io.mamba.cluster.KafkaCluster;
import io.mamba.shop.cluster.PostgresServer;
import io.mamba.shop.run.ShopLog;
import io.mamba.shop.run.ShopOptions;
import io.mamba.shop.run.ShopServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Three brokers, a PostgreSQL and instances of the shop, by name. An instance that was ended and is started again has the data it
 * had. Used by one thread at a time.
 */
final class ShopsOnKafka implements AutoCloseable {

    private final KafkaCluster kafka;
    private final PostgresServer postgres;
    private final Map<String, ShopOptions> options = new HashMap<>();
    private final Map<String, Micro> instances = new HashMap<>();

    ShopsOnKafka() throws IOException {
        kafka = KafkaCluster.threeBrokers();
        postgres = Shops.postgres("kafka-postgres", 128);
    }

    KafkaCluster kafka() {
        return kafka;
    }

    PostgresServer postgres() {
        return postgres;
    }

    /** Starts an instance, for the first time or again, and waits until it answers. */
    Micro start(String name) throws IOException, URISyntaxException {
        Micro started = Micro.start(options(name));
        instances.put(name, started);
        return started;
    }

    /** Starts an instance without waiting for it. */
    ShopServer launch(String name) throws IOException, URISyntaxException {
        ShopServer launched = ShopServer.launch(options(name), System.out::println);
        instances.put(name, new Micro(launched, new ShopClient(launched.address())));
        return launched;
    }

    Micro instance(String name) {
        Micro known = instances.get(name);
        if (known == null) {
            throw new IllegalStateException(name + " was not started yet");
        }
        return known;
    }

    /** Where the agent in the instance's JVM looks for the file that tells it to die. */
    Path faults(String name) throws IOException, URISyntaxException {
        return options(name).data().resolve("faults");
    }

    /** What the instance's server has written so far, since it was started for the first time. */
    String log(String name) throws IOException, URISyntaxException {
        return Files.readString(options(name).data().resolve("server.log"));
    }

    private ShopOptions options(String name) throws IOException, URISyntaxException {
        ShopOptions known = options.get(name);
        if (known == null) {
            ShopOptions plain = Shops.fresh("kafka-" + name);
            Path faults = Files.createDirectories(plain.data().resolve("faults"));
            known = plain.withJvmArguments(CrashRound.agent("faults.btm", faults))
                    .withCluster(postgres.database(), ShopLog.inCluster(kafka.bootstrap(), name));
            options.put(name, known);
        }
        return known;
    }

    @Override
    public void close() {
        instances.values().stream().parallel().forEach(Micro::stop);
        postgres.close();
        kafka.close();
    }
}
