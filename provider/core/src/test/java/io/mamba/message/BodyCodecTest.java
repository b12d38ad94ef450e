package io.mamba.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyCodecTest {
    private static final List<@Nullable Object> EVERYTHING = Arrays.asList(
            null,
            true,
            false,
            Byte.MIN_VALUE,
            (byte) -1,
            Short.MIN_VALUE,
            Short.MAX_VALUE,
            '\0',
            'x',
            '\uD83D',
            0,
            -1,
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            0L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            -0f,
            Float.NaN,
            Float.MIN_VALUE,
            Double.MAX_VALUE,
            Double.NaN,
            "",
            "\u00e4\uD83D\uDC0D\u0000",
            new byte[0],
            new byte[] {1, -1},
            new byte[1_000]);

    @Test
    void streamsKeepTypesValuesAndOrder() {
        List<@Nullable Object> decoded = BodyCodec.decodeStream(BodyCodec.encodeStream(EVERYTHING));

        assertThat(decoded.toArray()).isEqualTo(EVERYTHING.toArray());
    }

    @Test
    void mapsKeepTypesValuesAndOrder() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = EVERYTHING.size() - 1; i >= 0; i--) {
            map.put("n" + i, EVERYTHING.get(i));
        }

        Map<String, @Nullable Object> decoded = BodyCodec.decodeMap(BodyCodec.encodeMap(map));

        assertThat(decoded.keySet()).containsExactlyElementsOf(map.keySet());
        assertThat(decoded.values().toArray()).isEqualTo(map.values().toArray());
    }

    @Test
    void emptyBodiesStayEmpty() {
        assertThat(BodyCodec.decodeMap(BodyCodec.encodeMap(Map.of()))).isEmpty();
        assertThat(BodyCodec.decodeStream(BodyCodec.encodeStream(List.of()))).isEmpty();
    }

    @Test
    void theEncodingIsTheDocumentedOne() {
        byte[] map = BodyCodec.encodeMap(Map.of("n", 150));
        byte[] stream = BodyCodec.encodeStream(Arrays.asList(null, true, (short) 258, -2L, "ab"));

        assertThat(HexFormat.of().formatHex(map)).isEqualTo("4d01" + "01" + "016e" + "06ac02");
        assertThat(HexFormat.of().formatHex(stream))
                .isEqualTo("5301" + "05" + "00" + "02" + "040102" + "0703" + "0a026162");
    }

    @Test
    void otherValuesAreRefused() {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> BodyCodec.encodeStream(List.of(List.of())))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_FORMAT));
    }

    @ParameterizedTest
    @CsvSource({
        "'', more bytes",
        "4d01, a stream",
        "5302, format version 1",
        "530100ff, the end",
        "530102, a count of what follows",
        "5301ffffffff0f, a count of what follows",
        "5301ffffffffffffffffff01, a count of what follows",
        "5301ffffffffffffffffff02, a number of at most 64 bits",
        "5301ffffffffffffffffffff, a number of at most 64 bits",
        "5301010c, the type of a value",
        "5301010401, more bytes",
        "530101068080808020, an integer of 32 bits",
        "5301010a05, a count of what follows",
        "5301010a01ff, UTF-8",
        "5301010b02ff, a count of what follows",
    })
    void hostileStreamsAreCorrupt(String hex, String expected) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> BodyCodec.decodeStream(HexFormat.of().parseHex(hex)))
                .withMessageContaining("expected " + expected)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void aNameThatStandsTwiceInAMapIsCorrupt() {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> BodyCodec.decodeMap(HexFormat.of().parseHex("4d0102016e00016e00")))
                .withMessageContaining("a name that was not there before");
    }

    @Test
    void randomBytesAndRandomDamageGiveValuesOrCorrupt() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = BodyCodec.encodeStream(EVERYTHING.subList(0, random.nextInt(EVERYTHING.size())));
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
            } else {
                bytes = new byte[3 + random.nextInt(30)];
                random.nextBytes(bytes);
                bytes[0] = 'S';
                bytes[1] = 1;
            }
            try {
                List<@Nullable Object> values = BodyCodec.decodeStream(bytes);
                List<@Nullable Object> again = BodyCodec.decodeStream(BodyCodec.encodeStream(values));
                assertThat(again.toArray()).as("seed %d", seed).isEqualTo(values.toArray());
            } catch (MambaException e) {
                assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    @Test
    void randomStreamsSurviveTheRoundTrip() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                values.add(
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt() >> random.nextInt(32);
                            case 1 -> random.nextLong() >> random.nextInt(64);
                            case 2 -> Texts.random(random, 200);
                            default -> Texts.bytes(random, 200);
                        });
            }

            List<@Nullable Object> decoded = BodyCodec.decodeStream(BodyCodec.encodeStream(values));

            assertThat(decoded.toArray()).as("seed %d", seed).isEqualTo(values.toArray());
        }
    }
}
