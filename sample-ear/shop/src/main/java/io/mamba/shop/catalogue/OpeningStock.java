package io.mamba.shop.catalogue;

/**
 * How many units of a product the shop opens with, since the data set does not say.
 *
 * <p>The rule, by the number that the data set gives the product: every 20th product is scarce, with 18 units and a
 * reorder level of 6; any other has 230 + (37 × number mod 61) units, 230 to 290, and a quarter of them as its reorder
 * level. Over all 1,560 products that is 386,737 units. Of the first 2,000 orders of 1997 about 50 find a product short, of all
 * 20,530 about one in six: enough for most orders, not for all.
 */
public record OpeningStock(long units, long reorderLevel) {

    private static final long SCARCE = 18;

    public static OpeningStock of(int productNumber) {
        if (productNumber % 20 == 0) {
            return new OpeningStock(SCARCE, SCARCE / 3);
        }
        long units = 230 + productNumber * 37L % 61;
        return new OpeningStock(units, units / 4);
    }
}
