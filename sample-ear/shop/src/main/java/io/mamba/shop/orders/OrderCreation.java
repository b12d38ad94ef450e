package io.mamba.shop.orders;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import io.mamba.shop.notifications.Notification;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;

/** Stores submitted orders. The first order under an id wins; another one under the same id changes nothing. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.QUEUE),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.ORDERS_SUBMITTED),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "4")
        })
public class OrderCreation implements MessageListener {

    private final Clock clock = Clock.systemUTC();

    @PersistenceContext
    private EntityManager database;

    @Inject
    private Outbox outbox;

    @Override
    public void onMessage(Message message) {
        OrderRequest request = OrderRequest.of(Letter.open(message));
        if (database.find(Order.class, request.orderId()) != null) {
            return;
        }
        Order order = new Order(request.orderId(), request.customer(), request.lines(), clock.instant());
        database.persist(order);
        String replay = Letter.property(message, Letter.REPLAY);
        outbox.send(
                Letter.toTopic(
                                Destinations.ORDERS_CREATED,
                                order.id(),
                                JsonText.object().add("orderId", order.id()).build())
                        .with(Letter.REPLAY, replay),
                Notification.about(order.id(), order.customer(), order.state().name(), order.createdAt())
                        .with(Letter.REPLAY, replay));
    }
}
