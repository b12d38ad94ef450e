package io.mamba.shop.messages;

import java.util.List;

/** The names of the shop's destinations. */
public final class Destinations {

    public static final String QUEUE = "jakarta.jms.Queue";
    public static final String TOPIC = "jakarta.jms.Topic";

    public static final String ORDERS_SUBMITTED = "shop.orders.submitted";
    public static final String PAYMENTS = "shop.payments";
    public static final String SHIPMENTS = "shop.shipments";
    public static final String STOCK_UPDATES = "shop.stock.updates";

    public static final String ORDERS_CREATED = "shop.orders.created";
    public static final String ORDERS_SHIPPED = "shop.orders.shipped";
    public static final String STOCK_CHANGED = "shop.stock.changed";
    public static final String STOCK_LOW = "shop.stock.low";
    public static final String NOTIFICATIONS = "shop.notifications";

    /** Everything else is a topic. */
    public static final List<String> QUEUES = List.of(ORDERS_SUBMITTED, PAYMENTS, SHIPMENTS, STOCK_UPDATES);

    private Destinations() {}
}
