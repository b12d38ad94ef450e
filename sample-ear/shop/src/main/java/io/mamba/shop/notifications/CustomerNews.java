package io.mamba.shop.notifications;

import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the customers of the latest orders were told since the shop opened. Orders of customers and orders of replays are kept
 * apart, so that a replay does not push a customer's order out. Thread-safe.
 */
@ApplicationScoped
public class CustomerNews {

    static final int KEPT_OF_CUSTOMERS = 40;
    static final int KEPT_OF_REPLAYS = 20;

    private final Map<String, Told> customers = new LinkedHashMap<>();
    private final Map<String, Told> replays = new LinkedHashMap<>();
    private long changes;

    private record Line(String state, String text, String at) {}

    /** One order; {@code change} tells which order was told something last. */
    private record Told(String customer, boolean replayed, List<Line> lines, long change) {

        JsonObject toJson() {
            JsonArrayBuilder told = JsonText.array();
            lines.forEach(line -> told.add(JsonText.object()
                    .add("state", line.state())
                    .add("text", line.text())
                    .add("at", line.at())));
            return JsonText.object()
                    .add("customer", customer)
                    .add("replayed", replayed)
                    .add("told", told)
                    .add("change", change)
                    .build();
        }
    }

    /**
     * @param notification as {@link Notification#about} wrote it
     * @param replayed whether its order belongs to a replay
     */
    synchronized void tell(JsonObject notification, boolean replayed) {
        String orderId = notification.getString("orderId");
        Map<String, Told> orders = replayed ? replays : customers;
        Told before = orders.remove(orderId);
        List<Line> lines = before == null ? new ArrayList<>() : new ArrayList<>(before.lines());
        lines.add(new Line(
                notification.getString("state"), notification.getString("text"), notification.getString("at")));
        orders.put(orderId, new Told(notification.getString("customer"), replayed, List.copyOf(lines), ++changes));
        if (orders.size() > (replayed ? KEPT_OF_REPLAYS : KEPT_OF_CUSTOMERS)) {
            orders.remove(orders.keySet().iterator().next());
        }
    }

    /** The latest orders by id. */
    public synchronized Map<String, JsonObject> latest() {
        Map<String, JsonObject> shown = new HashMap<>();
        customers.forEach((orderId, told) -> shown.put(orderId, told.toJson()));
        replays.forEach((orderId, told) -> shown.put(orderId, told.toJson()));
        return shown;
    }
}
