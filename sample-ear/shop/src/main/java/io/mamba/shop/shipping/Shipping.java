package io.mamba.shop.shipping;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import io.mamba.shop.notifications.Notification;
import io.mamba.shop.orders.Order;
import io.mamba.shop.orders.OrderLine;
import io.mamba.shop.orders.OrderState;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Instant;

/** Stores the shipping order of a paid order and marks the order SHIPPED. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.QUEUE),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.SHIPMENTS),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "4")
        })
public class Shipping implements MessageListener {

    private final Clock clock = Clock.systemUTC();

    @PersistenceContext
    private EntityManager database;

    @Inject
    private Outbox outbox;

    @Override
    public void onMessage(Message message) {
        String orderId = Letter.open(message).getString("orderId");
        Order order = database.find(Order.class, orderId, LockModeType.PESSIMISTIC_WRITE);
        if (order == null) {
            throw new IllegalStateException("There is no order " + orderId + " to be shipped");
        }
        if (order.state() == OrderState.SHIPPED) {
            return;
        }
        Instant now = clock.instant();
        order.become(OrderState.SHIPPED);
        long units = order.lines().stream().mapToLong(OrderLine::quantity).sum();
        database.persist(new ShippingOrder(orderId, units, now));
        outbox.send(
                Letter.toTopic(
                        Destinations.ORDERS_SHIPPED,
                        orderId,
                        JsonText.object()
                                .add("orderId", orderId)
                                .add("units", units)
                                .build()),
                Notification.about(orderId, order.customer(), order.state().name(), now)
                        .with(Letter.REPLAY, Letter.property(message, Letter.REPLAY)));
    }
}
