package io.mamba.shop.payments;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Takes payments in, also for an order that is not stored yet. */
@Stateless
public class PaymentDesk {

    @Inject
    private Outbox outbox;

    public void pay(String orderId) {
        outbox.send(letter(orderId));
    }

    /** Pays an order of a replay. */
    public void pay(String orderId, @Nullable String replay) {
        outbox.send(letter(orderId).with(Letter.REPLAY, replay));
    }

    private static Letter letter(String orderId) {
        return Letter.toQueue(
                Destinations.PAYMENTS,
                orderId,
                JsonText.object().add("orderId", orderId).build());
    }
}
