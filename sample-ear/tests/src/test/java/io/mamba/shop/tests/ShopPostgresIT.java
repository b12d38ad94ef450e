package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.shop.cluster.PostgresServer;
import io.mamba.shop.run.ShopDatabase;
import io.mamba.shop.run.ShopException;
import io.mamba.shop.run.ShopOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shop with its rows in PostgreSQL. */
class ShopPostgresIT {

    private static final String PREPARED = "select count(*) from pg_prepared_xacts";

    private final List<CrashPoint> points = Arrays.stream(
                    Shops.property("shop.postgres.points").split(","))
            .map(CrashPoint::valueOf)
            .toList();

    private @Nullable Micro running;

    @Test
    void shipsOrdersAndLosesAndDoublesNoneWhenTheServerDies() throws Exception {
        CrashResults results = CrashResults.of(Shops.property("shop.postgres.results"));
        try (PostgresServer postgres = Shops.postgres("postgres", 64)) {
            ShopOptions plain = Shops.fresh("shop-on-postgres").withDatabase(postgres.database());
            Path faults = Files.createDirectories(plain.data().resolve("faults"));
            ShopOptions options = plain.withJvmArguments(CrashRound.agent("faults.btm", faults));
            Micro micro = start(options);
            ship(micro.shop());

            for (int number = results.done() + 1; number <= points.size(); number++) {
                CrashRound round = new CrashRound(number, points.get(number - 1), faults);
                Customers customers = round.workUntilItDies(micro);

                long begun = System.nanoTime();
                micro = start(options);
                long started = System.nanoTime();
                Audit audit = round.drain(micro.shop(), customers, Duration.ofMinutes(4));
                long drained = System.nanoTime();

                results.add(round.line(
                        audit,
                        customers,
                        TimeUnit.NANOSECONDS.toMillis(started - begun),
                        TimeUnit.NANOSECONDS.toMillis(drained - started)));
                round.check(micro.shop(), audit, customers);
                assertThat(postgres.count(PREPARED)).isZero();
            }
            assertThat(postgres.count("select count(*) from shop_order"))
                    .isEqualTo(micro.shop().audit().orders("SHIPPED")
                            + micro.shop().audit().orders("REJECTED_STOCK"));
        } finally {
            if (running != null) {
                running.stop();
            }
        }
    }

    @Test
    void refusesAPostgresqlThatCannotPrepare() throws IOException {
        try (PostgresServer postgres = Shops.postgres("postgres-without-prepare", 0)) {
            ShopOptions options = Shops.fresh("shop-without-prepare").withDatabase(postgres.database());

            assertThatThrownBy(() -> start(options))
                    .isInstanceOf(ShopException.class)
                    .hasMessageContaining("max_prepared_transactions is 0");
        }
    }

    @Test
    void refusesAPostgresqlThatIsNotThere() throws IOException {
        ShopOptions options = Shops.fresh("shop-without-database")
                .withDatabase(new ShopDatabase("jdbc:postgresql://127.0.0.1:1/shop?user=ann&password=geheim"));

        assertThatThrownBy(() -> start(options))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining("PostgreSQL at jdbc:postgresql://127.0.0.1:1/shop cannot be used")
                .message()
                .doesNotContain("geheim");
    }

    private static void ship(ShopClient shop) {
        String sku = shop.get("products").array().getJsonObject(0).getString("sku");
        assertThat(shop.order("first", sku, 2).status()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(60)).until(() -> shop.state("first").equals("CREATED"));
        assertThat(shop.pay("first").status()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(60)).until(() -> shop.state("first").equals("SHIPPED"));
        assertThat(shop.audit().number("unitsSold")).isEqualTo(2);
    }

    private Micro start(ShopOptions options) {
        Micro micro = Micro.start(options);
        running = micro;
        return micro;
    }
}
