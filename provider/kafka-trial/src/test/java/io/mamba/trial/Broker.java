package io.mamba.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * One Kafka broker (and controller) in a process of its own, on loopback and free ports, its data below the given
 * directory. It is killed by its handle at {@link #close}, and dies by itself when this process does.
 */
final class Broker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int ATTEMPTS = 3;

    private final Process process;
    private final String bootstrap;

    private Broker(Process process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Returns when the broker answers. Tries again on other ports if it died, since a free port may be taken. */
    static Broker start(Path base) {
        for (int attempt = 1; ; attempt++) {
            Path directory = base.resolve("broker-" + ProcessHandle.current().pid() + "-" + attempt);
            Broker broker = launch(directory);
            if (broker.answers()) {
                return broker;
            }
            broker.close();
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException("the broker did not start, see " + directory.resolve("broker.log"));
            }
        }
    }

    String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Broker launch(Path directory) {
        try {
            Files.createDirectories(directory);
            Path properties = directory.resolve("server.properties");
            List<Integer> ports = freePorts();
            Files.writeString(properties, properties(directory, ports.get(0), ports.get(1)));
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx320m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BrokerMain.class.getName(),
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("broker.log").toFile());
            return new Broker(builder.start(), "127.0.0.1:" + ports.get(0));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a broker in " + directory, e);
        }
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(one.getLocalPort(), two.getLocalPort());
        }
    }

    private boolean answers() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "reconnect.backoff.ms", 50,
                "reconnect.backoff.max.ms", 200,
                "retry.backoff.ms", 50,
                "request.timeout.ms", 2000,
                "default.api.timeout.ms", 2000);
        try (Admin admin = Admin.create(settings)) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                if (answers(admin)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false; // not yet
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the broker starts", e);
        }
    }

    private static String properties(Path directory, int port, int controllerPort) {
        return String.join(
                "\n",
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                        "controller.listener.names=CONTROLLER",
                        "inter.broker.listener.name=PLAINTEXT",
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "log.dirs=" + directory.resolve("data"),
                        "auto.create.topics.enable=false",
                        "default.replication.factor=1",
                        "min.insync.replicas=1",
                        "offsets.topic.num.partitions=1",
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.num.partitions=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "share.coordinator.state.topic.num.partitions=1",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "add.partitions.to.txn.retry.backoff.ms=1",
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
                        "group.initial.rebalance.delay.ms=0",
                        "group.min.session.timeout.ms=1000",
                        "log.cleaner.dedupe.buffer.size=4194304",
                        "log.cleaner.backoff.ms=200",
                        "log.initial.task.delay.ms=200",
                        "num.network.threads=2",
                        "num.io.threads=4",
                        ""));
    }
}
