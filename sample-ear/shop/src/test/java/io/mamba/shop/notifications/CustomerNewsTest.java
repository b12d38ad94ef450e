package io.mamba.shop.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CustomerNewsTest {

    private final CustomerNews news = new CustomerNews();

    @Test
    void keepsWhatACustomerWasToldInItsOrder() {
        tell("a", "CREATED", false);
        tell("a", "PAID", false);

        JsonObject order = Objects.requireNonNull(news.latest().get("a"));

        assertThat(order.getString("customer")).isEqualTo("Ann");
        assertThat(order.getJsonArray("told").getValuesAs(JsonObject.class))
                .extracting(line -> line.getString("state"))
                .containsExactly("CREATED", "PAID");
    }

    @Test
    void keepsAnOrderOfACustomerThroughAReplay() {
        tell("a", "CREATED", false);
        for (int i = 0; i < 500; i++) {
            tell("r" + i, "CREATED", true);
        }

        assertThat(news.latest()).containsKey("a").hasSize(1 + CustomerNews.KEPT_OF_REPLAYS);
    }

    @Test
    void forgetsTheOrderThatWasLongestSilent() {
        tell("a", "CREATED", false);
        tell("b", "CREATED", false);
        tell("a", "PAID", false);
        for (int i = 0; i < CustomerNews.KEPT_OF_CUSTOMERS - 1; i++) {
            tell("c" + i, "CREATED", false);
        }

        assertThat(news.latest()).containsKey("a").doesNotContainKey("b");
    }

    private void tell(String orderId, String state, boolean replayed) {
        news.tell(
                JsonText.object()
                        .add("orderId", orderId)
                        .add("customer", "Ann")
                        .add("state", state)
                        .add("text", Notification.text(orderId, state))
                        .add("at", "2026-01-01T00:00:00Z")
                        .build(),
                replayed);
    }
}
