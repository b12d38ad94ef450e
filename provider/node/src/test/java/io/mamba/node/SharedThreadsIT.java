package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.log.ClusterLog;
import io.mamba.log.InMemoryCluster;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.thread.Threads;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several nodes on one log, each with threads of its own: what locks do to each other, which one thread cannot show. */
@ExtendWith(SilentNode.class)
class SharedThreadsIT {
    private static final Address IN = Address.queue("in");
    private static final Address OUT = Address.queue("out");
    private static final int MESSAGES = 600;
    private static final int SENDERS = 3;

    private final InMemoryCluster cluster = new InMemoryCluster(Set.of("mamba.state", "mamba.branches"));
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, ClusterLog> logs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong holders = new AtomicLong(1000);

    private Node open(String name) {
        ClusterLog log = cluster.open();
        Node node = Node.open(
                MambaUrl.parse("mamba:file:/nowhere?maxDeliveries=0&node=" + name),
                log,
                Clock.systemUTC(),
                Threads.of(task -> new Thread(task, "node-" + name)));
        nodes.put(name, node);
        logs.put(name, log);
        return node;
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        nodes.values().forEach(Node::close);
    }

    @Test
    void passOnEachMessageOnceWhileOneDiesAndOneIsTakenForDead() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            open(name);
        }
        List<Future<?>> sending = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            Node node = Objects.requireNonNull(nodes.get("a"));
            sending.add(threads.submit(() -> {
                for (int m = sender; m < MESSAGES; m += SENDERS) {
                    node.send(message(IN, "m" + m));
                }
            }));
        }
        for (String name : List.of("a", "b", "c")) {
            for (int i = 0; i < 2; i++) {
                threads.execute(() -> passOn(name));
            }
        }

        awaitPassedOn(MESSAGES / 4);
        ClusterLog stalled = Objects.requireNonNull(logs.get("b"));
        stalled.stall();
        stalled.expire();
        stalled.resume();
        awaitPassedOn(MESSAGES / 2);
        Node dead = nodes.remove("c");
        ClusterLog killed = Objects.requireNonNull(logs.get("c"));
        killed.kill();
        killed.expire();
        for (Future<?> each : sending) {
            each.get(2, TimeUnit.MINUTES);
        }
        awaitPassedOn(MESSAGES);

        assertThat(dead).isNotNull();
        Map<String, Integer> counts = new TreeMap<>();
        cluster.contents(OUT.partition())
                .forEach(record -> counts.merge(text(record.record().value()), 1, Integer::sum));
        assertThat(counts).hasSize(MESSAGES);
        assertThat(counts.values()).containsOnly(1);
    }

    /** As long as the node is there. */
    private void passOn(String name) {
        long holder = holders.incrementAndGet();
        for (Node node = nodes.get(name); node != null; node = nodes.get(name)) {
            try {
                Acquired message = node.queue(IN).acquireNow(holder, QueueState.NO_SELECTOR);
                if (message == null) {
                    Thread.onSpinWait();
                    continue;
                }
                Unit unit = node.newUnit();
                unit.take(message.lane(), holder, message.position());
                unit.send(message(
                        OUT, text(node.read(message.lane(), message.position()).body())));
                try {
                    node.commit(unit);
                } catch (MambaException refused) {
                    node.rollback(unit);
                }
            } catch (MambaException goneOrFenced) {
                Thread.onSpinWait();
            }
        }
    }

    private void awaitPassedOn(int count) {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (cluster.contents(OUT.partition()).size() < count) {
            assertThat(System.nanoTime()).as(count + " passed on").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    private static String text(byte @org.jspecify.annotations.Nullable [] body) {
        return body == null ? "" : new String(body, UTF_8);
    }

    private static Envelope message(Address to, String text) {
        return new Envelope(
                "ID:" + text,
                to,
                true,
                4,
                1_000,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                text.getBytes(UTF_8),
                null);
    }
}
