package io.mamba.shop.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BoardTest {

    private final Board board = new Board();

    @Test
    void givesANewViewerEverything() {
        board.set("inDoubt", JsonText.number(2));
        board.setEach("stock", Map.of("a", JsonText.number(1), "b", JsonText.number(2)));

        JsonObject all = since(0);

        assertThat(all.getInt("inDoubt")).isEqualTo(2);
        assertThat(all.getJsonObject("stock")).hasSize(2);
    }

    @Test
    void givesOnlyWhatChangedSince() {
        board.set("inDoubt", JsonText.number(2));
        board.setEach("stock", Map.of("a", JsonText.number(1), "b", JsonText.number(2)));
        long seen = since(0).getInt("version");

        board.set("inDoubt", JsonText.number(2));
        board.setEach("stock", Map.of("a", JsonText.number(1), "b", JsonText.number(7)));

        assertThat(since(seen).keySet()).containsExactlyInAnyOrder("version", "stock");
        assertThat(since(seen).getJsonObject("stock").toString()).isEqualTo("{\"b\":7}");
    }

    @Test
    void givesAViewerThatIsBehindAllItMissedInOne() {
        board.set("inDoubt", JsonText.number(1));
        long seen = since(0).getInt("version");

        board.set("inDoubt", JsonText.number(2));
        board.set("replay", JsonText.string("on"));
        board.set("inDoubt", JsonText.number(3));

        assertThat(since(seen).getInt("inDoubt")).isEqualTo(3);
        assertThat(since(seen).getString("replay")).isEqualTo("on");
    }

    @Test
    void saysNothingWhenNothingChanged() {
        assertThat(board.since(0)).isNull();
        board.set("inDoubt", JsonText.number(1));
        long seen = since(0).getInt("version");
        board.set("inDoubt", JsonText.number(1));

        assertThat(board.since(seen)).isNull();
    }

    @Test
    void forgetsWhatIsNoLongerInASet() {
        board.setEach("orders", Map.of("old", JsonText.number(1)));
        board.setEach("orders", Map.of("new", JsonText.number(2)));

        assertThat(since(0).getJsonObject("orders").keySet()).containsExactly("new");
    }

    private JsonObject since(long seen) {
        return Objects.requireNonNull(board.since(seen));
    }
}
