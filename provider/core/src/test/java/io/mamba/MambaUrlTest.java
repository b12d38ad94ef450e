package io.mamba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MambaUrlTest {
    @Test
    void readsADirectory() {
        assertThat(MambaUrl.parse("mamba:file:/var/lib/mamba"))
                .isEqualTo(new MambaUrl("file", "/var/lib/mamba", Map.of()));
        assertThat(MambaUrl.parse("mamba:file:data?").place()).isEqualTo("data");
    }

    @Test
    void readsBootstrapServersWithoutTheSlashes() {
        MambaUrl url = MambaUrl.parse("mamba:kafka://h1:9092,[::1]:9093?partitions=3&kafka.security.protocol=SSL");

        assertThat(url.engine()).isEqualTo("kafka");
        assertThat(url.place()).isEqualTo("h1:9092,[::1]:9093");
        assertThat(url.integer("partitions")).contains(3);
        assertThat(url.kafkaProperties()).isEqualTo(Map.of("security.protocol", "SSL"));
    }

    @Test
    void acceptsEveryKnownKey() {
        MambaUrl url = MambaUrl.parse("mamba:file:/d?user=u&password=p&clientId=c&node=n&users=/f&autoCreate=False"
                + "&objectMessageAllow=a.*,b.C&maxDeliveries=0&initialRedeliveryDelay=250ms&backOffMultiplier=1.5"
                + "&maximumRedeliveryDelay=2h&sendTimeout=5m&partitions=1&kafka.x="
                + "&maxMessages=1000&maxBytes=64MiB&maxAge=1h&whenFull=refuse&expiryDestination=queue://late");

        assertThat(url.options()).hasSize(19);
        assertThat(url.bool("autoCreate")).contains(false);
        assertThat(url.integer("maxDeliveries")).contains(0);
        assertThat(url.duration("initialRedeliveryDelay")).contains(Duration.ofMillis(250));
        assertThat(url.duration("maximumRedeliveryDelay")).contains(Duration.ofHours(2));
        assertThat(url.duration("sendTimeout")).contains(Duration.ofMinutes(5));
        assertThat(url.decimal("backOffMultiplier")).contains(1.5);
        assertThat(url.option("user")).contains("u");
    }

    @Test
    void answersEmptyForKeysNotGiven() {
        MambaUrl url = MambaUrl.parse("mamba:file:/d");

        assertThat(url.option("user")).isEmpty();
        assertThat(url.duration("sendTimeout")).isEmpty();
    }

    @Test
    void decodesPercentAndLeavesPlusAlone() {
        MambaUrl url = MambaUrl.parse("mamba:file:/a%20b%3Fc/%C3%BC?password=a%26b%3Dc+d=e");

        assertThat(url.place()).isEqualTo("/a b?c/\u00fc");
        assertThat(url.option("password")).contains("a&b=c+d=e");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http://x | is not a Mamba URL",
                "mamba:file | is not a Mamba URL",
                "mamba:zookeeper:/x | Unknown engine 'zookeeper'",
                "mamba:file: | the place is empty",
                "mamba:file:?user=a | the place is empty",
                "mamba:kafka:h:1 | two slashes",
                "mamba:kafka:// | expected mamba:kafka://host:port",
                "mamba:kafka://h | found 'h'",
                "mamba:kafka://h:1, | expected mamba:kafka://host:port",
                "mamba:kafka://h:70000 | found 'h:70000'",
                "mamba:kafka://h:x | found 'h:x'",
                "mamba:file:/d?maxDelivery=3 | Unknown key 'maxDelivery' in the URL; did you mean 'maxDeliveries'?",
                "mamba:file:/d?MAXDELIVERIES=3 | did you mean 'maxDeliveries'?",
                "mamba:file:/d?clientID=3 | did you mean 'clientId'?",
                "mamba:file:/d?kafka.=3 | needs the name of a Kafka client property",
                "mamba:file:/d?user=a&user=b | Key 'user' is given twice",
                "mamba:file:/d?user | Option 1 of the URL is not key=value",
                "mamba:file:/d?user=a&&node=b | Option 2 of the URL is not key=value",
                "mamba:file:/d?=a | Option 1 of the URL is not key=value",
                "mamba:file:/d%2 | Broken percent-encoding in the place",
                "mamba:file:/d%-1 | Broken percent-encoding in the place",
                "mamba:file:/d?user=%FF | Broken percent-encoding in the value of 'user'",
                "mamba:file:/d?us%er=a | Broken percent-encoding in the name of option 1",
                "mamba:file:/d?sendTimeout=30 | 'sendTimeout' is '30', but expected a number with a unit",
                "mamba:file:/d?sendTimeout=s | expected a number with a unit",
                "mamba:file:/d?sendTimeout=-1s | expected a number with a unit",
                "mamba:file:/d?sendTimeout=1S | expected a number with a unit",
                "mamba:file:/d?sendTimeout=9999999999999999h | fits 64 bits",
                "mamba:file:/d?sendTimeout=99999999999999999999ms | fits 64 bits",
                "mamba:file:/d?partitions=0 | 'partitions' is '0', but expected an integer from 1 to",
                "mamba:file:/d?partitions=two | 'partitions' is 'two', but expected an integer",
                "mamba:file:/d?autoCreate=yes | 'autoCreate' is 'yes', but expected true or false",
                "mamba:file:/d?backOffMultiplier=NaN | expected a decimal number from 1.0",
                "mamba:file:/d?backOffMultiplier=0.5 | expected a decimal number from 1.0",
                "mamba:file:/d?backOffMultiplier=x | expected a decimal number from 1.0",
                "mamba:file:/d?node=%20 | not blank",
            })
    void refusesWhatIsWrongAndSaysWhatIsExpected(String url, String message) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> MambaUrl.parse(url))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mamba:file:/d?password=s3cret%",
                "mamba:file:/d?user=a&password=s3cret&partitions=0",
                "nonsense?password=s3cret",
                "mamba:file:/d?password=a&s3cret"
            })
    void keepsPasswordsOutOfErrors(String url) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> MambaUrl.parse(url))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void writesTheCanonicalUrlAndMasksSecrets() {
        MambaUrl url = MambaUrl.parse(
                "mamba:kafka://h:1?user=%61%26b&password=x%20y&kafka.sasl.jaas.config=z%3B&kafka.ssl.key.password=q");

        assertThat(url.text())
                .isEqualTo(
                        "mamba:kafka://h:1?kafka.sasl.jaas.config=z;&kafka.ssl.key.password=q&password=x%20y&user=a%26b");
        assertThat(url)
                .hasToString(
                        "mamba:kafka://h:1?kafka.sasl.jaas.config=***&kafka.ssl.key.password=***&password=***&user=a%26b");
        assertThat(MambaUrl.parse(url.text())).isEqualTo(url);
    }

    @Test
    void equalsByContentWhateverTheOrderAndEncoding() {
        assertThat(MambaUrl.parse("mamba:file:/%64?user=a&node=b"))
                .isEqualTo(MambaUrl.parse("mamba:file:/d?node=b&user=a"))
                .hasSameHashCodeAs(MambaUrl.parse("mamba:file:/d?node=b&user=a"));
    }

    @Test
    void setsAnOptionOnACopy() {
        MambaUrl url = MambaUrl.parse("mamba:file:/d?user=a");

        assertThat(url.with("user", "b").with("node", "n").text()).isEqualTo("mamba:file:/d?node=n&user=b");
        assertThat(url.option("user")).contains("a");
        assertThatExceptionOfType(MambaException.class).isThrownBy(() -> url.with("partitions", "0"));
    }
}
