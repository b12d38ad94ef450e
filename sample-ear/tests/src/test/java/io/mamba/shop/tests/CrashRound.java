package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/**
 * The shop dies while a replay and customers are at it, at a chosen point of two-phase commit or anywhere, and is started again.
 * Then every accepted order must come to its end, once.
 *
 * @param faults where the agent in the server's JVM looks for the file that tells it to die
 */
record CrashRound(int number, CrashPoint point, Path faults) {

    private static final int ORDERS = 400;
    private static final int RATE = 150;

    /** A server with the shop in it, as far as a crash has to do with it. */
    interface Server {
        ShopClient shop();

        /** Ends it as a crash would. */
        void kill() throws IOException, InterruptedException;

        /** Asks it to end, and waits for that. */
        void stop() throws IOException, InterruptedException;

        /** Whether its process has ended within a minute. */
        boolean died() throws IOException, InterruptedException;
    }

    /** The argument by which the server's JVM dies at the points that the script names. */
    static List<String> agent(String script, Path faults) throws URISyntaxException {
        Path jar = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path rules = Path.of(Objects.requireNonNull(CrashRound.class.getResource("/" + script))
                .toURI());
        return List.of("-javaagent:" + jar + "=script:" + rules + ",boot:" + jar, "-Dshop.faults=" + faults);
    }

    /** Orders, pays, replays; gives the customers that were there when the server died. */
    Customers workUntilItDies(Server server) throws IOException, InterruptedException {
        Random random = new Random(number);
        ShopClient shop = server.shop();
        List<String> skus = shop.get("products").array().getValuesAs(JsonValue::asJsonObject).stream()
                .map(product -> product.getString("sku"))
                .toList();
        Customers customers = new Customers(shop, "c" + number + "-", skus, random);
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
                assertThat(server.died()).as("the server died at %s", point).isTrue();
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
     * if it is there; then waits for the end, as long as a transaction manager takes to give up what was not decided.
     */
    Audit drain(ShopClient shop, Customers customers, Duration recovery) {
        customers.accepted().forEach(id -> assertThat(shop.pay(id).status()).isEqualTo(202));
        await().atMost(recovery)
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

    void check(ShopClient shop, Audit audit, Customers customers) {
        assertThat(audit.balanced()).isTrue();
        assertThat(audit.number("negativeStock")).isZero();
        assertThat(audit.inDoubt()).isZero();
        assertThat(audit.all("deadLettered")).isZero();
        assertThat(customers.accepted())
                .isNotEmpty()
                .allSatisfy(id -> assertThat(shop.state(id)).isIn("SHIPPED", "REJECTED_STOCK"));
    }

    /** A line of the results. */
    String line(Audit audit, Customers customers, long startMillis, long drainMillis) {
        return String.join(
                ",",
                Integer.toString(number),
                point.name(),
                Integer.toString(customers.accepted().size()),
                Integer.toString(audit.orders("SHIPPED")),
                Integer.toString(audit.orders("REJECTED_STOCK")),
                Long.toString(startMillis),
                Long.toString(drainMillis),
                Long.toString(audit.all("deadLettered")),
                Integer.toString(audit.inDoubt()),
                Boolean.toString(audit.balanced()));
    }
}
