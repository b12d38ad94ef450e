package io.mamba.shop.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayRunTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ReplayRun run = new ReplayRun("r", 2, START);

    @Test
    void handsOutEachOrderOnce() {
        assertThat(run.take()).isZero();
        assertThat(run.take()).isEqualTo(1);
        assertThat(run.take()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void runsUntilAllIsSubmittedAndPaid() {
        run.submitted(START.plusMillis(500));
        run.paid("a", START.plusMillis(600));
        run.submitted(START.plusSeconds(1));
        assertThat(run.running(START.plusSeconds(2))).isTrue();

        run.paid("b", START.plusSeconds(2));
        assertThat(run.running(START.plusSeconds(2))).isFalse();
    }

    @Test
    void countsAnOrderThatIsPaidAgainOnce() {
        run.paid("a", START);
        run.paid("a", START);

        assertThat(run.paidCount()).isEqualTo(1);
    }

    @Test
    void keepsTheRateAtWhichItSubmitted() {
        run.submitted(START);
        run.submitted(START.plusMillis(500));

        assertThat(run.rate(START.plusSeconds(100))).isEqualTo(4.0);
    }

    @Test
    void isOverWhenNothingHappensAnyMore() {
        run.submitted(START);

        assertThat(run.running(START.plusSeconds(119))).isTrue();
        assertThat(run.running(START.plusSeconds(120))).isFalse();
    }

    @Test
    void handsOutNothingOnceStopped() {
        run.stop();

        assertThat(run.take()).isEqualTo(2);
        assertThat(run.running(START)).isFalse();
    }
}
