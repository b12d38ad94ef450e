package io.mamba.shop.replay;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.payments.PaymentDesk;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/**
 * Pays the orders of a replay once they are CREATED. Its subscription is durable, so that orders of a replay which a crash
 * ended are paid after the restart.
 */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.TOPIC),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.ORDERS_CREATED),
            @ActivationConfigProperty(propertyName = "messageSelector", propertyValue = Letter.REPLAY + " IS NOT NULL"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "replay"),
            @ActivationConfigProperty(propertyName = "clientId", propertyValue = "shop-replay"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1")
        })
public class ReplayCashier implements MessageListener {

    @Inject
    private PaymentDesk desk;

    @Override
    public void onMessage(Message message) {
        desk.pay(Letter.open(message).getString("orderId"), Letter.property(message, Letter.REPLAY));
    }
}
