package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.shop.run.ShopServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two instances of the shop with their messages on Kafka and their rows in PostgreSQL. The tests share them. */
class ShopKafkaIT {

    private static final List<String> NAMES = List.of("shop-1", "shop-2");
    private static final String PREPARED = "select count(*) from pg_prepared_xacts";

    private static ShopsOnKafka shops;

    private final List<CrashPoint> points = Arrays.stream(
                    Shops.property("shop.kafka.points").split(","))
            .map(CrashPoint::valueOf)
            .toList();

    @BeforeAll
    static void startOneAndLetTheOtherJoin() throws Exception {
        shops = new ShopsOnKafka();
        ship(shops.start("shop-1").shop(), "first");
        ship(shops.start("shop-2").shop(), "joined");
    }

    @AfterAll
    static void stop() {
        shops.close();
    }

    @Test
    void losesAndDoublesNoAcceptedOrderWhenAnInstanceDies() throws Exception {
        CrashResults results = CrashResults.of(Shops.property("shop.kafka.results"), InstanceRound.HEADER);
        for (int number = results.done() + 1; number <= points.size(); number++) {
            String dying = NAMES.get(number % 2);
            ShopClient other = shop(NAMES.get((number + 1) % 2));
            InstanceRound round = new InstanceRound(number, points.get(number - 1), shops.faults(dying));
            InstanceRound.Outage outage = round.workUntilItDies(shops.instance(dying), other);

            long begun = System.nanoTime();
            ShopClient again = shops.start(dying).shop();
            long started = System.nanoTime();
            Audit audit = round.drain(other, outage);
            long drained = System.nanoTime();

            long prepared = shops.postgres().count(PREPARED);
            results.add(round.line(
                    audit,
                    outage,
                    TimeUnit.NANOSECONDS.toMillis(started - begun),
                    TimeUnit.NANOSECONDS.toMillis(drained - started),
                    prepared));
            round.check(other, audit, outage);
            assertThat(prepared).isZero();
            assertThat(again.audit().json()).isEqualTo(audit.json());
        }
    }

    @Test
    void bothShowTheWholeShop() {
        ShopClient one = shop("shop-1");
        ShopClient two = shop("shop-2");
        assertThat(one.post("replay", "{\"orders\":50,\"rate\":50}").status()).isEqualTo(202);

        for (ShopClient shop : List.of(one, two)) {
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(shop.get("replay").json().getInt("requested")).isEqualTo(50);
                assertThat(shop.get("replay").json().getInt("paid")).isEqualTo(50);
            });
        }
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() ->
                        assertThat(one.audit().json()).isEqualTo(two.audit().json()));
    }

    @Test
    void deadLettersAreSentBackFromEither() {
        ShopClient one = shop("shop-1");
        ShopClient two = shop("shop-2");
        one.pay("comes-late");
        await().atMost(Duration.ofMinutes(4)).until(() -> two.audit().of("shop.payments", "deadLettered") == 1);
        assertThat(two.get("dead-letters").array()).hasSize(1);

        String sku = two.get("products").array().getJsonObject(0).getString("sku");
        assertThat(two.order("comes-late", sku, 1).status()).isEqualTo(202);
        awaitState(two, "comes-late", "CREATED");
        assertThat(two.post("dead-letters/shop.payments/redrive", "").status()).isEqualTo(200);

        awaitState(one, "comes-late", "SHIPPED");
        await().atMost(Duration.ofMinutes(1)).until(() -> one.audit().of("shop.payments", "deadLettered") == 0);
    }

    @Test
    void goesOnByItselfWhenTheClusterWasGoneForAMoment() {
        ShopClient one = shop("shop-1");
        ShopClient two = shop("shop-2");
        int before = finalOrders(one);
        assertThat(two.post("replay", "{\"orders\":200,\"rate\":50}").status()).isEqualTo(202);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> two.get("replay").json().getInt("paid") > 20);
        try {
            everyBroker(broker -> shops.kafka().kill(broker));
            assertThat(isTaken(one, "too-early")).isFalse();
        } finally {
            everyBroker(broker -> shops.kafka().restart(broker));
        }

        ship(one, "after-the-outage-1");
        ship(two, "after-the-outage-2");
        if (!one.state("too-early").equals("NONE")) { // the shop could not say so, but had it
            one.pay("too-early");
        }
        await().atMost(Duration.ofMinutes(5))
                .during(Duration.ofSeconds(2))
                .until(() -> one.audit().drained());
        int submitted = two.get("replay").json().getInt("submitted");
        assertThat(finalOrders(one) - before).isGreaterThanOrEqualTo(submitted + 2);
        assertThat(one.audit().balanced()).isTrue();
        assertThat(one.audit().all("deadLettered")).isZero();
    }

    @Test
    void anInstanceThatStartsBeforeTheClusterOpensWhenItIsThere() throws Exception {
        shops.instance("shop-2").stop();
        ShopServer early;
        try {
            everyBroker(broker -> shops.kafka().kill(broker));
            early = shops.launch("shop-2");
            await().atMost(Duration.ofMinutes(4))
                    .until(() -> shops.log("shop-2").contains("Recovery waits for the log"));
        } finally {
            everyBroker(broker -> shops.kafka().restart(broker));
        }
        early.awaitReady(System.out::println);

        ship(shop("shop-2"), "after-an-early-start");
    }

    private static int finalOrders(ShopClient shop) {
        Audit audit = shop.audit();
        return audit.orders("SHIPPED") + audit.orders("REJECTED_STOCK");
    }

    /** Whether the shop says that it has the order; it may say nothing, too. */
    private static boolean isTaken(ShopClient shop, String id) {
        String sku = shop.get("products").array().getJsonObject(0).getString("sku");
        try {
            return shop.order(id, sku, 1).status() == 202;
        } catch (UncheckedIOException e) {
            System.out.println("No answer for " + id + ": " + e.getMessage());
            return false;
        }
    }

    private static void everyBroker(IntConsumer action) {
        for (int broker = 1; broker <= shops.kafka().size(); broker++) {
            action.accept(broker);
        }
    }

    private static ShopClient shop(String name) {
        return shops.instance(name).shop();
    }

    /** Orders and pays as soon as the shop takes it, and sees the order shipped. */
    private static void ship(ShopClient shop, String id) {
        await().atMost(Duration.ofMinutes(2)).until(() -> isTaken(shop, id));
        awaitState(shop, id, "CREATED");
        await().atMost(Duration.ofMinutes(2)).until(() -> shop.pay(id).status() == 202);
        awaitState(shop, id, "SHIPPED");
    }

    private static void awaitState(ShopClient shop, String id, String state) {
        await().atMost(Duration.ofMinutes(2)).until(() -> shop.state(id).equals(state));
    }
}
