package io.mamba.shop.stock;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;

/** Takes changes of stock in. */
@Stateless
public class StockDesk {

    @Inject
    private Outbox outbox;

    public void submit(String sku, JsonObject request) {
        outbox.send(Letter.toQueue(Destinations.STOCK_UPDATES, sku, request));
    }
}
