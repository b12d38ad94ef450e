package io.mamba.shop.orders;

/**
 * The life of an order.
 *
 * <pre>
 * CREATED -> PAID            paid, and its units have left the stock
 * CREATED -> REJECTED_STOCK  paid, but a product was short; final
 * PAID    -> SHIPPED         final
 * </pre>
 */
public enum OrderState {
    CREATED,
    PAID,
    SHIPPED,
    REJECTED_STOCK;

    public boolean mayBecome(OrderState next) {
        return switch (this) {
            case CREATED -> next == PAID || next == REJECTED_STOCK;
            case PAID -> next == SHIPPED;
            case SHIPPED, REJECTED_STOCK -> false;
        };
    }
}
