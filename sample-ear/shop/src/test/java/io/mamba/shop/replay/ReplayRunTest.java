package io.mamba.shop.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayRunTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ReplayRun run = ReplayRun.begun(2, START);

    @Test
    void handsOutEachOrderOnce() {
        assertThat(run.take()).isZero();
        assertThat(run.take()).isEqualTo(1);
        assertThat(run.take()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void runsUntilAllIsSubmittedAndPaid() {
        run.submitted(START.plusMillis(500));
        run.told("a", "PAID", START.plusMillis(600));
        run.submitted(START.plusSeconds(1));
        assertThat(run.running(START.plusSeconds(2))).isTrue();

        run.told("b", "PAID", START.plusSeconds(2));
        assertThat(run.running(START.plusSeconds(2))).isFalse();
    }

    @Test
    void countsAnOrderThatIsPaidAgainOnce() {
        run.told("a", "PAID", START);
        run.told("a", "PAID", START);

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

    @Test
    void isHeardOfWithAllThatItsNameSays() {
        ReplayRun heard = ReplayRun.heardOf(run.name(), START.plusSeconds(5)).orElseThrow();
        assertThat(heard.requested()).isEqualTo(2);
        assertThat(heard.isNewerThan(run)).isFalse();
        assertThat(heard.isNewerThan(null)).isTrue();

        heard.told("a", "CREATED", START.plusSeconds(6));
        heard.told("a", "CREATED", START.plusSeconds(6));
        heard.told("a", "PAID", START.plusSeconds(7));
        heard.told("b", "CREATED", START.plusSeconds(8));
        heard.told("a", "SHIPPED", START.plusSeconds(8));

        assertThat(heard.submittedCount()).isEqualTo(2);
        assertThat(heard.paidCount()).isEqualTo(1);
        assertThat(heard.rate(START.plusSeconds(20))).isEqualTo(0.3); // 2 in 8 s
        assertThat(heard.running(START.plusSeconds(17))).isTrue();
        assertThat(heard.running(START.plusSeconds(18))).isFalse();
    }

    @Test
    void countsWhatItSubmittedItselfOnce() {
        run.submitted(START);
        run.told("a", "CREATED", START.plusSeconds(1));

        assertThat(run.submittedCount()).isEqualTo(1);
    }

    @Test
    void isNotHeardOfByAnotherName() {
        assertThat(ReplayRun.heardOf("r1-", START)).isEmpty();
        assertThat(ReplayRun.heardOf("2026-01-01", START)).isEmpty();
    }
}
