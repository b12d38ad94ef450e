package io.mamba.shop.alerts;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;

/** The durable subscriber of {@code shop.stock.low}: what was said while the shop was down is stored when it is up again. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.TOPIC),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.STOCK_LOW),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "alerts"),
            @ActivationConfigProperty(propertyName = "clientId", propertyValue = "shop"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1")
        })
public class AlertStoring implements MessageListener {

    @PersistenceContext
    private EntityManager database;

    @Override
    public void onMessage(Message message) {
        JsonObject low = Letter.open(message);
        database.persist(new StockAlert(
                low.getString("sku"),
                low.getString("name"),
                low.getJsonNumber("stock").longValueExact(),
                low.getJsonNumber("reorderLevel").longValueExact(),
                Instant.parse(low.getString("at"))));
    }
}
