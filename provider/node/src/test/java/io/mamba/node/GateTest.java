package io.mamba.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.WhenFull;
import io.mamba.message.Address;
import io.mamba.queue.Load;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Load ONE = new Load(1, 0);

    @Test
    void servesASenderByWhatIsFreedWhileItIsReportedThatThereIsNoRoom() {
        AtomicReference<Gate> reported = new AtomicReference<>();
        Gate gate = new Gate(
                Address.queue("orders"),
                () -> {},
                () -> {},
                missing -> false,
                (limits, used) -> requireNonNull(reported.get()).free(ONE),
                false);
        reported.set(gate);
        gate.open(new Limits(1, Long.MAX_VALUE, WhenFull.BLOCK, Duration.ZERO), Load.NONE);
        gate.enter(ONE, Load.NONE, new Sender());

        gate.enter(ONE, Load.NONE, new Sender());

        assertThat(gate.used()).isEqualTo(ONE);
    }
}
