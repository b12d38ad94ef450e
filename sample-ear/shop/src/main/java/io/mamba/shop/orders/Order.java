package io.mamba.shop.orders;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A stored order. */
@Entity
@Table(name = "shop_order", indexes = @Index(name = "shop_order_state", columnList = "state"))
public class Order {

    @Id
    @Column(length = 64)
    private String id;

    @Column(nullable = false, length = 200)
    private String customer;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, length = 20, columnDefinition = "varchar(20)")
    private OrderState state;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @ElementCollection
    @CollectionTable(name = "order_line", joinColumns = @JoinColumn(name = "order_id"))
    @OrderColumn(name = "line")
    private List<OrderLine> lines;

    @SuppressWarnings("NullAway.Init") // filled by Jakarta Persistence
    protected Order() {}

    public Order(String id, String customer, List<OrderLine> lines, Instant createdAt) {
        this.id = id;
        this.customer = customer;
        this.state = OrderState.CREATED;
        this.createdAt = createdAt;
        this.lines = new ArrayList<>(lines);
    }

    public String id() {
        return id;
    }

    public String customer() {
        return customer;
    }

    public OrderState state() {
        return state;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public List<OrderLine> lines() {
        return List.copyOf(lines);
    }

    public void become(OrderState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("Order " + id + " is " + state + " and cannot become " + next);
        }
        state = next;
    }
}
