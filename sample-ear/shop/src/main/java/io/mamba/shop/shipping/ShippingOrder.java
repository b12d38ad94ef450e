package io.mamba.shop.shipping;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** What the warehouse is told to pack. The order's id is its key: nothing is shipped twice. */
@Entity
@Table(name = "shipping_order")
public class ShippingOrder {

    @Id
    @Column(name = "order_id", length = 64)
    private String orderId;

    @Column(nullable = false)
    private long units;

    @Column(name = "shipped_at", nullable = false)
    private Instant shippedAt;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected ShippingOrder() {}

    public ShippingOrder(String orderId, long units, Instant shippedAt) {
        this.orderId = orderId;
        this.units = units;
        this.shippedAt = shippedAt;
    }

    public String orderId() {
        return orderId;
    }

    public long units() {
        return units;
    }

    public Instant shippedAt() {
        return shippedAt;
    }
}
