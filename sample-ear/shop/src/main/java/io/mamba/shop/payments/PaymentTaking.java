package io.mamba.shop.payments;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import io.mamba.shop.messages.Outbox;
import io.mamba.shop.notifications.Notification;
import io.mamba.shop.orders.Order;
import io.mamba.shop.orders.OrderLine;
import io.mamba.shop.orders.OrderState;
import io.mamba.shop.stock.Warehouse;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The heart of the shop: in one transaction the payment is taken from its queue, the order becomes PAID, its units leave the
 * stock and its shipment is sent on. When a product is short the order is refused and no stock moves. An order that was paid
 * before stays as it is.
 */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "resourceAdapter", propertyValue = "mamba"),
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = Destinations.QUEUE),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = Destinations.PAYMENTS),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "4"),
            // A payment waits for its order for a minute and a half: 0.1 s doubling to 10 s, then every 10 s.
            @ActivationConfigProperty(propertyName = "maxDeliveries", propertyValue = "17"),
            @ActivationConfigProperty(propertyName = "maximumRedeliveryDelay", propertyValue = "10000")
        })
public class PaymentTaking implements MessageListener {

    private final Clock clock = Clock.systemUTC();

    @PersistenceContext
    private EntityManager database;

    @Inject
    private Warehouse warehouse;

    @Inject
    private Outbox outbox;

    @Override
    public void onMessage(Message message) {
        String orderId = Letter.open(message).getString("orderId");
        Order order = database.find(Order.class, orderId, LockModeType.PESSIMISTIC_WRITE);
        if (order == null) {
            throw new OrderNotThereYet(orderId);
        }
        if (order.state() != OrderState.CREATED) {
            return;
        }
        Optional<List<Letter>> alerts =
                warehouse.take(order.lines().stream().collect(Collectors.toMap(OrderLine::sku, OrderLine::quantity)));
        order.become(alerts.isPresent() ? OrderState.PAID : OrderState.REJECTED_STOCK);

        String replay = Letter.property(message, Letter.REPLAY);
        List<Letter> letters = new ArrayList<>(alerts.orElse(List.of()));
        if (order.state() == OrderState.PAID) {
            letters.add(Letter.toQueue(
                            Destinations.SHIPMENTS,
                            orderId,
                            JsonText.object().add("orderId", orderId).build())
                    .with(Letter.REPLAY, replay));
        }
        letters.add(Notification.about(orderId, order.customer(), order.state().name(), clock.instant())
                .with(Letter.REPLAY, replay));
        outbox.send(letters.toArray(Letter[]::new));
    }
}
