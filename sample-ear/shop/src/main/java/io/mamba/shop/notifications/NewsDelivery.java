package io.mamba.shop.notifications;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/**
 * Hears what customers are told, as their letter-box would. It stores nothing, so it needs no transaction, and it does not
 * matter what was said while the shop was closed: its subscription is not durable.
 */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.TOPIC),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.NOTIFICATIONS),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class NewsDelivery implements MessageListener {

    @Inject
    private CustomerNews news;

    @Override
    public void onMessage(Message message) {
        news.tell(Letter.open(message), Letter.property(message, Letter.REPLAY) != null);
    }
}
