package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** shop.ear, the adapter inside, on Payara Server, set up by the commands of docs/deploying.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayaraServerIT {

    private PayaraServer server;
    private ShopClient shop;

    @BeforeAll
    void deploy() throws IOException, InterruptedException {
        server = PayaraServer.fresh();
        shop = new ShopClient(server.address());
        server.run("create the domain");
        server.run("define the resources");
        server.run("deploy the application");
        awaitOpen();
    }

    @AfterAll
    void end() throws IOException {
        if (server != null) {
            server.kill();
        }
    }

    @Test
    void shipsPaidOrdersAndKeepsThemThroughARestart() throws IOException, InterruptedException {
        String sku = shop.get("products").array().getJsonObject(0).getString("sku");
        ship("before", sku);

        server.run("restart the domain");
        awaitOpen();

        assertThat(shop.state("before")).isEqualTo("SHIPPED");
        ship("after", sku);
        await().atMost(Duration.ofSeconds(60)).until(() -> shop.audit().quiet());
        assertThat(shop.audit().balanced()).isTrue();
        assertThat(shop.audit().number("unitsSold")).isEqualTo(4);

        server.run("stop the domain");
    }

    private void ship(String order, String sku) {
        assertThat(shop.order(order, sku, 2).status()).isEqualTo(202);
        awaitState(order, "CREATED");
        assertThat(shop.pay(order).status()).isEqualTo(202);
        awaitState(order, "SHIPPED");
    }

    private void awaitState(String order, String state) {
        await().atMost(Duration.ofSeconds(90)).until(() -> shop.state(order).equals(state));
    }

    /** The command that starts a domain returns before its applications are there. */
    private void awaitOpen() {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(UncheckedIOException.class)
                .until(() -> shop.get("replay").status() == 200);
    }
}
