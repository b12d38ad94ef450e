package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.log.Batch.Purpose;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueState;
import io.mamba.transaction.BranchId;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Who goes on while the log has only its reserve, or less. */
class FullDiskTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address SHIPMENTS = Address.queue("shipments");
    private static final BranchId BRANCH = BranchId.of(1, new byte[] {1}, new byte[] {2});
    private static final long HOLDER = 100;

    private final ManualTimers time = new ManualTimers();
    private final InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private final Node node = Node.open(MambaUrl.parse("mamba:file:/nowhere?maxDeliveries=1"), log, time, time);

    private Envelope message(Address to) {
        return new Envelope(
                "ID:1",
                to,
                true,
                4,
                time.millis(),
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                "x".getBytes(UTF_8),
                null);
    }

    private Acquired take() {
        Acquired message = Objects.requireNonNull(node.queue(ORDERS).acquireNow(HOLDER, QueueState.NO_SELECTOR));
        node.mark(message.lane(), HOLDER, message.position());
        return message;
    }

    private static void refuses(ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(error -> assertThat(((MambaException) error).code()).isEqualTo(ErrorCode.RESOURCE_LIMIT));
    }

    private Unit unit(boolean takes, boolean sends) {
        Unit unit = node.newUnit();
        if (takes) {
            Acquired message = take();
            unit.take(message.lane(), HOLDER, message.position());
        }
        if (sends) {
            unit.send(message(SHIPMENTS));
        }
        return unit;
    }

    @Test
    void settlingAndCheckpointsGoOnInAllOfTheReserve() {
        node.send(message(ORDERS));
        node.send(message(ORDERS));
        log.onlyFor(Purpose.SETTLING);

        refuses(() -> node.send(message(ORDERS)));
        Acquired first = take();
        node.settle(first.lane(), HOLDER, new long[] {first.position()}, Durability.DURABLE);
        node.commit(unit(true, false));
        node.checkpoint();

        assertThat(node.queue(ORDERS).acquireNow(HOLDER, QueueState.NO_SELECTOR))
                .isNull();
    }

    @Test
    void unitsThatReceiveAndSendGoOnInHalfOfIt() {
        node.send(message(ORDERS));
        node.send(message(ORDERS));
        log.onlyFor(Purpose.MOVING);

        node.commit(unit(true, true));

        refuses(() -> node.commit(unit(false, true)));
        log.onlyFor(Purpose.SETTLING);
        Unit refused = unit(true, true);
        refuses(() -> node.commit(refused));
        node.rollback(refused);
        assertThat(node.browse(node.queue(SHIPMENTS))).hasSize(1);
    }

    @Test
    void aPreparedBranchIsCommittedWithItsSends() {
        node.send(message(ORDERS));
        Unit unit = node.branches().start(BRANCH, HOLDER);
        Acquired message = take();
        unit.take(message.lane(), HOLDER, message.position());
        unit.send(message(SHIPMENTS));
        node.branches().end(BRANCH, HOLDER, false);
        node.branches().prepare(BRANCH);
        log.onlyFor(Purpose.SETTLING);

        node.branches().commit(BRANCH, false);

        assertThat(node.browse(node.queue(SHIPMENTS))).hasSize(1);
        assertThat(node.browse(node.queue(ORDERS))).isEmpty();
    }

    @Test
    void aPreparedBranchIsRolledBackThoughThatBuriesAMessage() {
        node.send(message(ORDERS));
        Unit unit = node.branches().start(BRANCH, HOLDER);
        Acquired message = take();
        unit.take(message.lane(), HOLDER, message.position());
        node.branches().end(BRANCH, HOLDER, false);
        node.branches().prepare(BRANCH);
        log.onlyFor(Purpose.SETTLING);

        node.branches().rollback(BRANCH);

        assertThat(node.browse(node.queue(Address.queue("DLQ.orders")))).hasSize(1);
        assertThat(node.branches().inDoubt()).isEmpty();
    }

    @Test
    void whatIsRefusedIsTakenAgainWhenThereIsRoom() {
        log.onlyFor(Purpose.SETTLING);
        refuses(() -> node.send(message(ORDERS)));

        log.onlyFor(Purpose.GROWING);

        node.send(message(ORDERS));
        node.commit(unit(true, true));
        assertThat(node.browse(node.queue(SHIPMENTS))).hasSize(1);
    }
}
