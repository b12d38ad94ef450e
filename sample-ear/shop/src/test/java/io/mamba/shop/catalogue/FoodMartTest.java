package io.mamba.shop.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoodMartTest {

    private final List<FoodMart.Item> products = FoodMart.products();

    @Test
    void has1560ProductsWithAnSkuOfTheirOwn() {
        assertThat(products).hasSize(1_560);
        assertThat(products)
                .extracting(FoodMart.Item::sku)
                .doesNotHaveDuplicates()
                .allMatch(sku -> sku.matches("\\d+"));
    }

    @Test
    void hasItsPriceFromTheColumnSrp() {
        assertThat(products.get(0))
                .isEqualTo(new FoodMart.Item(1, "90748583674", "Washington Berry Juice", new BigDecimal("2.85")));
    }

    @Test
    void opensWithTheStockThatTheRuleSays() {
        long units = products.stream()
                .mapToLong(product -> OpeningStock.of(product.number()).units())
                .sum();

        assertThat(units).isEqualTo(386_737);
        assertThat(OpeningStock.of(1)).isEqualTo(new OpeningStock(267, 66));
        assertThat(OpeningStock.of(20)).isEqualTo(new OpeningStock(18, 6));
    }
}
