package io.mamba.shop.orders;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Optional;

/** Where orders are handed in and asked for. An order that was taken in is on its queue when the call returns. */
@Stateless
public class OrderDesk {

    @PersistenceContext
    private EntityManager database;

    @Inject
    private Outbox outbox;

    public void submit(OrderRequest order) {
        outbox.send(letter(order));
    }

    /** Takes an order of a replay in; it lets the orders of customers pass, so that nobody waits for the end of a replay. */
    public void submit(OrderRequest order, String replay) {
        outbox.send(letter(order).with(Letter.REPLAY, replay).unhurried());
    }

    private static Letter letter(OrderRequest order) {
        return Letter.toQueue(Destinations.ORDERS_SUBMITTED, order.orderId(), order.toJson());
    }

    public Optional<JsonObject> find(String orderId) {
        return Optional.ofNullable(database.find(Order.class, orderId)).map(OrderDesk::show);
    }

    private static JsonObject show(Order order) {
        JsonArrayBuilder items = JsonText.array();
        order.lines()
                .forEach(line ->
                        items.add(JsonText.object().add("sku", line.sku()).add("quantity", line.quantity())));
        return JsonText.object()
                .add("orderId", order.id())
                .add("state", order.state().name())
                .add("customer", order.customer())
                .add("items", items)
                .build();
    }
}
