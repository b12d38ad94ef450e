package io.mamba.shop.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.shop.Problem;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRequestTest {

    private static final List<String> ON_SALE = List.of("4711", "4712");

    @Test
    void readsAnOrder() {
        OrderRequest order = read("""
                {"orderId":"a-1","customer":"Ann","items":[{"sku":"4711","quantity":2},{"sku":"4712","quantity":1}]}""");

        assertThat(order.orderId()).isEqualTo("a-1");
        assertThat(order.customer()).isEqualTo("Ann");
        assertThat(order.lines()).extracting(OrderLine::sku).containsExactly("4711", "4712");
        assertThat(order.lines()).extracting(OrderLine::quantity).containsExactly(2, 1);
    }

    @Test
    void sumsASkuThatIsGivenTwice() {
        OrderRequest order = read(withItems("{\"sku\":\"4711\",\"quantity\":2},{\"sku\":\"4711\",\"quantity\":3}"));

        assertThat(order.lines())
                .singleElement()
                .extracting(OrderLine::quantity)
                .isEqualTo(5);
    }

    @Test
    void givesAnOrderWithoutIdOneOfItsOwn() {
        String first = read(withItems("{\"sku\":\"4711\",\"quantity\":1}")).orderId();
        String second = read(withItems("{\"sku\":\"4711\",\"quantity\":1}")).orderId();

        assertThat(first).isNotEqualTo(second).matches("[A-Za-z0-9._-]{1,64}");
    }

    @Test
    void comesBackFromItsMessage() {
        OrderRequest order = read(withItems("{\"sku\":\"4711\",\"quantity\":10000}"));

        OrderRequest arrived = OrderRequest.of(order.toJson());

        assertThat(arrived.orderId()).isEqualTo(order.orderId());
        assertThat(arrived.customer()).isEqualTo("Ann");
        assertThat(arrived.lines())
                .singleElement()
                .extracting(OrderLine::quantity)
                .isEqualTo(10_000);
    }

    @Test
    void takesAThousandItemsAndNoMore() {
        String item = "{\"sku\":\"4711\",\"quantity\":1}";

        assertThat(read(withItems(String.join(",", Collections.nCopies(1_000, item))))
                        .lines())
                .singleElement()
                .extracting(OrderLine::quantity)
                .isEqualTo(1_000);
        assertRefused(withItems(String.join(",", Collections.nCopies(1_001, item))), "at most 1000 items");
    }

    @Nested
    class Refuses {

        @ParameterizedTest
        @ValueSource(strings = {"", "{", "[]", "1", "null", "{\"customer\":\"Ann\"} {}", "not JSON"})
        void whatIsNotOneJsonObject(String body) {
            assertRefused(body, "not a JSON object");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"customer\":\"Ann\"}",
                    "{\"customer\":\"Ann\",\"items\":[]}",
                    "{\"customer\":\"Ann\",\"items\":{}}",
                    "{\"customer\":\"Ann\",\"items\":null}"
                })
        void anOrderWithoutItems(String body) {
            assertRefused(body, "at least one item");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-1", "10001", "1.5", "1e999999999", "1e-999999999", "\"2\"", "null", "true"})
        void aQuantityOutOfBounds(String quantity) {
            assertRefused(withItems("{\"sku\":\"4711\",\"quantity\":" + quantity + "}"), "quantity");
        }

        @Test
        void quantitiesThatAreTooLargeTogether() {
            assertRefused(
                    withItems("{\"sku\":\"4711\",\"quantity\":10000},{\"sku\":\"4711\",\"quantity\":1}"), "quantity");
        }

        @Test
        void anUnknownSku() {
            assertRefused(withItems("{\"sku\":\"1\",\"quantity\":1}"), "no product with sku 1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"quantity\":1}", "{\"sku\":4711,\"quantity\":1}", "7", "null"})
        void anItemWithoutSku(String item) {
            assertRefused(withItems(item), "sku");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"\"", "\"a b\"", "\"a/b\"", "\"ä\"", "17"})
        void anIllFormedOrderId(String id) {
            assertRefused(
                    "{\"orderId\":" + id + ",\"customer\":\"Ann\",\"items\":[{\"sku\":\"4711\",\"quantity\":1}]}",
                    "rder");
        }

        @Test
        void anOrderIdOf65Characters() {
            assertRefused(
                    "{\"orderId\":\"" + "x".repeat(65)
                            + "\",\"customer\":\"Ann\",\"items\":[{\"sku\":\"4711\",\"quantity\":1}]}",
                    "64");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\"customer\":17,", "\"customer\":\" \","})
        void anOrderOfNobody(String customer) {
            assertRefused("{" + customer + "\"items\":[{\"sku\":\"4711\",\"quantity\":1}]}", "customer");
        }
    }

    private static OrderRequest read(String body) {
        return OrderRequest.read(body, ON_SALE::contains);
    }

    private static String withItems(String items) {
        return "{\"customer\":\"Ann\",\"items\":[" + items + "]}";
    }

    private static void assertRefused(String body, String reason) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400))
                .hasMessageContaining(reason);
    }
}
