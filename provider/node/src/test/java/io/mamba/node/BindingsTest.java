package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BindingsTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Partition SHOP = new Partition("foreign:shop.orders", 0);

    private final SharedNodes nodes = new SharedNodes();

    private static void put(SharedNodes.Member member, String body) {
        LogRecord record = new LogRecord(SHOP, null, List.of(), body.getBytes(UTF_8), 0);
        member.log.appendAndWait(Batch.of(List.of(record)), Durability.DURABLE);
    }

    private static int records(SharedNodes.Member member) {
        int[] count = new int[1];
        member.log.read(Map.of(SHOP, 0L), record -> count[0]++);
        return count[0];
    }

    private String take(SharedNodes.Member member) {
        Acquired taken = requireNonNull(nodes.take(member, ORDERS));
        byte[] body =
                requireNonNull(member.node.read(taken.lane(), taken.position()).body());
        member.node.settle(taken.lane(), SharedNodes.HOLDER, new long[] {taken.position()}, Durability.DURABLE);
        nodes.work();
        return new String(body, UTF_8);
    }

    @Test
    void giveAQueueTheRecordsThatAreThereInAllNodes() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        put(a, "old");

        a.node.destinations().bind(ORDERS, "shop.orders", StartFrom.EARLIEST);
        nodes.work();
        b.node.send(nodes.message(ORDERS, "new"));
        nodes.work();

        assertThat(take(b)).isEqualTo("old");
        assertThat(take(a)).isEqualTo("new");
        assertThat(records(a)).isEqualTo(2);
    }

    @Test
    void areKnownWhenANodeOpens() {
        SharedNodes.Member a = nodes.open("a");
        put(a, "old");
        a.node.destinations().bind(ORDERS, "shop.orders", StartFrom.LATEST);
        a.node.destinations().change(ORDERS, DestinationSettings.NONE.maxDeliveries(3));
        a.leave();

        SharedNodes.Member b = nodes.open("b");
        put(b, "new");
        nodes.work();

        assertThat(b.node.destinations().boundTopic(ORDERS)).contains("shop.orders");
        assertThat(b.node.destinations().settings(ORDERS)).isEqualTo(DestinationSettings.NONE.maxDeliveries(3));
        assertThat(take(b)).isEqualTo("new");
    }

    @Test
    void endWithTheirDestinationWhoseNameIsFreeThen() {
        SharedNodes.Member a = nodes.open("a");
        SharedNodes.Member b = nodes.open("b");
        put(a, "one");
        put(a, "two");
        a.node.destinations().bind(ORDERS, "shop.orders", StartFrom.EARLIEST);
        a.node.destinations().delete(ORDERS);
        nodes.work();

        b.node.send(nodes.message(ORDERS, "own"));
        nodes.work();

        assertThat(a.node.destinations().boundTopic(ORDERS)).isEmpty();
        assertThat(take(a)).isEqualTo("own");
        assertThat(records(a)).isEqualTo(2);
    }

    @Test
    void areNotMadeWhereADestinationOrABindingIs() {
        SharedNodes.Member a = nodes.open("a");
        a.node.destinations().ensure(ORDERS);
        a.node.destinations().bind(Address.queue("bound"), "shop.orders", StartFrom.EARLIEST);

        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> a.node.destinations().bind(ORDERS, "shop.more", StartFrom.EARLIEST))
                .withMessageContaining("queue://orders exists already, with a topic of its own");
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> a.node.destinations().bind(Address.queue("other"), "shop.orders", StartFrom.EARLIEST))
                .withMessageContaining("queue://bound is bound to 'shop.orders'");
    }

    @Test
    void areNotForAnEmbeddedLog() {
        InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
        ManualTimers time = new ManualTimers();
        try (Node node = Node.open(MambaUrl.parse("mamba:file:/nowhere"), log, time, time)) {
            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> node.destinations().bind(ORDERS, "shop.orders", StartFrom.EARLIEST))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
        }
    }
}
