package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.MambaUrl;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryCluster;
import io.mamba.log.Log;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.thread.Threads;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentNode.class)
class SettlementsTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final int MESSAGES = 100;
    private static final long HOLDER = 7;

    /** Until it is complete the log has taken records of events, but does not say so. */
    private final CompletableFuture<Void> answering = new CompletableFuture<>();

    private final AtomicInteger records = new AtomicInteger();
    private volatile boolean silent;

    private final Node node = Node.open(
            MambaUrl.parse("mamba:file:/nowhere?node=a"),
            new Silent(new InMemoryCluster(Set.of("mamba.state", "mamba.branches")).open()),
            Clock.systemUTC(),
            Threads.of(task -> new Thread(task, "node-a")));

    private final class Silent extends ForwardingLog {
        Silent(Log log) {
            super(log);
        }

        @Override
        public CompletableFuture<long[]> appendToldLater(Batch batch, Durability level) {
            CompletableFuture<long[]> written = super.appendToldLater(batch, level);
            if (!silent) {
                return written;
            }
            records.addAndGet(batch.records().size());
            return written.thenCombine(answering, (positions, nothing) -> positions);
        }
    }

    @AfterEach
    void close() {
        answering.complete(null);
        node.close();
    }

    @Test
    void goTogetherWhileOneIsBeingWritten() {
        Lane lane = node.queue(ORDERS);
        for (int i = 0; i < MESSAGES; i++) {
            node.send(message());
        }
        await().until(() -> lane.depth() == MESSAGES);
        List<Acquired> held = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, MESSAGES);
        assertThat(held).hasSize(MESSAGES);
        silent = true;

        List<CompletableFuture<Void>> settled = held.stream()
                .map(message -> node.settleLater(lane, HOLDER, new long[] {message.position()}))
                .toList();

        assertThat(records).hasValue(1);
        assertThat(settled).noneMatch(CompletableFuture::isDone);
        answering.complete(null);
        settled.forEach(Futures::await);
        assertThat(records).hasValue(2);
        await().until(() -> lane.depth() == 0);
    }

    private static Envelope message() {
        return new Envelope(
                "ID:1",
                ORDERS,
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
                "text".getBytes(UTF_8),
                null);
    }
}
