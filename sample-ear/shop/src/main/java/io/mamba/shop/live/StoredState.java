package io.mamba.shop.live;

import io.mamba.shop.alerts.Alerts;
import io.mamba.shop.audit.Bookkeeper;
import io.mamba.shop.audit.Books;
import io.mamba.shop.catalogue.Catalogue;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.provider.ProviderFigures;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the database has for the page, but only when messages moved, since nothing else changes it, and so seldom that
 * reading takes at most a tenth of the time. Owned by the sampler's tick.
 */
@Dependent
public class StoredState {

    private static final int ALERTS_SHOWN = 8;
    private static final int SHARE = 10;
    /** Nanoseconds; on a machine so busy that reading takes long, the page is not to be older than that. */
    private static final long LONGEST = 5_000_000_000L;
    /** Readings after the last move: a message may be settled a moment before its rows are committed. */
    private static final int SETTLING = 4;

    /** The provider's figures at the last reading that succeeded. */
    private @Nullable ProviderFigures read;

    /** Readings since messages moved. */
    private int quiet;

    private long notBefore = Long.MIN_VALUE;

    @Inject
    private Bookkeeper bookkeeper;

    @Inject
    private Catalogue catalogue;

    @Inject
    private Alerts alerts;

    void read(Board board, ProviderFigures figures, long nanos) {
        if (!figures.equals(read)) {
            quiet = 0;
        }
        if (quiet > SETTLING || nanos < notBefore) {
            return;
        }
        long begun = System.nanoTime();
        readBooks(board);
        Map<String, JsonValue> stock = new HashMap<>();
        catalogue.stock().forEach((sku, units) -> stock.put(sku, JsonText.number(units)));
        board.setEach("stock", stock);
        JsonArrayBuilder newest = JsonText.array();
        alerts.newest(ALERTS_SHOWN).forEach(alert -> newest.add(alert.toJson()));
        board.set("alerts", newest.build());
        read = figures;
        quiet++;
        notBefore = nanos + Math.min(LONGEST, SHARE * (System.nanoTime() - begun));
    }

    private void readBooks(Board board) {
        Books books = bookkeeper.read();
        board.set(
                "books",
                JsonText.object()
                        .add("CREATED", books.created())
                        .add("PAID", books.paid())
                        .add("SHIPPED", books.shipped())
                        .add("REJECTED_STOCK", books.rejected())
                        .add("unitsSold", books.unitsSold())
                        .add("unitsInStock", books.currentStock())
                        .add("balanced", books.balanced())
                        .build());
    }
}
