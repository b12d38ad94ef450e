package io.mamba.shop.stock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StockLevelTest {

    @Test
    void fallsWhenItCrossesTheReorderLevel() {
        assertThat(new StockLevel(10, 9, 10).fell()).isTrue();
        assertThat(new StockLevel(30, 0, 10).fell()).isTrue();
    }

    @Test
    void doesNotFallWhileItIsAtOrAboveTheLevel() {
        assertThat(new StockLevel(11, 10, 10).fell()).isFalse();
        assertThat(new StockLevel(9, 40, 10).fell()).isFalse();
    }

    @Test
    void doesNotFallTwice() {
        assertThat(new StockLevel(9, 8, 10).fell()).isFalse();
    }

    @Test
    void fallsAgainAfterItRose() {
        assertThat(new StockLevel(9, 12, 10).fell()).isFalse();
        assertThat(new StockLevel(12, 8, 10).fell()).isTrue();
    }

    @Test
    void isPossibleDownToZero() {
        assertThat(new StockLevel(5, 0, 1).possible()).isTrue();
        assertThat(new StockLevel(5, -1, 1).possible()).isFalse();
    }
}
