package io.mamba.shop.stock;

import io.mamba.shop.catalogue.Product;
import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.messages.Letter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The only one that changes stock. It locks the rows of products one by one in the order of their sku and keeps the
 * locks to the end of the transaction, so that parallel changes wait for each other instead of blocking each other for good.
 */
@ApplicationScoped
public class Warehouse {

    private final Clock clock = Clock.systemUTC();

    @PersistenceContext
    private EntityManager database;

    /**
     * Takes the units of every product, or of none.
     *
     * @return what is to be told about products that fell low; empty when a product is short
     */
    public Optional<List<Letter>> take(Map<String, Integer> unitsBySku) {
        List<Line> lines = new TreeMap<>(unitsBySku)
                .entrySet().stream()
                        .map(line -> new Line(locked(line.getKey()), line.getValue()))
                        .toList();
        if (lines.stream().anyMatch(line -> line.product().stock() < line.units())) {
            return Optional.empty();
        }
        List<Letter> alerts = new ArrayList<>();
        lines.forEach(line -> change(line.product(), -line.units()).ifPresent(alerts::add));
        return Optional.of(alerts);
    }

    /** Adds the units, which may be negative, to the stock of a product, unless that would make it negative. */
    Adjustment adjust(String sku, long delta) {
        Product product = locked(sku);
        if (!level(product, delta).possible()) {
            return new Adjustment(false, product.stock(), null);
        }
        Letter alert = change(product, delta).orElse(null);
        return new Adjustment(true, product.stock(), alert);
    }

    private record Line(Product product, int units) {}

    /** What became of an adjustment. */
    record Adjustment(boolean applied, long stock, @Nullable Letter alert) {}

    private Product locked(String sku) {
        Product product = database.find(Product.class, sku, LockModeType.PESSIMISTIC_WRITE);
        if (product == null) {
            throw new IllegalStateException("There is no product with sku " + sku);
        }
        return product;
    }

    private static StockLevel level(Product product, long delta) {
        return new StockLevel(product.stock(), product.stock() + delta, product.reorderLevel());
    }

    private Optional<Letter> change(Product product, long delta) {
        StockLevel level = level(product, delta);
        product.changeStockTo(level.after());
        return level.fell() ? Optional.of(low(product)) : Optional.empty();
    }

    private Letter low(Product product) {
        return Letter.toTopic(
                Destinations.STOCK_LOW,
                product.sku(),
                JsonText.object()
                        .add("sku", product.sku())
                        .add("name", product.name())
                        .add("stock", product.stock())
                        .add("reorderLevel", product.reorderLevel())
                        .add("at", clock.instant().toString())
                        .build());
    }
}
