package io.mamba.shop.tests;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** The answer of {@code GET /audit}. */
record Audit(JsonObject json) {

    int orders(String state) {
        return json.getJsonObject("orders").getInt(state);
    }

    long number(String name) {
        return json.getJsonNumber(name).longValueExact();
    }

    boolean balanced() {
        return json.getBoolean("balanced");
    }

    int inDoubt() {
        return json.getInt("inDoubt");
    }

    /** The sum over all queues of depth, inFlight or deadLettered. */
    long all(String figure) {
        return json.getJsonObject("queues").values().stream()
                .map(JsonValue::asJsonObject)
                .mapToLong(queue -> queue.getJsonNumber(figure).longValueExact())
                .sum();
    }

    long of(String queue, String figure) {
        return json.getJsonObject("queues")
                .getJsonObject(queue)
                .getJsonNumber(figure)
                .longValueExact();
    }

    /** Nothing waits, nothing is under way, nothing is undecided. */
    boolean quiet() {
        return all("depth") == 0 && all("inFlight") == 0 && inDoubt() == 0;
    }

    /** Quiet, and each order in a final state. */
    boolean drained() {
        return quiet() && orders("CREATED") == 0 && orders("PAID") == 0;
    }
}
