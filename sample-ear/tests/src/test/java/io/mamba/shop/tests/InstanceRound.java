package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One of two instances of the shop dies while customers order at both. The other goes on: with what comes to it, and with what
 * the dead one only held. What the dead one had prepared is finished when it is started again.
 *
 * @param faults where the agent in the dying server's JVM looks for the file that tells it to die
 */
record InstanceRound(int number, CrashPoint point, Path faults) {

    static final String HEADER =
            "round,point,accepted,accepted_by_the_dead,shipped,refused,pause_ms,taken_over_ms,in_doubt_meanwhile,"
                    + "start_ms,drained_ms,dead_lettered,in_doubt,prepared_in_postgresql,balanced";

    /** After each order of a customer: all customers together take more than a busy machine ships, but not much more. */
    private static final Duration PAUSE = Duration.ofMillis(80);

    private static final int ORDERS = 60;
    /** Orders that are placed at the moment of death: one may meet a row that the dead instance has locked. */
    private static final int WITNESSES = 5;

    /**
     * What happened until the other instance had done all that can be done without the dead one.
     *
     * @param customers of the one that died, then of the other
     * @param pauseMillis from the death until an order was shipped that came after it
     * @param takenOverMillis from the death until nothing was held any more but what was prepared
     * @param inDoubt branches that wait for the dead one
     */
    record Outage(
            List<Customers> customers, List<String> witnesses, long pauseMillis, long takenOverMillis, int inDoubt) {

        int accepted() {
            return customers.stream().mapToInt(one -> one.accepted().size()).sum() + witnesses.size();
        }
    }

    Outage workUntilItDies(CrashRound.Server dying, ShopClient other) throws IOException, InterruptedException {
        Random random = new Random(number);
        List<String> skus = other.get("products").array().getValuesAs(JsonValue::asJsonObject).stream()
                .map(product -> product.getString("sku"))
                .toList();
        List<Customers> customers = List.of(
                new Customers(dying.shop(), "k" + number + "-", skus, random, PAUSE),
                new Customers(other, "o" + number + "-", skus, new Random(-number), PAUSE));
        int shippedBefore = other.audit().orders("SHIPPED");
        int enough = 20 + random.nextInt(ORDERS);
        List<Thread> ordering = new ArrayList<>();
        for (Customers one : customers) {
            Thread thread = new Thread(one, "customers");
            thread.start();
            ordering.add(thread);
        }
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> other.audit().orders("SHIPPED") - shippedBefore >= enough);

        die(dying);
        long died = System.nanoTime();
        List<String> witnesses = order(other, skus);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> witnesses.stream().anyMatch(id -> other.state(id).equals("SHIPPED")));
        long pause = millisSince(died);
        for (int n = 0; n < customers.size(); n++) {
            customers.get(n).stop();
            ordering.get(n).join(TimeUnit.MINUTES.toMillis(2));
            assertThat(ordering.get(n).isAlive()).isFalse();
        }
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    Audit audit = other.audit();
                    return audit.of("shop.orders.submitted", "depth") == 0 && audit.all("inFlight") <= audit.inDoubt();
                });
        return new Outage(
                customers, witnesses, pause, millisSince(died), other.audit().inDoubt());
    }

    private void die(CrashRound.Server dying) throws IOException, InterruptedException {
        switch (point) {
            case RANDOM -> dying.kill();
            case ORDERLY -> dying.stop();
            case PREPARED, DECIDED, BETWEEN -> {
                Path trigger = Files.createFile(faults.resolve(point.trigger()));
                assertThat(dying.died()).as("the server died at %s", point).isTrue();
                Files.delete(trigger);
            }
        }
    }

    private List<String> order(ShopClient shop, List<String> skus) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < WITNESSES; n++) {
            String id = "w" + number + "-" + n;
            assertThat(shop.order(id, skus.get(skus.size() / WITNESSES * n), 1).status())
                    .isEqualTo(202);
            assertThat(shop.pay(id).status()).isEqualTo(202);
            ids.add(id);
        }
        return ids;
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** The dead instance is there again: all comes to its end. */
    Audit drain(ShopClient shop, Outage outage) {
        CrashRound alone = new CrashRound(number, point, faults);
        Audit audit = shop.audit();
        for (Customers customers : outage.customers()) {
            audit = alone.drain(shop, customers, Duration.ofMinutes(4));
        }
        return audit;
    }

    void check(ShopClient shop, Audit audit, Outage outage) {
        CrashRound alone = new CrashRound(number, point, faults);
        outage.customers().forEach(customers -> alone.check(shop, audit, customers));
        assertThat(outage.witnesses())
                .allSatisfy(id -> assertThat(shop.state(id)).isIn("SHIPPED", "REJECTED_STOCK"));
    }

    /** A line of the results. */
    String line(Audit audit, Outage outage, long startMillis, long drainMillis, long preparedInPostgres) {
        return String.join(
                ",",
                Integer.toString(number),
                point.name(),
                Integer.toString(outage.accepted()),
                Integer.toString(outage.customers().get(0).accepted().size()),
                Integer.toString(audit.orders("SHIPPED")),
                Integer.toString(audit.orders("REJECTED_STOCK")),
                Long.toString(outage.pauseMillis()),
                Long.toString(outage.takenOverMillis()),
                Integer.toString(outage.inDoubt()),
                Long.toString(startMillis),
                Long.toString(drainMillis),
                Long.toString(audit.all("deadLettered")),
                Integer.toString(audit.inDoubt()),
                Long.toString(preparedInPostgres),
                Boolean.toString(audit.balanced()));
    }
}
