package io.mamba.shop.replay;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.payments.PaymentDesk;
import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Clock;

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

    private final Clock clock = Clock.systemUTC();

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry transaction;

    @Inject
    private PaymentDesk desk;

    @Inject
    private LatestReplay latest;

    @Override
    public void onMessage(Message message) {
        String orderId = Letter.open(message).getString("orderId");
        String name = Letter.property(message, Letter.REPLAY);
        desk.pay(orderId, name);
        ReplayRun run = latest.get();
        transaction.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // nothing to do
            }

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED
                        && run != null
                        && run.name().equals(name)) {
                    run.paid(orderId, clock.instant());
                }
            }
        });
    }
}
