package io.mamba.log.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka's clients, each as the engine needs it, and waits for what they answer. The user's properties count before
 * the engine's, but for those on which a promise rests. Thread-safe.
 */
final class Clients implements AutoCloseable {
    /** A record may be as large as the topic allows: these are limits of this side, which only get in the way. */
    private static final int LARGEST_REQUEST = 64 << 20;

    private static final int REQUEST_TIMEOUT = 10_000;
    /** For a tail: adding a partition to one that waits takes up to twice this. */
    private static final int TAIL_WAIT = 50;

    private final KafkaLogOptions options;
    private final AtomicInteger made = new AtomicInteger();
    private final Admin admin;

    Clients(KafkaLogOptions options) {
        this.options = options;
        Map<String, Object> settings = settings("admin");
        settings.putIfAbsent("default.api.timeout.ms", timeoutMillis());
        settings.putIfAbsent("request.timeout.ms", Math.min(REQUEST_TIMEOUT, timeoutMillis()));
        settings.putIfAbsent("retry.backoff.ms", 5);
        this.admin = make(() -> Admin.create(settings));
    }

    Admin admin() {
        return admin;
    }

    /** For single records: acknowledged is accepted is durable. */
    KafkaProducer<byte[], byte[]> plain() {
        return producer(producerSettings("plain"));
    }

    /** Not initialized yet: whoever has the id is fenced by {@code initTransactions}. */
    KafkaProducer<byte[], byte[]> transactional(String id) {
        Map<String, Object> settings = producerSettings("stripe");
        settings.put("transactional.id", id);
        // Longer than any wait for the cluster: one that was given up by it costs this node its membership.
        settings.putIfAbsent("transaction.timeout.ms", 2 * timeoutMillis());
        return producer(settings);
    }

    private Map<String, Object> producerSettings(String purpose) {
        Map<String, Object> settings = settings(purpose);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.putIfAbsent("linger.ms", 0);
        // The next transaction of a producer may have to wait for the markers of the last: not for long, then.
        settings.putIfAbsent("retry.backoff.ms", 1);
        settings.putIfAbsent("retry.backoff.max.ms", 50);
        settings.putIfAbsent("max.block.ms", timeoutMillis());
        settings.putIfAbsent("request.timeout.ms", Math.min(REQUEST_TIMEOUT, timeoutMillis()));
        settings.putIfAbsent("delivery.timeout.ms", timeoutMillis());
        settings.putIfAbsent("max.request.size", LARGEST_REQUEST);
        settings.putIfAbsent("buffer.memory", LARGEST_REQUEST);
        return settings;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return make(() -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** Reads up to a fence and never lets the broker wait: everything behind a waiting fetch would wait with it. */
    KafkaConsumer<byte[], byte[]> reader() {
        Map<String, Object> settings = consumerSettings("reader");
        settings.put("fetch.max.wait.ms", 0);
        settings.putIfAbsent("max.poll.records", 500);
        return consumer(settings);
    }

    KafkaConsumer<byte[], byte[]> tail() {
        Map<String, Object> settings = consumerSettings("tail");
        settings.put("fetch.max.wait.ms", TAIL_WAIT);
        settings.put("auto.offset.reset", "none"); // it must know that it was left behind
        return consumer(settings);
    }

    /** Takes part in a group and reads nothing. */
    KafkaConsumer<byte[], byte[]> member(Map<String, Object> more) {
        Map<String, Object> settings = consumerSettings("member");
        // The least that brokers allow unless they are told otherwise, and how soon the others hear of one who comes or
        // leaves.
        settings.putIfAbsent("session.timeout.ms", 6_000);
        settings.putIfAbsent("heartbeat.interval.ms", 250);
        settings.putAll(more);
        return consumer(settings);
    }

    private Map<String, Object> consumerSettings(String purpose) {
        Map<String, Object> settings = settings(purpose);
        settings.remove("group.id");
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        // What is in front of a partition's beginning was released.
        settings.put("auto.offset.reset", "earliest");
        settings.putIfAbsent("retry.backoff.ms", 5);
        settings.putIfAbsent("default.api.timeout.ms", timeoutMillis());
        settings.putIfAbsent("request.timeout.ms", Math.min(REQUEST_TIMEOUT, timeoutMillis()));
        return settings;
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return make(() -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** What a client of any kind starts from. */
    Map<String, Object> settings(String purpose) {
        Map<String, Object> settings = new HashMap<>(options.properties());
        settings.put("bootstrap.servers", options.servers());
        settings.putIfAbsent("enable.metrics.push", false);
        settings.putIfAbsent("reconnect.backoff.max.ms", 1_000);
        settings.merge(
                "client.id",
                "",
                (given, none) -> given + "-"); // several clients: their names differ, or JMX has no room for them
        settings.compute(
                "client.id",
                (key, start) -> start + "mamba-" + options.node() + "-" + purpose + "-" + made.incrementAndGet());
        return settings;
    }

    /**
     * Makes a client in a thread of Mamba's: the threads that it starts would inherit the class loader and the access control
     * context of whoever happened to call, and keep them from being collected.
     */
    <T> T make(Supplier<T> client) {
        CompletableFuture<T> result = new CompletableFuture<>();
        options.threads()
                .newThread(() -> {
                    try {
                        result.complete(client.get());
                    } catch (RuntimeException | Error failure) {
                        result.completeExceptionally(failure);
                    }
                })
                .start();
        try {
            return result.join();
        } catch (java.util.concurrent.CompletionException failure) {
            throw KafkaErrors.translate(failure, Doing.READ, options.servers());
        }
    }

    /** Waits for an answer of the admin's; errors come as they are. */
    static <T> T answer(KafkaFuture<T> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException | InterruptException meanwhile) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #answer}, with errors translated. */
    static <T> T ask(KafkaFuture<T> future, Doing doing, String target) {
        try {
            return answer(future);
        } catch (ExecutionException failure) {
            throw KafkaErrors.translate(failure, doing, target);
        }
    }

    private int timeoutMillis() {
        return Math.toIntExact(options.timeout().toMillis());
    }

    @Override
    public void close() {
        Interrupts.deferred(() -> {
            admin.close(options.timeout());
            return null;
        });
    }
}
