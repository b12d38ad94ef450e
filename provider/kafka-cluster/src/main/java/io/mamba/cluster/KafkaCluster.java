package io.mamba.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A running cluster of Kafka brokers, each of which is a controller too. Brokers are numbered from 1 and are killed, paused and
 * started again by number. Used by one thread at a time.
 *
 * <p>{@link #close} ends the processes and deletes their data; their logs stay in {@code broker-<n>/broker.log} below
 * {@link #directory}. If this JVM dies first, the processes end by themselves.
 */
public final class KafkaCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 3;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ClusterPlan plan;
    private final @Nullable Security security;
    private final List<Broker> brokers = new ArrayList<>();
    private final Thread hook = new Thread(this::endProcesses, "kafka-cluster-end");
    private final Admin admin;

    private KafkaCluster(ClusterPlan plan) {
        this.plan = plan;
        try {
            Files.createDirectories(plan.directory());
            security = plan.secured() ? new Security(plan.directory()) : null;
            // Of any cluster alike, so that brokers find their data again in a directory that was kept.
            String clusterId = new Uuid(0x6d616d62612d7465L, 0x73742d6b61666b61L).toString();
            for (int id = 1; id <= plan.brokers(); id++) {
                Path directory = Files.createDirectories(plan.directory().resolve("broker-" + id));
                Path properties = directory.resolve("server.properties");
                try (Writer writer = Files.newBufferedWriter(properties)) {
                    BrokerProperties.of(id, plan, directory.resolve("data"), security)
                            .store(writer, null);
                }
                List<String> format = new ArrayList<>(List.of("format", "--ignore-formatted", "-t", clusterId));
                if (security != null) {
                    format.addAll(security.formatArguments());
                }
                format.addAll(List.of("-c", properties.toString()));
                brokers.add(new Broker(id, directory, format));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare a cluster in " + plan.directory(), e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
        brokers.forEach(Broker::start);
        admin = Admin.create(settings(Map.of("default.api.timeout.ms", 5000, "request.timeout.ms", 5000)));
    }

    /** One broker, replication 1. */
    public static KafkaCluster oneBroker() {
        return ClusterPlan.of(1).start();
    }

    /** Three brokers, replication 3, min.insync.replicas 2. */
    public static KafkaCluster threeBrokers() {
        return ClusterPlan.of(3).start();
    }

    static KafkaCluster start(ClusterPlan plan) {
        for (int attempt = 1; ; attempt++) {
            KafkaCluster cluster = new KafkaCluster(placed(plan));
            try {
                cluster.awaitReady();
                return cluster;
            } catch (IllegalStateException e) {
                cluster.close();
                // Only a port that someone took in between is worth another try.
                if (attempt == ATTEMPTS || !plan.ports().isEmpty()) {
                    throw e;
                }
            }
        }
    }

    private static ClusterPlan placed(ClusterPlan plan) {
        if (!plan.ports().isEmpty()) {
            return plan.in(plan.directory().toAbsolutePath());
        }
        String name = ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
        int perBroker = plan.otherHost().isEmpty() ? 2 : 3;
        return plan.in(plan.directory().toAbsolutePath().resolve(name))
                .onPorts(FreePorts.choose(perBroker * plan.brokers()));
    }

    /** {@code host:port} of each broker, whether it runs or not. */
    public String bootstrap() {
        return bootstrap(BrokerProperties.HOST, 0);
    }

    /** The same at the plan's other host. */
    public String otherBootstrap() {
        return bootstrap(plan.otherHost(), 2 * plan.brokers());
    }

    private String bootstrap(String host, int first) {
        return IntStream.range(0, plan.brokers())
                .mapToObj(n -> host + ":" + plan.ports().get(first + n))
                .collect(Collectors.joining(","));
    }

    public int size() {
        return plan.brokers();
    }

    public Path directory() {
        return plan.directory();
    }

    /** Sees and may do all. Its calls give up after 5 s. Closed with the cluster. */
    public Admin admin() {
        return admin;
    }

    /** What a client needs to reach this cluster with all rights, and the given settings besides. */
    public Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap(),
                "reconnect.backoff.ms", 20,
                "reconnect.backoff.max.ms", 200,
                "retry.backoff.ms", 5));
        if (security != null) {
            all.putAll(security.adminSettings());
        }
        all.putAll(more);
        return all;
    }

    /** What a client needs to log in to a secured cluster, besides {@code bootstrap.servers}; right or not. */
    public Map<String, Object> login(String user, String password) {
        return secured().clientSettings(user, password);
    }

    /** Makes a user without any right, or changes a password. */
    public void createUser(String user, String password) {
        secured();
        get(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all());
    }

    private Security secured() {
        if (security == null) {
            throw new IllegalStateException("this cluster knows no users: ask for one with security");
        }
        return security;
    }

    // ---- who does what ----

    public int leader(String topic, int partition) {
        return await("leader of " + topic + "-" + partition, () -> {
            TopicPartitionInfo info = describe(topic).partitions().get(partition);
            return info.leader() == null || info.leader().isEmpty()
                    ? Optional.empty()
                    : Optional.of(info.leader().id());
        });
    }

    /** Of this id or one that will have it: which broker it is follows from the id. */
    public int transactionCoordinator(String transactionalId) {
        return coordinator("__transaction_state", transactionalId);
    }

    public int groupCoordinator(String group) {
        return coordinator("__consumer_offsets", group);
    }

    public int activeController() {
        return await(
                "active controller",
                () -> Optional.of(
                        get(admin.describeMetadataQuorum().quorumInfo()).leaderId()));
    }

    private int coordinator(String topic, String id) {
        int partitions = describe(topic).partitions().size();
        return leader(topic, Utils.abs(id.hashCode()) % partitions);
    }

    // ---- what befalls brokers ----

    public boolean isRunning(int broker) {
        return broker(broker).isRunning();
    }

    public long pid(int broker) {
        return broker(broker).pid();
    }

    /** As by kill -9. */
    public void kill(int broker) {
        broker(broker).kill();
    }

    /** In order: it hands over what it leads first. */
    public void stop(int broker) {
        broker(broker).stop();
    }

    /** As by kill -STOP: it neither works nor ends by itself until {@link #resume} or {@link #close}. */
    public void pause(int broker) {
        broker(broker).pause();
    }

    public void resume(int broker) {
        broker(broker).resume();
    }

    /** Starts a broker that was killed or stopped, with the data it had; {@link #awaitReady} waits for its replicas. */
    public void restart(int broker) {
        broker(broker).start();
    }

    private Broker broker(int id) {
        return brokers.get(id - 1);
    }

    /** Waits until all brokers run, every replica is in sync, and a topic with all replicas can be made and written. */
    public void awaitReady() {
        String topic = "ready." + ProcessHandle.current().pid() + "." + NUMBERS.incrementAndGet();
        await(
                "topic with " + size() + " replicas",
                () -> answered(
                        admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                                .all(),
                        TopicExistsException.class));
        await(
                "group coordinator",
                () -> answered(admin.describeConsumerGroups(List.of(topic)).all(), GroupIdNotFoundException.class));
        await(
                "transaction coordinator",
                () -> answered(
                        admin.describeTransactions(List.of(topic)).all(), TransactionalIdNotFoundException.class));
        await("replicas in sync", () -> replicated() ? Optional.of(true) : Optional.empty());
        write(topic);
        get(admin.deleteTopics(List.of(topic)).all());
    }

    private void write(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                settings(Map.of("max.block.ms", 20_000, "linger.ms", 0)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(30, SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the cluster in " + directory() + " takes no record", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the cluster starts", e);
        }
    }

    private boolean replicated() {
        List<String> topics = List.copyOf(
                get(admin.listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
                        .names()));
        return get(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition ->
                        partition.isr().size() == partition.replicas().size());
    }

    /** An answer, be it an error of the given kind. */
    private static Optional<Boolean> answered(KafkaFuture<?> future, Class<? extends Exception> orElse) {
        try {
            get(future);
        } catch (Unanswered e) {
            if (!orElse.isInstance(e.getCause())) {
                throw e;
            }
        }
        return Optional.of(true);
    }

    private TopicDescription describe(String topic) {
        return get(admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    /** Asks again and again while the cluster does not answer or the answer is empty, and the brokers live. */
    private <T> T await(String what, Question<T> question) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        @Nullable Unanswered last = null;
        while (System.nanoTime() < deadline && brokers.stream().anyMatch(Broker::isRunning)) {
            try {
                Optional<T> answer = question.ask();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (Unanswered e) {
                last = e;
            }
            pause();
        }
        throw new IllegalStateException(
                "no " + what + " in the cluster in " + directory() + "; broker 1 said:\n"
                        + brokers.get(0).lastWords(),
                last);
    }

    private static void pause() {
        try {
            MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for the cluster", e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(10, SECONDS);
        } catch (ExecutionException e) {
            throw new Unanswered(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new Unanswered(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while asking the cluster", e);
        }
    }

    /**
     * When this JVM shuts down the brokers stay until it is gone, so that what its shutdown hooks end can take leave of
     * them. One that is paused then stays for good.
     */
    public void outlastShutdownHooks() {
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** Ends all processes, as by kill -9, and deletes their data. Idempotent. */
    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        endProcesses();
        Runtime.getRuntime().removeShutdownHook(hook);
        brokers.forEach(broker ->
                delete(plan.directory().resolve("broker-" + broker.id()).resolve("data")));
    }

    private void endProcesses() {
        brokers.forEach(Broker::kill);
    }

    private static void delete(Path directory) {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    /** What may get an answer later. */
    private interface Question<T> {
        Optional<T> ask();
    }

    /** The cluster did not answer, or by an error. */
    private static final class Unanswered extends RuntimeException {
        Unanswered(Throwable cause) {
            super(cause);
        }
    }
}
