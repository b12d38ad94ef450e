package io.mamba.shop.payments;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

/** Takes payments in, also for an order that is not stored yet. */
@Stateless
public class PaymentDesk {

    @Inject
    private Outbox outbox;

    public void pay(String orderId) {
        outbox.send(Letter.toQueue(
                Destinations.PAYMENTS,
                orderId,
                JsonText.object().add("orderId", orderId).build()));
    }
}
