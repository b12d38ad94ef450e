package io.mamba.shop.stock;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A change of stock that somebody asked for by hand, applied or refused. */
@Entity
@Table(name = "stock_change")
public class StockChange {

    @Id
    @Column(length = 36)
    private String id;

    @Column(nullable = false, length = 32)
    private String sku;

    @Column(nullable = false)
    private long delta;

    @Column(nullable = false)
    private boolean applied;

    @Column(name = "changed_at", nullable = false)
    private Instant at;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected StockChange() {}

    public StockChange(String id, String sku, long delta, boolean applied, Instant at) {
        this.id = id;
        this.sku = sku;
        this.delta = delta;
        this.applied = applied;
        this.at = at;
    }

    public String id() {
        return id;
    }

    public String sku() {
        return sku;
    }

    public long delta() {
        return delta;
    }

    public boolean applied() {
        return applied;
    }

    public Instant at() {
        return at;
    }
}
