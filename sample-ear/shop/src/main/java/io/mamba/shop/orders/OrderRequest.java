package io.mamba.shop.orders;

import io.mamba.shop.Problem;
import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An order as a customer asks for it, checked against the bounds of the shop. */
public record OrderRequest(String orderId, String customer, List<OrderLine> lines) {

    public static final int MOST_ITEMS = 1_000;
    public static final int MOST_UNITS = 10_000;
    private static final int LONGEST_CUSTOMER = 200;
    private static final Pattern ORDER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Reads the body of a request; a {@link Problem} says what is wrong with it. */
    public static OrderRequest read(String body, Predicate<String> onSale) {
        JsonObject json = object(body);
        return new OrderRequest(orderId(json.get("orderId")), customer(json.get("customer")), lines(json, onSale));
    }

    public static String checkedOrderId(String orderId) {
        if (!ORDER_ID.matcher(orderId).matches()) {
            throw Problem.badRequest("An order id is 1 to 64 letters, digits, dots, underscores or hyphens");
        }
        return orderId;
    }

    /** The request as it travels to {@link OrderCreation}. */
    public JsonObject toJson() {
        JsonArrayBuilder items = JsonText.array();
        lines.forEach(line -> items.add(JsonText.object().add("sku", line.sku()).add("quantity", line.quantity())));
        return JsonText.object()
                .add("orderId", orderId)
                .add("customer", customer)
                .add("items", items)
                .build();
    }

    /** What {@link #toJson} wrote. */
    public static OrderRequest of(JsonObject message) {
        List<OrderLine> lines = message.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .map(item -> new OrderLine(item.getString("sku"), item.getInt("quantity")))
                .toList();
        return new OrderRequest(message.getString("orderId"), message.getString("customer"), lines);
    }

    private static JsonObject object(String body) {
        try {
            return JsonText.parse(body);
        } catch (JsonException e) {
            throw Problem.badRequest("The body is not a JSON object: " + e.getMessage());
        }
    }

    private static String orderId(@Nullable JsonValue value) {
        if (value == null || value == JsonValue.NULL) {
            return UUID.randomUUID().toString();
        }
        if (value instanceof JsonString text) {
            return checkedOrderId(text.getString());
        }
        throw Problem.badRequest("orderId must be a string");
    }

    private static String customer(@Nullable JsonValue value) {
        if (!(value instanceof JsonString text) || text.getString().isBlank()) {
            throw Problem.badRequest("customer is missing: a name is expected");
        }
        if (text.getString().length() > LONGEST_CUSTOMER) {
            throw Problem.badRequest("customer is longer than " + LONGEST_CUSTOMER + " characters");
        }
        return text.getString();
    }

    private static List<OrderLine> lines(JsonObject json, Predicate<String> onSale) {
        if (!(json.get("items") instanceof JsonArray items) || items.isEmpty()) {
            throw Problem.badRequest("items is missing or empty: an order has at least one item");
        }
        if (items.size() > MOST_ITEMS) {
            throw Problem.badRequest("An order has at most " + MOST_ITEMS + " items, this one has " + items.size());
        }
        Map<String, Integer> units = new LinkedHashMap<>();
        for (JsonValue item : items) {
            if (!(item instanceof JsonObject line)) {
                throw Problem.badRequest("Each item is an object with sku and quantity");
            }
            String sku = sku(line.get("sku"), onSale);
            units.merge(sku, quantity(sku, line.get("quantity")), Integer::sum);
        }
        units.forEach(OrderRequest::checkQuantity);
        return units.entrySet().stream()
                .map(entry -> new OrderLine(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String sku(@Nullable JsonValue value, Predicate<String> onSale) {
        if (!(value instanceof JsonString text)) {
            throw Problem.badRequest("sku is missing or not a string");
        }
        if (!onSale.test(text.getString())) {
            throw Problem.badRequest("There is no product with sku " + text.getString());
        }
        return text.getString();
    }

    private static int quantity(String sku, @Nullable JsonValue value) {
        if (!(value instanceof JsonNumber number)) {
            throw Problem.badRequest("The quantity of sku " + sku + " is missing or not a number");
        }
        try {
            int quantity = number.bigDecimalValue().intValueExact();
            checkQuantity(sku, quantity);
            return quantity;
        } catch (ArithmeticException e) {
            throw outOfBounds(sku);
        }
    }

    private static void checkQuantity(String sku, int quantity) {
        if (quantity < 1 || quantity > MOST_UNITS) {
            throw outOfBounds(sku);
        }
    }

    private static Problem outOfBounds(String sku) {
        return Problem.badRequest("The quantity of sku " + sku + " must be a whole number from 1 to " + MOST_UNITS
                + ", summed over its items");
    }
}
