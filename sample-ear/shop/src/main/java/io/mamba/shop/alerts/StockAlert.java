package io.mamba.shop.alerts;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A product fell below its reorder level. */
@Entity
@Table(name = "stock_alert")
public class StockAlert {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(nullable = false, length = 32)
    private String sku;

    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private long stock;

    @Column(name = "reorder_level", nullable = false)
    private long reorderLevel;

    @Column(name = "fell_at", nullable = false)
    private Instant at;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected StockAlert() {}

    @SuppressWarnings("NullAway.Init") // the database gives the id
    public StockAlert(String sku, String name, long stock, long reorderLevel, Instant at) {
        this.sku = sku;
        this.name = name;
        this.stock = stock;
        this.reorderLevel = reorderLevel;
        this.at = at;
    }

    public Long id() {
        return id;
    }

    public String sku() {
        return sku;
    }

    public String name() {
        return name;
    }

    public long stock() {
        return stock;
    }

    public long reorderLevel() {
        return reorderLevel;
    }

    public Instant at() {
        return at;
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("sku", sku)
                .add("name", name)
                .add("stock", stock)
                .add("reorderLevel", reorderLevel)
                .add("at", at.toString())
                .build();
    }
}
