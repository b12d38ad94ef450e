package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.shop.run.ShopOptions;
import io.mamba.shop.run.ShopServer;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jboss.byteman.agent.Main;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The shop dies while a replay and customers are at it, at a chosen point of two-phase commit or anywhere, and is started again.
 * Then every accepted order must come to its end, once.
 */
class ShopCrashIT {

    private static final int ORDERS = 400;
    private static final int RATE = 150;

    private final int rounds = Integer.parseInt(Shops.property("shop.crash.rounds"));

    private @Nullable ShopServer server;

    @Test
    void losesAndDoublesNoAcceptedOrder() throws Exception {
        CrashResults results = CrashResults.of(Shops.property("shop.crash.results"));
        ShopOptions plain = Shops.fresh("crash");
        Path faults = Files.createDirectories(plain.data().resolve("faults"));
        ShopOptions options = plain.withJvmArguments(List.of(
                "-javaagent:" + bytemanJar() + "=script:" + script() + ",boot:" + bytemanJar(),
                "-Dshop.faults=" + faults));
        try {
            ShopServer running = ShopServer.start(options, System.out::println);
            server = running;
            for (int round = results.done() + 1; round <= rounds; round++) {
                Random random = new Random(round);
                CrashPoint point = CrashPoint.ofRound(round);
                Customers customers = workUntilCrash(running, point, faults, round, random);
                List<String> accepted = customers.accepted();

                long begun = System.nanoTime();
                running = ShopServer.start(options, System.out::println);
                server = running;
                long started = System.nanoTime();
                Audit audit = drain(new ShopClient(running.address()), customers);
                long drained = System.nanoTime();

                results.add(String.join(
                        ",",
                        Integer.toString(round),
                        point.name(),
                        Integer.toString(accepted.size()),
                        Integer.toString(audit.orders("SHIPPED")),
                        Integer.toString(audit.orders("REJECTED_STOCK")),
                        Long.toString(TimeUnit.NANOSECONDS.toMillis(started - begun)),
                        Long.toString(TimeUnit.NANOSECONDS.toMillis(drained - started)),
                        Long.toString(audit.all("deadLettered")),
                        Integer.toString(audit.inDoubt()),
                        Boolean.toString(audit.balanced())));
                check(new ShopClient(running.address()), audit, accepted);
            }
        } finally {
            if (server != null) {
                server.stop();
            }
        }
    }

    private static Customers workUntilCrash(ShopServer server, CrashPoint point, Path faults, int round, Random random)
            throws IOException, InterruptedException {
        ShopClient shop = new ShopClient(server.address());
        List<String> skus = shop.get("products").array().getValuesAs(JsonValue::asJsonObject).stream()
                .map(product -> product.getString("sku"))
                .toList();
        Customers customers = new Customers(shop, "c" + round + "-", skus, random);
        Thread ordering = new Thread(customers, "customers");
        ordering.start();
        assertThat(shop.post("replay", "{\"orders\":" + ORDERS + ",\"rate\":" + RATE + "}")
                        .status())
                .isEqualTo(202);
        int enough = 20 + random.nextInt(ORDERS / 2);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> shop.get("replay").json().getInt("paid") >= enough);

        switch (point) {
            case RANDOM -> server.kill();
            case ORDERLY -> server.stop();
            case PREPARED, DECIDED, BETWEEN -> {
                Path trigger = Files.createFile(faults.resolve(point.trigger()));
                assertThat(server.process().waitFor(60, TimeUnit.SECONDS))
                        .as("the server died at %s", point)
                        .isTrue();
                Files.delete(trigger);
            }
        }
        customers.stop();
        ordering.join(TimeUnit.MINUTES.toMillis(2));
        assertThat(ordering.isAlive()).isFalse();
        return customers;
    }

    /**
     * Pays what was accepted once more, since the crash may have hit between order and payment, and what nobody had an answer to
     * if it is there; then waits for the end.
     */
    private static Audit drain(ShopClient shop, Customers customers) {
        customers.accepted().forEach(id -> assertThat(shop.pay(id).status()).isEqualTo(202));
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(2))
                .until(() -> shop.audit().quiet());
        customers.unanswered().stream()
                .filter(id -> shop.state(id).equals("CREATED"))
                .forEach(shop::pay);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(2))
                .until(() -> shop.audit().drained());
        return shop.audit();
    }

    private static void check(ShopClient shop, Audit audit, List<String> accepted) {
        assertThat(audit.balanced()).isTrue();
        assertThat(audit.number("negativeStock")).isZero();
        assertThat(audit.inDoubt()).isZero();
        assertThat(audit.all("deadLettered")).isZero();
        assertThat(accepted)
                .isNotEmpty()
                .allSatisfy(id -> assertThat(shop.state(id)).isIn("SHIPPED", "REJECTED_STOCK"));
    }

    private static Path bytemanJar() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path script() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ShopCrashIT.class.getResource("/faults.btm"))
                .toURI());
    }
}
