package io.mamba.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Partition PARTITION = new Partition("queue.orders", 0);

    @Nested
    class OwnRecords {
        @Test
        void writeOnlyWhatDiffersFromTheDefault() {
            LogRecord record = MessageCodec.encode(text("hello").build());

            assertThat(record.partition()).isEqualTo(PARTITION);
            assertThat(record.timestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(record.key()).isNull();
            assertThat(record.value()).isEqualTo(bytes("hello"));
            assertThat(headers(record)).containsExactly(entry("mamba.version", "1"), entry("mamba.id", "ID:1"));
        }

        @Test
        void areReadableByAnyKafkaConsumer() {
            Builder builder = text("hello");
            builder.persistent = false;
            builder.priority = 9;
            builder.expiration = 1_700_000_060_000L;
            builder.deliveryTime = 1_700_000_030_000L;
            builder.correlationId = "c-1";
            builder.type = "order";
            builder.replyTo = Address.topic("answers");
            builder.group = "customer-7";
            builder.origin = "connection-1";
            builder.properties.put("color", "red");
            builder.properties.put("JMSXGroupSeq", 3);
            builder.properties.put("price", 1.5);
            builder.properties.put("a:b", "x");

            LogRecord record = MessageCodec.encode(builder.build());

            assertThat(record.key()).isEqualTo(bytes("customer-7"));
            assertThat(headers(record))
                    .containsExactly(
                            entry("mamba.version", "1"),
                            entry("mamba.id", "ID:1"),
                            entry("mamba.mode", "NON_PERSISTENT"),
                            entry("mamba.priority", "9"),
                            entry("mamba.expiration", "1700000060000"),
                            entry("mamba.deliveryTime", "1700000030000"),
                            entry("mamba.correlationId", "c-1"),
                            entry("mamba.type", "order"),
                            entry("mamba.replyTo", "topic://answers"),
                            entry("mamba.origin", "connection-1"),
                            entry("color", "red"),
                            entry("JMSXGroupSeq:int", "3"),
                            entry("price:double", "1.5"),
                            entry("a:b:string", "x"));
            assertRoundTrip(builder.build());
        }

        @ParameterizedTest
        @EnumSource(BodyType.class)
        void keepNoBodyAndAnEmptyBodyApart(BodyType type) {
            Builder builder = text("");
            builder.bodyType = type;

            assertRoundTrip(builder.build());
            builder.body = null;
            assertRoundTrip(builder.build());
        }

        @Test
        void keepTheTypeAndValueOfEveryProperty() {
            Builder builder = text("hello");
            Object[] values = {
                true,
                false,
                Byte.MIN_VALUE,
                Byte.MAX_VALUE,
                Short.MIN_VALUE,
                Short.MAX_VALUE,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                Float.NaN,
                -0f,
                Float.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NaN,
                -0.0,
                0.1,
                Double.POSITIVE_INFINITY,
                "",
                "5",
                "\u0000\uFFFD\u00e4\uD83D\uDC0D"
            };
            for (int i = 0; i < values.length; i++) {
                builder.properties.put("p" + i, values[i]);
            }

            assertRoundTrip(builder.build());
        }

        @Test
        void surviveTheRoundTripWhateverTheyHold() {
            for (long seed = 0; seed < 3_000; seed++) {
                Envelope envelope = new RandomEnvelopes(seed).next();

                assertThat(describe(MessageCodec.decode(MessageCodec.encode(envelope), envelope.destination())))
                        .as("seed %d", seed)
                        .isEqualTo(describe(envelope));
            }
        }

        @Test
        void canNotHoldOtherPropertiesOrPriorities() {
            Builder dated = text("x");
            dated.properties.put("p", new java.math.BigDecimal(1));
            Builder unnamed = text("x");
            unnamed.properties.put("", 1);
            Builder forged = text("x");
            forged.properties.put("mamba.id", "ID:2");
            Builder urgent = text("x");
            urgent.priority = 10;

            for (Builder builder : List.of(dated, unnamed, forged, urgent)) {
                assertThatExceptionOfType(MambaException.class)
                        .isThrownBy(() -> MessageCodec.encode(builder.build()))
                        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_FORMAT));
            }
        }

        @Test
        void mayHoldHeadersOfLaterVersionsAndOfProgramsInBetween() {
            Envelope envelope = MessageCodec.decode(
                    record(null, "x", "mamba.version", "1", "mamba.later", "?", "trace-id", "t", "a:b", "c"), ORDERS);

            assertThat(envelope.properties()).containsExactly(entry("trace-id", "t"), entry("a:b", "c"));
        }

        @ParameterizedTest
        @CsvSource({
            "mamba.version, 2, expected format version 1",
            "mamba.version, '', expected format version 1",
            "mamba.mode, persistent, expected PERSISTENT or NON_PERSISTENT",
            "mamba.priority, 10, expected 0 to 9",
            "mamba.priority, '', expected 0 to 9",
            "mamba.priority, /, expected 0 to 9",
            "mamba.expiration, soon, expected milliseconds",
            "mamba.expiration, 9223372036854775808, expected milliseconds",
            "mamba.deliveryTime, '', expected milliseconds",
            "mamba.replyTo, orders, expected queue://<name>",
            "mamba.replyTo, queue://, expected queue://<name>",
            "mamba.body, XML, 'expected MESSAGE, TEXT'",
            "count:int, 5x, expected a value of the type",
            "count:byte, 128, expected a value of the type",
            "count:float, '', expected a value of the type",
            "flag:boolean, TRUE, expected a value of the type",
        })
        void areRefusedAsCorruptWithPartitionAndHeader(String name, String value, String message) {
            assertCorrupt(record(null, "x", "mamba.version", "1", name, value))
                    .withMessageContaining("queue.orders-0")
                    .withMessageContaining("'" + name + "'")
                    .withMessageContaining(message);
        }

        @Test
        void areRefusedAsCorruptWhereTextIsNotUtf8() {
            byte[] malformed = {'a', (byte) 0xC3};
            for (String name : List.of("mamba.version", "mamba.id", "mamba.type", "mamba.origin", "a:b:string")) {
                List<Header> headers = List.of(new Header("mamba.version", bytes("1")), new Header(name, malformed));
                assertCorrupt(new LogRecord(PARTITION, null, headers, null, 0)).withMessageContaining(name);
            }
            LogRecord record =
                    new LogRecord(PARTITION, malformed, List.of(new Header("mamba.version", bytes("1"))), null, 0);
            assertCorrupt(record).withMessageContaining("its key");
        }

        @Test
        void giveAnEnvelopeOrCorruptWhateverTheirHeadersHold() {
            String[] names = {
                "mamba.version",
                "mamba.id",
                "mamba.mode",
                "mamba.priority",
                "mamba.expiration",
                "mamba.replyTo",
                "mamba.body",
                "mamba.correlationBytes",
                "p",
                "p:int",
                "p:double",
                "p:boolean",
                ":int",
                ""
            };
            for (long seed = 0; seed < 5_000; seed++) {
                Random random = new Random(seed);
                List<Header> headers = new ArrayList<>();
                headers.add(new Header("mamba.version", bytes("1")));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    byte[] value = new byte[random.nextInt(4)];
                    random.nextBytes(value);
                    headers.add(new Header(names[random.nextInt(names.length)], value));
                }
                LogRecord record = new LogRecord(PARTITION, null, headers, null, 0);
                try {
                    assertThat(MessageCodec.decode(record, ORDERS).destination())
                            .isEqualTo(ORDERS);
                } catch (MambaException e) {
                    assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.CORRUPT);
                }
            }
        }
    }

    @Nested
    class ForeignRecords {
        @Test
        void areBytesMessagesInTheGroupOfTheirKey() {
            Envelope envelope = MessageCodec.decode(record("k", "raw"), ORDERS);

            assertThat(envelope.bodyType()).isEqualTo(BodyType.BYTES);
            assertThat(envelope.body()).isEqualTo(bytes("raw"));
            assertThat(envelope.group()).isEqualTo("k");
            assertThat(envelope.id()).isNull();
            assertThat(envelope.persistent()).isTrue();
            assertThat(envelope.priority()).isEqualTo(4);
            assertThat(envelope.timestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(envelope.properties()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "text/plain",
                    "Text/XML; charset=\"UTF-8\"",
                    "application/json",
                    " application/json ;charset=us-ascii"
                })
        void areTextMessagesWhereTheirContentTypeSaysSo(String contentType) {
            Envelope envelope = MessageCodec.decode(record(null, "{}", "Content-Type", contentType), ORDERS);

            assertThat(envelope.bodyType()).isEqualTo(BodyType.TEXT);
            assertThat(envelope.properties()).containsExactly(entry("Content_Type", contentType));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "application/octet-stream",
                    "application/json5",
                    "textual",
                    "text/plain; charset=iso-8859-1"
                })
        void areBytesMessagesForOtherContentTypes(String contentType) {
            assertThat(MessageCodec.decode(record(null, "{}", "content-type", contentType), ORDERS)
                            .bodyType())
                    .isEqualTo(BodyType.BYTES);
        }

        @Test
        void areBytesMessagesWhereTheTextIsNotUtf8() {
            LogRecord record = new LogRecord(
                    PARTITION,
                    null,
                    List.of(new Header("content-type", bytes("text/plain"))),
                    new byte[] {(byte) 0xFF},
                    0);

            assertThat(MessageCodec.decode(record, ORDERS).bodyType()).isEqualTo(BodyType.BYTES);
        }

        @Test
        void giveTheirHeadersAsPropertiesUnderLegalNames() {
            Envelope envelope = MessageCodec.decode(
                    record(
                            null,
                            "x",
                            "trace-id",
                            "mangled",
                            "trace_id",
                            "exact",
                            "1st",
                            "a",
                            "JMSType",
                            "b",
                            "and",
                            "c",
                            "",
                            "d",
                            "mamba.id",
                            "e",
                            "count:int",
                            "5",
                            "size:int",
                            "large"),
                    ORDERS);

            assertThat(envelope.id()).isNull();
            assertThat(envelope.properties())
                    .containsExactly(
                            entry("trace_id", "exact"),
                            entry("_1st", "a"),
                            entry("_JMSType", "b"),
                            entry("_and", "c"),
                            entry("_", "d"),
                            entry("mamba_id", "e"),
                            entry("count", 5),
                            entry("size_int", "large"));
        }

        @Test
        void mayLackValueAndReadableKey() {
            Envelope envelope = MessageCodec.decode(
                    new LogRecord(PARTITION, new byte[] {0, (byte) 0xAB}, List.of(), null, 0), ORDERS);

            assertThat(envelope.body()).isNull();
            assertThat(envelope.timestamp()).isZero();
            assertThat(envelope.group()).isEqualTo("0x00ab");
        }

        @Test
        void areNeverRefused() {
            for (long seed = 0; seed < 2_000; seed++) {
                Random random = new Random(seed);
                List<Header> headers = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    headers.add(new Header(Texts.random(random, 6), Texts.bytes(random, 6)));
                }
                LogRecord record =
                        new LogRecord(PARTITION, Texts.bytes(random, 4), headers, Texts.bytes(random, 9), seed);

                Envelope envelope = MessageCodec.decode(record, ORDERS);

                assertThat(envelope.body()).as("seed %d", seed).isEqualTo(record.value());
                assertRoundTrip(envelope);
            }
        }
    }

    @Test
    void showsASelectorHeadersGroupAndProperties() {
        Builder builder = text("x");
        builder.correlationId = "c";
        builder.type = "t";
        builder.group = "g";
        builder.properties.put("JMSXGroupSeq", 2);
        builder.properties.put("p", 1.5f);
        MessageValues values = new MessageValues(builder.build());

        assertThat(values.apply("JMSDeliveryMode")).isEqualTo("PERSISTENT");
        assertThat(values.apply("JMSPriority")).isEqualTo(4);
        assertThat(values.apply("JMSMessageID")).isEqualTo("ID:1");
        assertThat(values.apply("JMSTimestamp")).isEqualTo(1_700_000_000_000L);
        assertThat(values.apply("JMSCorrelationID")).isEqualTo("c");
        assertThat(values.apply("JMSType")).isEqualTo("t");
        assertThat(values.apply("JMSXGroupID")).isEqualTo("g");
        assertThat(values.apply("JMSXGroupSeq")).isEqualTo(2);
        assertThat(values.apply("p")).isEqualTo(1.5f);
        assertThat(values.apply("q")).isNull();
    }

    private static ThrowableAssertAlternative<MambaException> assertCorrupt(LogRecord record) {
        return assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> MessageCodec.decode(record, ORDERS))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    private static void assertRoundTrip(Envelope envelope) {
        assertThat(describe(MessageCodec.decode(MessageCodec.encode(envelope), envelope.destination())))
                .isEqualTo(describe(envelope));
    }

    /** Everything in it, in an order-preserving form that compares arrays by content. */
    private static String describe(Envelope e) {
        StringBuilder properties = new StringBuilder();
        e.properties()
                .forEach((name, value) -> properties
                        .append(name)
                        .append('=')
                        .append(value.getClass().getSimpleName())
                        .append(value)
                        .append('\n'));
        return Arrays.asList(
                        e.id(),
                        e.destination(),
                        e.persistent(),
                        e.priority(),
                        e.timestamp(),
                        e.expiration(),
                        e.deliveryTime(),
                        e.correlationId(),
                        Arrays.toString(e.correlationBytes()),
                        e.type(),
                        e.replyTo(),
                        e.group(),
                        properties,
                        e.bodyType(),
                        Arrays.toString(e.body()),
                        e.origin())
                .toString();
    }

    private static List<Map.Entry<String, String>> headers(LogRecord record) {
        return record.headers().stream()
                .map(header -> Map.entry(header.name(), new String(header.value(), UTF_8)))
                .toList();
    }

    private static LogRecord record(@Nullable String key, String value, String... namesAndValues) {
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new Header(namesAndValues[i], bytes(namesAndValues[i + 1])));
        }
        return new LogRecord(PARTITION, key == null ? null : bytes(key), headers, bytes(value), 1_700_000_000_000L);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Builder text(String body) {
        Builder builder = new Builder();
        builder.body = bytes(body);
        return builder;
    }

    private static final class Builder {
        private Address destination = ORDERS;
        private boolean persistent = true;
        private int priority = 4;
        private long timestamp = 1_700_000_000_000L;
        private long expiration;
        private long deliveryTime;
        private @Nullable String id = "ID:1";
        private @Nullable String correlationId;
        private byte @Nullable [] correlationBytes;
        private @Nullable String type;
        private @Nullable Address replyTo;
        private @Nullable String group;
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private BodyType bodyType = BodyType.TEXT;
        private byte @Nullable [] body;
        private @Nullable String origin;

        Envelope build() {
            return new Envelope(
                    id,
                    destination,
                    persistent,
                    priority,
                    timestamp,
                    expiration,
                    deliveryTime,
                    correlationId,
                    correlationBytes,
                    type,
                    replyTo,
                    group,
                    properties,
                    bodyType,
                    body,
                    origin);
        }
    }

    private static final class RandomEnvelopes {
        private final Random random;

        RandomEnvelopes(long seed) {
            random = new Random(seed);
        }

        Envelope next() {
            Builder builder = new Builder();
            builder.destination = address();
            builder.id = maybeText();
            builder.persistent = random.nextBoolean();
            builder.priority = random.nextInt(10);
            builder.timestamp = time();
            builder.expiration = time();
            builder.deliveryTime = time();
            builder.correlationId = maybeText();
            builder.correlationBytes = random.nextInt(4) == 0 ? Texts.bytes(random, 20) : null;
            builder.type = maybeText();
            builder.replyTo = random.nextInt(3) == 0 ? address() : null;
            builder.group = maybeText();
            builder.origin = maybeText();
            builder.bodyType = anyOf(BodyType.values());
            builder.body = random.nextInt(5) == 0 ? null : Texts.bytes(random, 50);
            for (int i = random.nextInt(6); i > 0; i--) {
                builder.properties.put("p" + Texts.random(random, 5), property());
            }
            return builder.build();
        }

        private Address address() {
            return new Address(anyOf(Address.Kind.values()), "d" + Texts.random(random, 8));
        }

        private <T> T anyOf(T[] values) {
            return values[random.nextInt(values.length)];
        }

        private long time() {
            return random.nextInt(3) == 0 ? 0 : random.nextLong() >>> (1 + random.nextInt(63));
        }

        private @Nullable String maybeText() {
            return random.nextBoolean() ? null : Texts.random(random, 12);
        }

        private Object property() {
            return switch (random.nextInt(8)) {
                case 0 -> random.nextBoolean();
                case 1 -> (byte) random.nextInt();
                case 2 -> (short) random.nextInt();
                case 3 -> random.nextInt();
                case 4 -> random.nextLong();
                case 5 -> Float.intBitsToFloat(random.nextInt());
                case 6 -> Double.longBitsToDouble(random.nextLong());
                default -> Texts.random(random, 10);
            };
        }
    }
}
