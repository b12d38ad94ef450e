package io.mamba.shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderTest {

    private final Order order = new Order("a", "Ann", List.of(new OrderLine("4711", 1)), Instant.EPOCH);

    @Test
    void isPaidAndThenShipped() {
        order.become(OrderState.PAID);
        order.become(OrderState.SHIPPED);

        assertThat(order.state()).isEqualTo(OrderState.SHIPPED);
    }

    @Test
    void isNotPaidTwice() {
        order.become(OrderState.PAID);

        assertThatThrownBy(() -> order.become(OrderState.PAID)).hasMessageContaining("is PAID and cannot become PAID");
    }

    @Test
    void isFinalOnceShippedOrRefused() {
        for (OrderState last : Set.of(OrderState.SHIPPED, OrderState.REJECTED_STOCK)) {
            assertThat(EnumSet.allOf(OrderState.class)).noneMatch(last::mayBecome);
        }
    }

    @Test
    void neverBecomesCreatedAgain() {
        assertThat(EnumSet.allOf(OrderState.class)).noneMatch(state -> state.mayBecome(OrderState.CREATED));
    }
}
