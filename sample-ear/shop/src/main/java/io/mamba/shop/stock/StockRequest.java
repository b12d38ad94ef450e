package io.mamba.shop.stock;

import io.mamba.shop.Problem;
import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.UUID;

/** A change of stock as it is asked for. The id tells one request from another of the same size. */
record StockRequest(String id, String sku, long delta) {

    private static final long LARGEST = 1_000_000;

    static StockRequest read(String sku, String body) {
        return new StockRequest(UUID.randomUUID().toString(), sku, delta(body));
    }

    private static long delta(String body) {
        try {
            if (JsonText.parse(body).get("delta") instanceof JsonNumber number) {
                long delta = number.bigDecimalValue().longValueExact();
                if (delta != 0 && delta >= -LARGEST && delta <= LARGEST) {
                    return delta;
                }
            }
            throw outOfBounds();
        } catch (ArithmeticException e) {
            throw outOfBounds();
        } catch (JsonException e) {
            throw Problem.badRequest("The body is not a JSON object: " + e.getMessage());
        }
    }

    private static Problem outOfBounds() {
        return Problem.badRequest("delta must be a whole number from -" + LARGEST + " to " + LARGEST + " and not 0");
    }

    JsonObject toJson() {
        return JsonText.object()
                .add("id", id)
                .add("sku", sku)
                .add("delta", delta)
                .build();
    }

    static StockRequest of(JsonObject message) {
        return new StockRequest(
                message.getString("id"),
                message.getString("sku"),
                message.getJsonNumber("delta").longValueExact());
    }
}
