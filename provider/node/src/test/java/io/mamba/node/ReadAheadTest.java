package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.MambaUrl;
import io.mamba.log.ClusterLog;
import io.mamba.log.InMemoryCluster;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.thread.Threads;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentNode.class)
class ReadAheadTest {
    private static final Address ORDERS = Address.queue("orders");
    /** More than a node has at hand of one partition. */
    private static final int MESSAGES = 1_000;

    private static final int BODY_BYTES = 4 * 1024;
    private static final long HOLDER = 7;

    private final ClusterLog shared = new InMemoryCluster(Set.of("mamba.state", "mamba.branches")).open();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private Node node;

    @SuppressWarnings("NullAway.Init")
    private Lane lane;

    @BeforeEach
    void fillAQueue() {
        Log counting = new ForwardingLog(shared) {
            @Override
            public void get(Partition partition, long[] ascending, Predicate<StoredRecord> wantsMore) {
                reads.incrementAndGet();
                asked.set(ascending.length);
                super.get(partition, ascending, wantsMore);
            }
        };
        node = Node.open(
                MambaUrl.parse("mamba:file:/nowhere?node=a"),
                counting,
                Clock.systemUTC(),
                Threads.of(task -> new Thread(task, "node-a")));
        lane = node.queue(ORDERS);
        for (int i = 0; i < MESSAGES; i++) {
            node.send(message(i));
        }
        reads.set(0);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void readsWhatTheCallerHasBesides() {
        List<Acquired> taken = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 40);
        assertThat(taken).hasSize(40).allMatch(message -> message.message() == null);

        Map<Long, Envelope> read =
                node.readSome(lane, taken.stream().mapToLong(Acquired::position).toArray());

        assertThat(reads).hasValue(1);
        assertThat(read.values())
                .extracting(Envelope::id)
                .containsExactlyInAnyOrderElementsOf(taken.stream()
                        .map(message -> "ID:" + taken.indexOf(message))
                        .toList());
    }

    @Test
    void hasAtHandWhatIsTakenNext() {
        Acquired first = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 1).get(0);
        node.readSome(lane, new long[] {first.position()});

        List<Acquired> next = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 20);

        assertThat(next).allMatch(message -> message.message() != null);
        assertThat(reads).hasValue(1);
    }

    @Test
    void readsNoMoreThanFitsAtATime() {
        Acquired first = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 1).get(0);
        node.readSome(lane, new long[] {first.position()});

        List<Acquired> next = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 300);

        assertThat(next.stream().filter(message -> message.message() != null).count())
                .isBetween(100L, 130L);
    }

    @Test
    void readsNothingAheadWhileTheNextOnesAreAtHand() {
        List<Acquired> taken = lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 2);
        node.readSome(lane, new long[] {taken.get(0).position()});
        assertThat(asked.get()).isGreaterThan(100);

        node.readSome(lane, new long[] {taken.get(1).position()});

        assertThat(asked).hasValue(1);
        assertThat(lane.acquireNow(HOLDER, QueueState.NO_SELECTOR, 20)).allMatch(message -> message.message() != null);
    }

    private static Envelope message(int number) {
        return new Envelope(
                "ID:" + number,
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
                new byte[BODY_BYTES],
                null);
    }
}
