package io.mamba.shop.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BooksTest {

    @Test
    void balanceWhenEveryUnitIsAccountedFor() {
        assertThat(books(30, 5, 100, 75).balanced()).isTrue();
    }

    @Test
    void doNotBalanceWhenAUnitIsMissingOrLeftOver() {
        assertThat(books(30, 5, 100, 74).balanced()).isFalse();
        assertThat(books(30, 5, 100, 76).balanced()).isFalse();
    }

    private static Books books(long sold, long adjusted, long initial, long current) {
        return new Books(0, 0, 1, 0, sold, adjusted, initial, current, 0);
    }
}
