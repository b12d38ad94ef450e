package io.mamba.shop.stock;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Applies changes of stock; one that would make a stock negative changes nothing and is recorded as refused. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.QUEUE),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.STOCK_UPDATES),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "2")
        })
public class StockUpdating implements MessageListener {

    private final Clock clock = Clock.systemUTC();

    @PersistenceContext
    private EntityManager database;

    @Inject
    private Warehouse warehouse;

    @Inject
    private Outbox outbox;

    @Override
    public void onMessage(Message message) {
        StockRequest request = StockRequest.of(Letter.open(message));
        Instant now = clock.instant();
        Warehouse.Adjustment adjustment = warehouse.adjust(request.sku(), request.delta());
        database.persist(new StockChange(request.id(), request.sku(), request.delta(), adjustment.applied(), now));
        if (!adjustment.applied()) {
            return;
        }
        List<Letter> letters = new ArrayList<>();
        letters.add(Letter.toTopic(
                Destinations.STOCK_CHANGED,
                request.sku(),
                JsonText.object()
                        .add("sku", request.sku())
                        .add("delta", request.delta())
                        .add("stock", adjustment.stock())
                        .add("at", now.toString())
                        .build()));
        if (adjustment.alert() != null) {
            letters.add(adjustment.alert());
        }
        outbox.send(letters.toArray(Letter[]::new));
    }
}
