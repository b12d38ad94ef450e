package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.log.Durability;
import io.mamba.log.InMemoryLog;
import io.mamba.message.Address;
import io.mamba.queue.QueueSettings;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DestinationSettingsNodeTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final DestinationSettings THREE = DestinationSettings.NONE.maxDeliveries(3);

    private final ManualTimers time = new ManualTimers();
    private InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));

    @Test
    void comeBeforeTheUrlAndTheDefault() {
        try (Node node = open("?maxDeliveries=5&initialRedeliveryDelay=1s")) {
            node.destinations().create(ORDERS, THREE);

            assertThat(node.destinations().settings().rules(ORDERS))
                    .isEqualTo(new QueueSettings(3, Duration.ofSeconds(1), 2.0, Duration.ofSeconds(30)));
            assertThat(node.destinations()
                            .settings()
                            .rules(Address.queue("others"))
                            .maxDeliveries())
                    .isEqualTo(5);
        }
    }

    @Test
    void areKeptInTheLog() {
        try (Node node = open("")) {
            node.destinations().create(ORDERS, DestinationSettings.NONE);
            node.destinations().change(ORDERS, THREE);
            node.destinations().ensure(ORDERS);
        }
        log = log.crash(Durability.DURABLE);

        try (Node node = open("")) {
            assertThat(node.destinations().settings(ORDERS)).isEqualTo(THREE);
            assertThat(node.destinations().settings().rules(ORDERS).maxDeliveries())
                    .isEqualTo(3);
        }
    }

    @Test
    void areNotReplacedByCreatingAgain() {
        try (Node node = open("")) {
            node.destinations().create(ORDERS, THREE);
            node.destinations().create(ORDERS, THREE);

            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> node.destinations().create(ORDERS, DestinationSettings.NONE))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ILLEGAL_STATE))
                    .withMessageContaining("exists with other settings ({maxDeliveries=3})");
        }
    }

    @Test
    void areNotForTemporaryDestinations() {
        try (Node node = open("")) {
            Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");

            assertThatExceptionOfType(MambaException.class)
                    .isThrownBy(() -> node.destinations().create(temporary, THREE))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    private Node open(String options) {
        return Node.open(MambaUrl.parse("mamba:file:/nowhere" + options), log, time, time);
    }
}
