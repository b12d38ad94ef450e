package io.mamba.shop.audit;

/** What one snapshot of the database says. */
public record Books(
        long created,
        long paid,
        long shipped,
        long rejected,
        long unitsSold,
        long unitsAdjusted,
        long initialStock,
        long currentStock,
        long negativeStock) {

    /** Every unit that left or came is accounted for. */
    public boolean balanced() {
        return currentStock == initialStock + unitsAdjusted - unitsSold;
    }
}
