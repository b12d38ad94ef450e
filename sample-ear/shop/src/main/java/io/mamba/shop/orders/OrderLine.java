package io.mamba.shop.orders;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** How many units of a product an order asks for; a product stands in one line only. */
@Embeddable
public class OrderLine {

    @Column(nullable = false, length = 32)
    private String sku;

    @Column(nullable = false)
    private int quantity;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected OrderLine() {}

    public OrderLine(String sku, int quantity) {
        this.sku = sku;
        this.quantity = quantity;
    }

    public String sku() {
        return sku;
    }

    public int quantity() {
        return quantity;
    }
}
