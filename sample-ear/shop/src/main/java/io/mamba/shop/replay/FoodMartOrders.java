package io.mamba.shop.replay;

import io.mamba.shop.catalogue.FoodMart;
import io.mamba.shop.orders.OrderLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The orders of 1997: the lines of {@code sales_fact_1997.json} grouped by customer, day and shop, in the order in which they
 * first appear. A product that stands twice in an order is summed.
 */
public final class FoodMartOrders {

    private FoodMartOrders() {}

    /** An order of the data set. */
    public record PastOrder(int customerId, int timeId, int storeId, String customer, List<OrderLine> lines) {

        public String id(String run) {
            return run + "-" + customerId + "-" + timeId + "-" + storeId;
        }
    }

    private record Key(int customerId, int timeId, int storeId) {}

    public static List<PastOrder> read() {
        Map<Integer, String> skus = new HashMap<>();
        FoodMart.products().forEach(item -> skus.put(item.number(), item.sku()));
        Map<Integer, String> customers = new HashMap<>();
        FoodMart.eachLine(
                "customer.json",
                line -> customers.put(
                        line.getInt("customer_id"), line.getString("fname") + " " + line.getString("lname")));

        Map<Key, Map<String, Integer>> orders = new LinkedHashMap<>();
        FoodMart.eachLine("sales_fact_1997.json", line -> {
            Key key = new Key(line.getInt("customer_id"), line.getInt("time_id"), line.getInt("store_id"));
            int units = line.getJsonNumber("unit_sales").bigDecimalValue().intValueExact();
            orders.computeIfAbsent(key, absent -> new LinkedHashMap<>())
                    .merge(Objects.requireNonNull(skus.get(line.getInt("product_id"))), units, Integer::sum);
        });

        List<PastOrder> past = new ArrayList<>(orders.size());
        orders.forEach((key, units) -> past.add(new PastOrder(
                key.customerId(),
                key.timeId(),
                key.storeId(),
                customers.getOrDefault(key.customerId(), "Customer " + key.customerId()),
                units.entrySet().stream()
                        .map(line -> new OrderLine(line.getKey(), line.getValue()))
                        .toList())));
        return past;
    }
}
