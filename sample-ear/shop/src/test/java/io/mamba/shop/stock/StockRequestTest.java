package io.mamba.shop.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.shop.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StockRequestTest {

    @ParameterizedTest
    @ValueSource(longs = {1, -1, 1_000_000, -1_000_000})
    void readsADeltaWithinItsBounds(long delta) {
        StockRequest request = StockRequest.read("4711", "{\"delta\":" + delta + "}");

        assertThat(request.delta()).isEqualTo(delta);
        assertThat(StockRequest.of(request.toJson())).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000001", "-1000001", "0.5", "1e99", "\"4\"", "null"})
    void refusesAnyOther(String delta) {
        assertThatThrownBy(() -> StockRequest.read("4711", "{\"delta\":" + delta + "}"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400))
                .hasMessageContaining("delta must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"delta\"", "[40]"})
    void refusesABodyWithoutDelta(String body) {
        assertThatThrownBy(() -> StockRequest.read("4711", body))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }

    @Test
    void tellsTwoRequestsOfTheSameSizeApart() {
        assertThat(StockRequest.read("4711", "{\"delta\":1}").id())
                .isNotEqualTo(StockRequest.read("4711", "{\"delta\":1}").id());
    }
}
