package io.mamba.shop.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.provider.ProviderFigures.Figures;
import org.junit.jupiter.api.Test;

class QueueHistoryTest {

    private static final long SECOND = 1_000_000_000L;

    private final QueueHistory history = new QueueHistory();

    @Test
    void takesTheRateFromTwoReadings() {
        history.add(new Figures(5, 0, 0, 100), 0);
        history.add(new Figures(5, 0, 0, 160), 2 * SECOND);

        assertThat(history.now().getJsonNumber("rate").doubleValue()).isEqualTo(30.0);
    }

    @Test
    void hasNoRateAtFirstAndNoneBelowZero() {
        history.add(new Figures(0, 0, 0, 100), 0);
        assertThat(rate()).isZero();

        history.add(new Figures(0, 0, 0, 3), SECOND);
        assertThat(rate()).isZero();
    }

    @Test
    void comesBackToZeroWhenNothingIsSettledAnyMore() {
        for (int second = 0; second < 10; second++) {
            history.add(new Figures(0, 0, 0, Math.min(second, 4) * 50L), second * SECOND);
        }

        assertThat(rate()).isZero();
    }

    @Test
    void keepsTwoMinutes() {
        for (int second = 0; second < 500; second++) {
            history.add(new Figures(second, 1, 0, 0), second * SECOND);
        }

        assertThat(history.past().getJsonArray("depth")).hasSize(QueueHistory.POINTS);
        assertThat(history.past().getJsonArray("depth").getInt(QueueHistory.POINTS - 1))
                .isEqualTo(500);
    }

    private double rate() {
        return history.now().getJsonNumber("rate").doubleValue();
    }
}
