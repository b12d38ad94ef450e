package io.mamba.shop.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.shop.run.ShopException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterOptionsTest {

    @Test
    void takesEachOption() {
        assertThat(ClusterOptions.parse(List.of("--home", "/opt/shop", "--data", "/srv/shops", "--port", "9090")))
                .isEqualTo(new ClusterOptions(Path.of("/opt/shop"), Path.of("/srv/shops"), 9090));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prot 9090", "--port", "--port http", "9090"})
    void refusesWhatItDoesNotKnow(String arguments) {
        assertThatThrownBy(() -> ClusterOptions.parse(List.of(arguments.split(" "))))
                .isInstanceOf(ShopException.class);
    }
}
