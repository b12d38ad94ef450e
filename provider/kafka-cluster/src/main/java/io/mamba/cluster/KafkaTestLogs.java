package io.mamba.cluster;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Empty logs for tests, told apart by the prefix of their topics: all in one cluster, that which the system property {@code
 * mamba.kafka.servers} names, or one that is started and ends with this JVM, of as many brokers as {@code mamba.kafka.brokers}
 * says: one, if it says nothing. Thread-safe.
 */
public final class KafkaTestLogs {
    private static final AtomicInteger LOGS = new AtomicInteger();

    private static @Nullable String servers;
    private static @Nullable Admin admin;

    private KafkaTestLogs() {}

    /** A log that is empty still. */
    public static TestLog next() {
        String prefix = "log" + ProcessHandle.current().pid() + "." + LOGS.incrementAndGet() + ".";
        return new TestLog(servers(), prefix);
    }

    private static synchronized String servers() {
        if (servers == null) {
            String running = System.getProperty("mamba.kafka.servers", "");
            servers = running.isEmpty()
                    ? ClusterPlan.of(Integer.getInteger("mamba.kafka.brokers", 1))
                            .with("message.max.bytes", String.valueOf(32 << 20))
                            .start()
                            .bootstrap()
                    : running;
        }
        return servers;
    }

    private static synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(java.util.Map.of("bootstrap.servers", servers()));
        }
        return admin;
    }

    /** Where a log is. */
    public record TestLog(String servers, String prefix) {
        /** Ends it: hundreds of logs would be too much for one broker. */
        public void delete() {
            try {
                List<String> topics = admin().listTopics().names().get(30, TimeUnit.SECONDS).stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList();
                admin().deleteTopics(topics).all().get(30, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("cannot delete the topics of " + prefix, e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while deleting topics", e);
            }
        }
    }
}
