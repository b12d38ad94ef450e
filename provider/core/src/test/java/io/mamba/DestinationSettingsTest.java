package io.mamba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationSettingsTest {
    @Test
    void saysNothingToBeginWith() {
        assertThat(DestinationSettings.NONE.values()).isEmpty();
        assertThat(DestinationSettings.NONE.maxMessages()).isEmpty();
        assertThat(DestinationSettings.NONE.whenFull()).isEqualTo(WhenFull.BLOCK);
        assertThat(DestinationSettings.NONE.sendTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void keepsWhatIsSaidInTheFormOfTheUrl() {
        DestinationSettings settings = DestinationSettings.NONE
                .maxMessages(1_000)
                .maxBytes(1 << 20)
                .maxAge(Duration.ofHours(1))
                .whenFull(WhenFull.OLDEST_TO_DLQ)
                .sendTimeout(Duration.ofMillis(1_500))
                .maxDeliveries(3)
                .initialRedeliveryDelay(Duration.ofSeconds(1))
                .backOffMultiplier(1.5)
                .maximumRedeliveryDelay(Duration.ofMinutes(1))
                .expiryDestination("queue://late");

        assertThat(new DestinationSettings(settings.values())).isEqualTo(settings);
        assertThat(settings.values())
                .containsEntry("maxMessages", "1000")
                .containsEntry("maxAge", "3600000ms")
                .containsEntry("whenFull", "oldestToDlq");
        assertThat(settings.maxBytes()).contains(1L << 20);
        assertThat(settings.maxAge()).contains(Duration.ofHours(1));
        assertThat(settings.sendTimeout()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(settings.maxDeliveries()).contains(3);
        assertThat(settings.initialRedeliveryDelay()).contains(Duration.ofSeconds(1));
        assertThat(settings.backOffMultiplier()).contains(1.5);
        assertThat(settings.maximumRedeliveryDelay()).contains(Duration.ofMinutes(1));
        assertThat(settings.expiryDestination()).contains("queue://late");
    }

    @Test
    void comesBeforeTheUrl() {
        MambaUrl url = MambaUrl.parse("mamba:file:/d?user=u&maxMessages=10&whenFull=refuse&maxBytes=64KiB");

        DestinationSettings settings = DestinationSettings.NONE
                .maxMessages(5)
                .maxAge(Duration.ofSeconds(1))
                .over(DestinationSettings.of(url));

        assertThat(settings.maxMessages()).contains(5L);
        assertThat(settings.maxBytes()).contains(65_536L);
        assertThat(settings.whenFull()).isEqualTo(WhenFull.REFUSE);
        assertThat(settings.without("maxMessages").maxMessages()).isEmpty();
        assertThat(settings.withoutLimits().values()).containsOnlyKeys("whenFull");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxMessage | 3 | did you mean 'maxMessages'?",
                "user | u | Unknown destination setting 'user'",
                "maxMessages | 0 | a whole number of at least 1",
                "maxMessages | 99999999999999999999 | a whole number of at least 1",
                "maxBytes | 10MB | such as 500, 64KiB, 10MiB or 2GiB",
                "maxBytes | KiB | such as 500, 64KiB, 10MiB or 2GiB",
                "maxBytes | 9999999999999GiB | such as 500, 64KiB, 10MiB or 2GiB",
                "maxAge | 0s | a duration above zero",
                "whenFull | drop | expected one of block, refuse, oldestToDlq",
                "expiryDestination | late | queue://<name> or topic://<name>",
                "expiryDestination | queue:// | queue://<name> or topic://<name>",
            })
    void refusesWhatItDoesNotKnow(String key, String value, String message) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> new DestinationSettings(Map.of(key, value)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .withMessageContaining(message);
    }
}
