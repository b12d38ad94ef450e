package io.mamba.shop.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.catalogue.FoodMart;
import io.mamba.shop.catalogue.OpeningStock;
import io.mamba.shop.orders.OrderLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoodMartOrdersTest {

    private static final List<FoodMartOrders.PastOrder> ORDERS = FoodMartOrders.read();

    @Test
    void are20530OrdersOf266773Units() {
        assertThat(ORDERS).hasSize(20_530);
        assertThat(ORDERS.stream()
                        .flatMap(order -> order.lines().stream())
                        .mapToLong(OrderLine::quantity)
                        .sum())
                .isEqualTo(266_773);
    }

    @Test
    void haveEachProductOnceAfterSumming() {
        assertThat(ORDERS)
                .allMatch(order ->
                        order.lines().stream().map(OrderLine::sku).distinct().count()
                                == order.lines().size());
        assertThat(ORDERS.stream().mapToInt(order -> order.lines().size()).sum())
                .isEqualTo(86_837 - 8);
    }

    @Test
    void haveIdsOfTheirOwnThatTheShopAccepts() {
        assertThat(ORDERS.stream().map(order -> order.id("r1")))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[A-Za-z0-9._-]{1,64}"));
    }

    @Test
    void findEnoughStockForMostButNotForAll() {
        assertThat(refusedOf(ORDERS)).isBetween(2_000L, 5_000L);
        assertThat(refusedOf(ORDERS.subList(0, 2_000))).isBetween(10L, 100L);
    }

    private static long refusedOf(List<FoodMartOrders.PastOrder> orders) {
        Map<String, Long> stock = new HashMap<>();
        FoodMart.products()
                .forEach(item ->
                        stock.put(item.sku(), OpeningStock.of(item.number()).units()));
        long refused = 0;
        for (FoodMartOrders.PastOrder order : orders) {
            if (order.lines().stream().allMatch(line -> stock.getOrDefault(line.sku(), 0L) >= line.quantity())) {
                order.lines().forEach(line -> stock.merge(line.sku(), -(long) line.quantity(), Long::sum));
            } else {
                refused++;
            }
        }
        return refused;
    }
}
