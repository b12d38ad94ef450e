package io.mamba.shop.notifications;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import java.time.Instant;

/** What a customer is told when an order changes. */
public final class Notification {

    private Notification() {}

    public static Letter about(String orderId, String customer, String state, Instant at) {
        return Letter.toTopic(
                Destinations.NOTIFICATIONS,
                orderId,
                JsonText.object()
                        .add("orderId", orderId)
                        .add("customer", customer)
                        .add("state", state)
                        .add("text", text(orderId, state))
                        .add("at", at.toString())
                        .build());
    }

    static String text(String orderId, String state) {
        return switch (state) {
            case "CREATED" -> "We have your order " + orderId + ".";
            case "PAID" -> "Thank you: order " + orderId + " is paid and goes to the warehouse.";
            case "SHIPPED" -> "Order " + orderId + " is on its way to you.";
            case "REJECTED_STOCK" -> "We are sorry: order " + orderId + " asks for more than we have.";
            default -> "Order " + orderId + " is now " + state + ".";
        };
    }
}
