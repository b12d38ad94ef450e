package io.mamba.shop.stock;

/** The stock of a product before and after a change. */
public record StockLevel(long before, long after, long reorderLevel) {

    /** True for the one change that takes the stock from at or above its reorder level to below it. */
    public boolean fell() {
        return before >= reorderLevel && after < reorderLevel;
    }

    public boolean possible() {
        return after >= 0;
    }
}
