package io.mamba.log.kafka;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a {@link KafkaLog} is opened.
 *
 * @param servers host:port, separated by commas
 * @param node names this node in what it leaves in the cluster: its client id, its transactional ids
 * @param prefix in front of each topic, group and transactional id, so that one cluster can hold several logs; usually empty
 * @param properties of Kafka's clients, as the user gave them; they count before Mamba's own, but for those that the
 *     promises of the log rest on
 * @param timeout how long a call goes on trying while the cluster does not answer
 * @param threads makes the engine's own threads; they should be daemons
 */
public record KafkaLogOptions(
        String servers,
        String node,
        String prefix,
        Map<String, String> properties,
        Duration timeout,
        ThreadFactory threads) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    public KafkaLogOptions {
        properties = Map.copyOf(properties);
        if (node.isEmpty()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "On Kafka each node needs a name of its own: give one in the URL,"
                            + " mamba:kafka://host:port?node=<name>.");
        }
    }

    public static KafkaLogOptions of(String servers, String node) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "mamba-kafka-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new KafkaLogOptions(servers, node, "", Map.of(), TIMEOUT, daemons);
    }

    public KafkaLogOptions withPrefix(String text) {
        return new KafkaLogOptions(servers, node, text, properties, timeout, threads);
    }

    public KafkaLogOptions withProperties(Map<String, String> given) {
        return new KafkaLogOptions(servers, node, prefix, given, timeout, threads);
    }

    public KafkaLogOptions withTimeout(Duration limit) {
        return new KafkaLogOptions(servers, node, prefix, properties, limit, threads);
    }

    public KafkaLogOptions withThreads(ThreadFactory factory) {
        return new KafkaLogOptions(servers, node, prefix, properties, timeout, factory);
    }
}
