package io.mamba.shop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShopOptionsTest {

    private static final Path HOME = Path.of("/opt/shop");

    @Test
    void listensOnLoopbackPort8080WithoutOptions() {
        ShopOptions options = ShopOptions.parse(HOME, List.of());

        assertThat(options.address()).isEqualTo("127.0.0.1");
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.data()).isAbsolute().endsWithRaw(Path.of("shop-data"));
    }

    @Test
    void takesEachOption() {
        ShopOptions options = ShopOptions.parse(
                HOME,
                List.of(
                        "--port",
                        "9090",
                        "--address",
                        "0.0.0.0",
                        "--data",
                        "/srv/shop",
                        "--database",
                        "jdbc:postgresql://127.0.0.1/shop?user=ann&password=a",
                        "--messages",
                        "mamba:kafka://127.0.0.1:9092?node=shop-1",
                        "--jvm",
                        "-Xmx2g",
                        "--jvm",
                        "-ea"));

        assertThat(options)
                .isEqualTo(new ShopOptions(
                        HOME,
                        Path.of("/srv/shop"),
                        new ShopDatabase("jdbc:postgresql://127.0.0.1/shop?user=ann&password=a"),
                        ShopLog.inCluster("127.0.0.1:9092", "shop-1"),
                        "0.0.0.0",
                        9090,
                        List.of("-Xmx2g", "-ea")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port=9090", "--prot", "9090"})
    void refusesWhatItDoesNotKnow(String option) {
        assertThatThrownBy(() -> ShopOptions.parse(HOME, List.of(option)))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining(option)
                .hasMessageContaining("Usage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "http"})
    void refusesWhatIsNoPort(String port) {
        assertThatThrownBy(() -> ShopOptions.parse(HOME, List.of("--port", port)))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining(port);
    }

    @Test
    void refusesADatabaseItDoesNotKnowAndShowsNoPassword() {
        List<String> oracle = List.of("--database", "jdbc:oracle:thin:@localhost:1521/shop?password=geheim");

        assertThatThrownBy(() -> ShopOptions.parse(HOME, oracle))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining("jdbc:postgresql://host:port/database")
                .hasMessageContaining("jdbc:oracle:thin:@localhost:1521/shop")
                .message()
                .doesNotContain("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?user=ann", "?password=geheim", "?user=ann&password=a%22b"})
    void refusesADatabaseWithoutUserAndPasswordThatTheServerCanHold(String settings) {
        List<String> database = List.of("--database", "jdbc:postgresql://127.0.0.1/shop" + settings);

        assertThatThrownBy(() -> ShopOptions.parse(HOME, database)).isInstanceOf(ShopException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mamba:file:/srv/messages",
                "mamba:kafka://127.0.0.1:9092",
                "mamba:kafka://127.0.0.1:9092?node=",
                "mamba:kafka://127.0.0.1:9092?node=a b",
                "mamba:kafka://127.0.0.1:9092?node=a&kafka.x=\"",
                "mamba:kafka://127.0.0.1:9092?prefix=node"
            })
    void refusesAClusterWithoutANameOfThisInstanceThatTheServerCanHold(String messages) {
        List<String> cluster =
                List.of("--database", "jdbc:postgresql://127.0.0.1/shop?user=ann&password=a", "--messages", messages);

        assertThatThrownBy(() -> ShopOptions.parse(HOME, cluster))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining("mamba:kafka://host:port");
    }

    @Test
    void refusesAClusterWhoseInstancesWouldHaveRowsOfTheirOwn() {
        List<String> cluster = List.of("--messages", "mamba:kafka://127.0.0.1:9092?node=shop-1");

        assertThatThrownBy(() -> ShopOptions.parse(HOME, cluster))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining("--database");
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertThatThrownBy(() -> ShopOptions.parse(HOME, List.of("--data")))
                .isInstanceOf(ShopException.class)
                .hasMessageContaining("--data needs a value");
    }
}
