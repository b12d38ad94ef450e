package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.shop.cluster.PostgresServer;
import io.mamba.shop.run.ShopOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** All orders of the data set, as fast as the shop takes them; each run is a line of the results. */
class AllOrdersIT {

    private static final int ORDERS = 20_530;
    private static final int AS_FAST_AS_IT_GOES = 1_000_000;
    private static final String HEADER = "database,orders,seconds,orders_per_second,peak_rss_mib,highest_heap_mib,"
            + "live_heap_mib,shipped,refused,dead_lettered,in_doubt,balanced,negative_stock";

    @Test
    void comeToTheirEndOnH2() throws IOException {
        replayAll("H2", Shops.fresh("all-orders-h2"));
    }

    @Test
    void comeToTheirEndOnPostgresql() throws IOException {
        try (PostgresServer postgres = Shops.postgres("all-orders-postgres", 64)) {
            replayAll("PostgreSQL", Shops.fresh("all-orders-on-postgres").withDatabase(postgres.database()));
        }
    }

    private static void replayAll(String database, ShopOptions options) throws IOException {
        Micro micro = Micro.start(options);
        try (ServerMemory memory = new ServerMemory(micro.server().process().pid())) {
            ShopClient shop = micro.shop();
            long begun = System.nanoTime();
            assertThat(shop.post("replay", "{\"orders\":" + ORDERS + ",\"rate\":" + AS_FAST_AS_IT_GOES + "}")
                            .status())
                    .isEqualTo(202);
            await().atMost(Duration.ofMinutes(45))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        memory.look();
                        return finalOrders(shop.audit()) == ORDERS
                                && shop.audit().drained();
                    });
            double seconds = (System.nanoTime() - begun) / 1e9;

            Audit audit = shop.audit();
            append(String.join(
                    ",",
                    database,
                    Integer.toString(finalOrders(audit)),
                    String.format(Locale.ROOT, "%.0f", seconds),
                    String.format(Locale.ROOT, "%.1f", ORDERS / seconds),
                    Long.toString(memory.peakResident()),
                    Long.toString(memory.highestHeap()),
                    Long.toString(memory.liveHeap()),
                    Integer.toString(audit.orders("SHIPPED")),
                    Integer.toString(audit.orders("REJECTED_STOCK")),
                    Long.toString(audit.all("deadLettered")),
                    Integer.toString(audit.inDoubt()),
                    Boolean.toString(audit.balanced()),
                    Long.toString(audit.number("negativeStock"))));
            assertThat(audit.balanced()).isTrue();
            assertThat(audit.number("negativeStock")).isZero();
            assertThat(audit.all("deadLettered")).isZero();
        } finally {
            micro.stop();
        }
    }

    private static int finalOrders(Audit audit) {
        return audit.orders("SHIPPED") + audit.orders("REJECTED_STOCK");
    }

    private static void append(String line) throws IOException {
        System.out.println(HEADER + "\n" + line);
        Path file = Path.of(Shops.property("shop.all-orders.results"));
        if (!Files.exists(file)) {
            Files.write(file, List.of(HEADER));
        }
        Files.write(file, List.of(line), StandardOpenOption.APPEND);
    }
}
