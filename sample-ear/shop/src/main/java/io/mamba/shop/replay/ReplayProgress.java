package io.mamba.shop.replay;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.json.JsonObject;
import java.time.Clock;

/** Counts how far a replay is by what customers are told, which every instance of the shop hears. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.TOPIC),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.NOTIFICATIONS),
            @ActivationConfigProperty(propertyName = "messageSelector", propertyValue = Letter.REPLAY + " IS NOT NULL"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReplayProgress implements MessageListener {

    private final Clock clock = Clock.systemUTC();

    @Inject
    private LatestReplay latest;

    @Override
    public void onMessage(Message message) {
        String replay = Letter.property(message, Letter.REPLAY);
        JsonObject told = Letter.open(message);
        if (replay != null) {
            latest.told(replay, told.getString("orderId"), told.getString("state"), clock.instant());
        }
    }
}
