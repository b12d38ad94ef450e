package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** shop.ear, the adapter inside, deployed again and again on a running Payara Server while customers order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayaraRedeployIT {

    private static final String HEADER =
            "redeploys,seconds_each,accepted,shipped,refused,dead_lettered,in_doubt,balanced,"
                    + "adapters,threads,open_files,beans,copies_of_classes";

    private final int redeploys = Integer.parseInt(Shops.property("redeploys"));

    private @Nullable PayaraServer server;

    @BeforeAll
    void deploy() throws Exception {
        server = PayaraServer.fresh();
        server.deploy();
    }

    @AfterAll
    void end() throws IOException {
        if (server != null) {
            server.kill();
        }
    }

    private PayaraServer server() {
        if (server == null) {
            throw new IllegalStateException("The server was not set up");
        }
        return server;
    }

    @Test
    void losesNothingAndLeavesNothingOfTheOldAdapter() throws Exception {
        ShopClient shop = server().shop();
        List<String> skus = shop.get("products").array().getValuesAs(JsonValue::asJsonObject).stream()
                .map(product -> product.getString("sku"))
                .toList();
        try (ServerJvm jvm = new ServerJvm(server().pid())) {
            ServerLeftovers before = leftovers(jvm);
            List<Customers> all = new ArrayList<>();
            long spent = 0;
            for (int n = 1; n <= redeploys; n++) {
                Customers customers = new Customers(shop, "r" + n + "-", skus, new Random(n));
                all.add(customers);
                spent += redeployUnder(customers);
            }

            payAll(shop, all);
            CrashRound books = new CrashRound(redeploys, CrashPoint.ORDERLY, server().faults());
            Audit audit = shop.audit();
            for (Customers customers : all) {
                audit = books.drain(shop, customers, Duration.ofMinutes(4));
                books.check(shop, audit, customers);
            }
            ServerLeftovers after = leftovers(jvm);
            record(all, spent, audit, after);

            assertThat(after.objects())
                    .isEqualTo(before.objects())
                    .allSatisfy((type, number) -> assertThat(number).as(type).isEqualTo(1));
            assertThat(after.threads()).isEqualTo(before.threads());
            assertThat(after.files()).hasSameSizeAs(before.files());
            assertThat(after.beans()).isEqualTo(before.beans());
            awaitThatOnlyTheFirstIsKept(jvm);
        }
    }

    /** Of copies of the classes there are the present one, and the first, which threads of the server keep. */
    private void awaitThatOnlyTheFirstIsKept(ServerJvm jvm) throws IOException {
        try {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(leftovers(jvm).classes()).isLessThanOrEqualTo(2));
        } catch (ConditionTimeoutException e) {
            Path heap = Path.of("target", "old-classes.hprof").toAbsolutePath();
            jvm.dumpHeap(heap);
            throw new AssertionError("There are more copies of the adapter's classes; who keeps them is in " + heap, e);
        }
    }

    /** What was paid while no application was there was not; what nobody had an answer to may be stored. */
    private static void payAll(ShopClient shop, List<Customers> all) {
        all.forEach(customers -> customers.accepted().forEach(shop::pay));
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> shop.audit().quiet());
        all.forEach(customers -> customers.unanswered().stream()
                .filter(id -> shop.state(id).equals("CREATED"))
                .forEach(shop::pay));
    }

    /** @return how many milliseconds the server took for it */
    private long redeployUnder(Customers customers) throws Exception {
        Thread ordering = new Thread(customers, "customers");
        ordering.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> customers.accepted().size() >= 20 || !ordering.isAlive());
        long begun = System.nanoTime();
        server().redeploy();
        long took = System.nanoTime() - begun;
        customers.stop();
        ordering.join(TimeUnit.MINUTES.toMillis(2));
        assertThat(ordering.isAlive()).isFalse();
        assertThat(customers.accepted()).hasSizeGreaterThanOrEqualTo(20);
        return TimeUnit.NANOSECONDS.toMillis(took);
    }

    private ServerLeftovers leftovers(ServerJvm jvm) throws Exception {
        return ServerLeftovers.of(jvm, server().data().resolve("messages"));
    }

    private void record(List<Customers> all, long spent, Audit audit, ServerLeftovers after) throws IOException {
        String line = String.join(
                ",",
                Integer.toString(redeploys),
                Long.toString(spent / redeploys / 1000),
                Integer.toString(all.stream()
                        .mapToInt(customers -> customers.accepted().size())
                        .sum()),
                Integer.toString(audit.orders("SHIPPED")),
                Integer.toString(audit.orders("REJECTED_STOCK")),
                Long.toString(audit.all("deadLettered")),
                Integer.toString(audit.inDoubt()),
                Boolean.toString(audit.balanced()),
                Long.toString(after.objects().getOrDefault("io.mamba.ra.MambaResourceAdapter", 0L)),
                Integer.toString(after.threads()),
                Integer.toString(after.files().size()),
                Integer.toString(after.beans().size()),
                Long.toString(after.classes()));
        System.out.println(HEADER + "\n" + line);
        String results = Shops.property("redeploy.results");
        if (!results.isBlank()) {
            Path file = Path.of(results);
            if (!Files.exists(file)) {
                Files.write(file, List.of(HEADER));
            }
            Files.write(file, List.of(line), StandardOpenOption.APPEND);
        }
    }
}
