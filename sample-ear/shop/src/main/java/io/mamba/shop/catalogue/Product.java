package io.mamba.shop.catalogue;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/** A product with its stock. Whoever changes the stock holds the lock of the row. */
@Entity
@Table(name = "product")
public class Product {

    @Id
    @Column(length = 32)
    private String sku;

    @Column(nullable = false)
    private String name;

    @Column(nullable = false, precision = 12, scale = 2)
    private BigDecimal price;

    @Column(name = "initial_stock", nullable = false)
    private long initialStock;

    @Column(nullable = false)
    private long stock;

    @Column(name = "reorder_level", nullable = false)
    private long reorderLevel;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected Product() {}

    public Product(String sku, String name, BigDecimal price, OpeningStock opening) {
        this.sku = sku;
        this.name = name;
        this.price = price;
        this.initialStock = opening.units();
        this.stock = opening.units();
        this.reorderLevel = opening.reorderLevel();
    }

    public String sku() {
        return sku;
    }

    public String name() {
        return name;
    }

    public BigDecimal price() {
        return price;
    }

    public long stock() {
        return stock;
    }

    public long reorderLevel() {
        return reorderLevel;
    }

    public void changeStockTo(long units) {
        stock = units;
    }
}
