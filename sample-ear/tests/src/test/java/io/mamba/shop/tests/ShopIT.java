package io.mamba.shop.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.shop.run.ShopServer;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST contract and the flow of orders, on one running shop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopIT {

    /** Each test has a product of its own, so that the stock of one is no matter of another. */
    private static final String BERRY_JUICE = "90748583674";

    private ShopServer server;
    private ShopClient shop;

    @BeforeAll
    void open() throws IOException {
        server = ShopServer.start(Shops.fresh("contract"), System.out::println);
        shop = new ShopClient(server.address());
    }

    @AfterAll
    void close() {
        if (server != null) {
            server.stop();
        }
    }

    @Nested
    class Catalogue {

        @Test
        void listsAllProducts() {
            ShopClient.Answer products = shop.get("products");

            assertThat(products.status()).isEqualTo(200);
            assertThat(products.array()).hasSize(1_560);
            assertThat(products.array().getJsonObject(0).keySet())
                    .containsExactlyInAnyOrder("sku", "name", "price", "stock", "reorderLevel");
        }

        @Test
        void showsOneProduct() {
            JsonObject product = shop.get("products/" + BERRY_JUICE).json();

            assertThat(product.getString("sku")).isEqualTo(BERRY_JUICE);
            assertThat(product.getString("name")).isEqualTo("Washington Berry Juice");
            assertThat(product.getJsonNumber("price").toString()).isEqualTo("2.85");
        }

        @Test
        void doesNotKnowOthers() {
            assertThat(shop.get("products/1").status()).isEqualTo(404);
            assertThat(shop.get("products/1").error()).contains("1");
        }
    }

    @Nested
    class Orders {

        @Test
        void areCreatedThenPaidThenShipped() {
            String sku = product(1);
            long before = stock(sku);

            assertThat(shop.order("flow-1", sku, 3).status()).isEqualTo(202);
            awaitState("flow-1", "CREATED");
            assertThat(shop.pay("flow-1").status()).isEqualTo(202);
            awaitState("flow-1", "SHIPPED");

            assertThat(stock(sku)).isEqualTo(before - 3);
            JsonObject order = shop.get("orders/flow-1").json();
            assertThat(order.keySet()).containsExactlyInAnyOrder("orderId", "state", "customer", "items");
            assertThat(order.getJsonArray("items").getJsonObject(0).getInt("quantity"))
                    .isEqualTo(3);
        }

        @Test
        void areStoredOnceAndTheFirstOneWins() {
            String sku = product(2);
            shop.order("twice", sku, 1);
            shop.order("twice", sku, 5);
            shop.pay("twice");
            awaitState("twice", "SHIPPED");
            awaitQuiet();

            assertThat(shop.get("orders/twice")
                            .json()
                            .getJsonArray("items")
                            .getJsonObject(0)
                            .getInt("quantity"))
                    .isEqualTo(1);
        }

        @Test
        void paidTwiceTakeTheirUnitsOnce() {
            String sku = product(3);
            long before = stock(sku);
            shop.order("paid-twice", sku, 2);
            shop.pay("paid-twice");
            shop.pay("paid-twice");
            awaitState("paid-twice", "SHIPPED");
            shop.pay("paid-twice");
            awaitQuiet();

            assertThat(shop.state("paid-twice")).isEqualTo("SHIPPED");
            assertThat(stock(sku)).isEqualTo(before - 2);
        }

        @Test
        void thatFindAProductShortAreRefusedAndMoveNoStock() {
            String plenty = product(4);
            String scarce = product(5);
            long before = stock(plenty);
            shop.post(
                    "orders",
                    "{\"orderId\":\"short\",\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + plenty
                            + "\",\"quantity\":1},{\"sku\":\"" + scarce + "\",\"quantity\":10000}]}");
            shop.pay("short");
            awaitState("short", "REJECTED_STOCK");

            assertThat(stock(plenty)).isEqualTo(before);
        }

        @Test
        void mayBePaidBeforeTheyArrive() {
            shop.pay("early");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> shop.audit().of("shop.payments", "depth")
                                    + shop.audit().of("shop.payments", "inFlight")
                            > 0);
            shop.order("early", product(6), 1);

            awaitState("early", "SHIPPED");
        }

        @Test
        void thatNeverComeLeaveTheirPaymentInTheDeadLetterQueue() {
            long before = shop.audit().of("shop.payments", "deadLettered");
            shop.pay("never");

            await().atMost(Duration.ofMinutes(2))
                    .until(() -> shop.audit().of("shop.payments", "deadLettered") == before + 1);
            assertThat(shop.state("never")).isEqualTo("NONE");
        }

        @Test
        void getAnIdOfTheirOwnWhenTheyBringNone() {
            ShopClient.Answer answer = shop.post(
                    "orders", "{\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + BERRY_JUICE + "\",\"quantity\":1}]}");

            assertThat(answer.status()).isEqualTo(202);
            awaitState(answer.json().getString("orderId"), "CREATED");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "{",
                    "[]",
                    "{\"customer\":\"Ann\",\"items\":[]}",
                    "{\"customer\":\"Ann\",\"items\":[{\"sku\":\"1\",\"quantity\":1}]}",
                    "{\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + BERRY_JUICE + "\",\"quantity\":0}]}",
                    "{\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + BERRY_JUICE + "\",\"quantity\":10001}]}",
                    "{\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + BERRY_JUICE + "\",\"quantity\":1e30}]}",
                    "{\"orderId\":\"a b\",\"customer\":\"Ann\",\"items\":[{\"sku\":\"" + BERRY_JUICE
                            + "\",\"quantity\":1}]}"
                })
        void thatMakeNoSenseAreRefusedWithAReason(String body) {
            ShopClient.Answer answer = shop.post("orders", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isNotBlank();
        }

        @Test
        void thatAreNotStoredAreNotFound() {
            assertThat(shop.get("orders/nobody-s").status()).isEqualTo(404);
            assertThat(shop.get("orders/nobody-s").error()).isNotBlank();
        }
    }

    @Nested
    class Stock {

        @Test
        void isChangedByHand() {
            String sku = product(7);
            long before = stock(sku);
            long adjusted = shop.audit().number("unitsAdjusted");

            assertThat(shop.post("stock/" + sku, "{\"delta\":40}").status()).isEqualTo(202);

            await().atMost(Duration.ofSeconds(20)).until(() -> stock(sku) == before + 40);
            assertThat(shop.audit().number("unitsAdjusted")).isEqualTo(adjusted + 40);
        }

        @Test
        void isNotChangedBelowZero() {
            String sku = product(8);
            long before = stock(sku);

            assertThat(shop.post("stock/" + sku, "{\"delta\":-1000000}").status())
                    .isEqualTo(202);
            awaitQuiet();

            assertThat(stock(sku)).isEqualTo(before);
            assertThat(shop.audit().balanced()).isTrue();
        }

        @Test
        void raisesOneAlertPerFall() {
            String sku = product(9);
            long level = shop.get("products/" + sku).json().getInt("reorderLevel");

            adjust(sku, level - 1 - stock(sku));
            adjust(sku, -1);
            await().atMost(Duration.ofSeconds(20)).until(() -> alerts(sku) == 1);
            adjust(sku, 10);
            adjust(sku, -10);

            await().atMost(Duration.ofSeconds(20)).until(() -> alerts(sku) == 2);
        }

        @ParameterizedTest
        @CsvSource({"{\"delta\":0}", "{\"delta\":1000001}", "{\"delta\":-1000001}", "{}", "{\"delta\":1.5}"})
        void refusesADeltaOutOfBounds(String body) {
            assertThat(shop.post("stock/" + BERRY_JUICE, body).status()).isEqualTo(400);
        }

        @Test
        void knowsNoOtherProducts() {
            assertThat(shop.post("stock/1", "{\"delta\":1}").status()).isEqualTo(404);
        }

        private void adjust(String sku, long delta) {
            long expected = stock(sku) + delta;
            shop.post("stock/" + sku, "{\"delta\":" + delta + "}");
            await().atMost(Duration.ofSeconds(20)).until(() -> stock(sku) == expected);
        }

        private long alerts(String sku) {
            return shop.get("alerts").array().stream()
                    .filter(alert -> alert.asJsonObject().getString("sku").equals(sku))
                    .count();
        }
    }

    @Nested
    class Replay {

        @Test
        void ofTwoThousandOrdersLeavesNothingBehind() {
            long dead = shop.audit().all("deadLettered");
            Audit before = shop.audit();
            long begun = System.nanoTime();

            assertThat(shop.post("replay", "{\"orders\":2000,\"rate\":200}").status())
                    .isEqualTo(202);
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> !shop.get("replay").json().getBoolean("running"));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> shop.audit().quiet() && shop.audit().orders("PAID") == 0);

            double seconds = (System.nanoTime() - begun) / 1e9;
            Audit after = shop.audit();
            JsonObject replay = shop.get("replay").json();
            System.out.printf(
                    "2,000 orders: submitted at %s/s, all shipped or refused after %.1f s (%.0f/s), %d refused%n",
                    replay.get("rate"),
                    seconds,
                    2_000 / seconds,
                    after.orders("REJECTED_STOCK") - before.orders("REJECTED_STOCK"));
            assertThat(replay.getInt("submitted")).isEqualTo(2_000);
            assertThat(replay.getInt("paid")).isEqualTo(2_000);
            assertThat(after.orders("SHIPPED")
                            + after.orders("REJECTED_STOCK")
                            - before.orders("SHIPPED")
                            - before.orders("REJECTED_STOCK"))
                    .isGreaterThanOrEqualTo(2_000);
            assertThat(after.balanced()).isTrue();
            assertThat(after.number("negativeStock")).isZero();
            assertThat(after.of("shop.shipments", "deadLettered")
                            + after.of("shop.orders.submitted", "deadLettered")
                            + after.of("shop.stock.updates", "deadLettered"))
                    .isZero();
            assertThat(after.all("deadLettered")).isLessThanOrEqualTo(dead + 1);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"orders\":0,\"rate\":1}",
                    "{\"orders\":1,\"rate\":0}",
                    "{\"orders\":20531,\"rate\":1}"
                })
        void refusesWhatItCannotPlay(String body) {
            assertThat(shop.post("replay", body).status()).isEqualTo(400);
        }
    }

    @Nested
    class Live {

        @Test
        void tellsTheHistoryFirstAndThenTheWholeState() throws IOException {
            try (BufferedReader lines = reader(shop.watch())) {
                assertThat(lines.readLine()).isEqualTo("event: past");
                assertThat(lines.readLine()).startsWith("data: {\"shop.orders.submitted\":{\"depth\":[");
                assertThat(lines.readLine()).isEmpty();
                assertThat(lines.readLine()).isEqualTo("event: state");
                assertThat(lines.readLine())
                        .contains("\"queues\":", "\"books\":", "\"stock\":", "\"deadLetters\":", "\"replay\":");
            }
        }

        @Test
        void hasAnEndToItsViewers() throws IOException {
            List<HttpResponse<InputStream>> watching = new ArrayList<>();
            try {
                HttpResponse<InputStream> last = shop.watch();
                watching.add(last);
                while (last.statusCode() == 200 && watching.size() < 100) {
                    last = shop.watch();
                    watching.add(last);
                }
                assertThat(last.statusCode()).isEqualTo(503);
                assertThat(new String(last.body().readAllBytes(), UTF_8)).contains("64 pages are watching");
            } finally {
                for (HttpResponse<InputStream> each : watching) {
                    each.body().close();
                }
            }
        }

        private BufferedReader reader(HttpResponse<InputStream> response) {
            return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        }
    }

    @Nested
    class DeadLetters {

        @Test
        void ofADestinationThatIsNotTheShopsAreNotSentBack() {
            assertThat(shop.post("dead-letters/nowhere/redrive", "").status()).isEqualTo(404);
        }

        @Test
        void areNoneToBeSentBackWhereNothingFailed() {
            ShopClient.Answer answer = shop.post("dead-letters/shop.shipments/redrive", "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().getInt("sentBack")).isZero();
        }
    }

    @Test
    void refusesABodyThatIsLargerThanAnyOrder() {
        ShopClient.Answer answer = shop.post("orders", "x".repeat(300 * 1024));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.error()).contains("256 KiB");
    }

    @Test
    void refusesWhatABrowserSendsForAnotherSite() {
        assertThat(shop.postFromAnotherSite("stock/" + BERRY_JUICE, "{\"delta\":1}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void auditsItself() {
        Audit audit = shop.audit();

        assertThat(audit.json().keySet())
                .containsExactlyInAnyOrder(
                        "orders",
                        "unitsSold",
                        "unitsAdjusted",
                        "initialStock",
                        "currentStock",
                        "negativeStock",
                        "queues",
                        "inDoubt",
                        "balanced");
        assertThat(audit.json().getJsonObject("queues").keySet())
                .containsExactlyInAnyOrder(
                        "shop.orders.submitted", "shop.payments", "shop.shipments", "shop.stock.updates");
        assertThat(audit.number("initialStock")).isEqualTo(386_737);
        assertThat(audit.balanced()).isTrue();
    }

    @Test
    void answersAnyErrorInJson() {
        assertThat(shop.get("nowhere").status()).isEqualTo(404);
        assertThat(shop.get("nowhere").error()).isNotBlank();
    }

    private String product(int number) {
        return shop.get("products").array().getJsonObject(100 + number).getString("sku");
    }

    private long stock(String sku) {
        return shop.get("products/" + sku).json().getJsonNumber("stock").longValueExact();
    }

    private void awaitState(String order, String state) {
        await().atMost(Duration.ofSeconds(90)).until(() -> shop.state(order).equals(state));
    }

    private void awaitQuiet() {
        await().atMost(Duration.ofSeconds(90))
                .during(Duration.ofSeconds(1))
                .until(() -> shop.audit().quiet());
    }
}
