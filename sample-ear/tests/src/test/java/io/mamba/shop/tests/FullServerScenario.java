package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What shop.ear, the adapter inside, does on a full server, which was set up by the commands of docs/deploying.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class FullServerScenario {

    /** What a transaction manager may take until it gives up work that was never decided. */
    private static final Duration RECOVERY = Duration.ofMinutes(8);

    private @Nullable FullServer server;
    private int crashes;

    abstract FullServer fresh() throws Exception;

    @BeforeAll
    void deploy() throws Exception {
        server = fresh();
        server.deploy();
    }

    @AfterAll
    void end() throws IOException {
        if (server != null) {
            server.kill();
        }
    }

    private FullServer server() {
        if (server == null) {
            throw new IllegalStateException("The server was not set up");
        }
        return server;
    }

    @Test
    @Order(1)
    void shipsPaidOrdersAndKeepsThemThroughARestart() throws Exception {
        ShopClient shop = server().shop();
        String sku = shop.get("products").array().getJsonObject(0).getString("sku");
        ship(shop, "before", sku);

        server().stop();
        server().start();

        assertThat(shop.state("before")).isEqualTo("SHIPPED");
        ship(shop, "after", sku);
        await().atMost(Duration.ofSeconds(60)).until(() -> shop.audit().quiet());
        assertThat(shop.audit().balanced()).isTrue();
        assertThat(shop.audit().number("unitsSold")).isEqualTo(4);
    }

    /** Started again, and nothing else done to it. */
    @ParameterizedTest
    @MethodSource("crashPoints")
    @Order(2)
    void losesAndDoublesNothingWhenItDies(CrashPoint point) throws Exception {
        CrashResults results = CrashResults.of(Shops.property("ear.crash.results"));
        CrashRound round = new CrashRound(++crashes, point, server().faults());
        Customers customers = round.workUntilItDies(server());

        long begun = System.nanoTime();
        server().start();
        long started = System.nanoTime();
        Audit audit = round.drain(server().shop(), customers, RECOVERY);
        long drained = System.nanoTime();

        results.add(getClass().getSimpleName() + " "
                + round.line(
                        audit,
                        customers,
                        TimeUnit.NANOSECONDS.toMillis(started - begun),
                        TimeUnit.NANOSECONDS.toMillis(drained - started)));
        round.check(server().shop(), audit, customers);
    }

    static List<CrashPoint> crashPoints() {
        return Arrays.stream(Shops.property("ear.crash.points").split(","))
                .map(CrashPoint::valueOf)
                .toList();
    }

    private static void ship(ShopClient shop, String order, String sku) {
        assertThat(shop.order(order, sku, 2).status()).isEqualTo(202);
        awaitState(shop, order, "CREATED");
        assertThat(shop.pay(order).status()).isEqualTo(202);
        awaitState(shop, order, "SHIPPED");
    }

    private static void awaitState(ShopClient shop, String order, String state) {
        await().atMost(Duration.ofSeconds(90)).until(() -> shop.state(order).equals(state));
    }
}
