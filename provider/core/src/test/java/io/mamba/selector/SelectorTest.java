package io.mamba.selector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final Map<String, Object> VALUES = Map.ofEntries(
            Map.entry("JMSDeliveryMode", "PERSISTENT"),
            Map.entry("JMSPriority", 7),
            Map.entry("JMSMessageID", "ID:1"),
            Map.entry("JMSTimestamp", 1_700_000_000_000L),
            Map.entry("JMSCorrelationID", "c-1"),
            Map.entry("JMSType", "order"),
            Map.entry("JMSXGroupID", "g"),
            Map.entry("JMSXGroupSeq", 3),
            Map.entry("JMS_Mamba_Cause", "why"),
            Map.entry("color", "red"),
            Map.entry("quote", "it's"),
            Map.entry("empty", ""),
            Map.entry("five", "5"),
            Map.entry("b", (byte) 1),
            Map.entry("s", (short) 2),
            Map.entry("i", 5),
            Map.entry("l", 5L),
            Map.entry("f", 1.5f),
            Map.entry("tenth", 0.1f),
            Map.entry("d", 2.5),
            Map.entry("nan", Double.NaN),
            Map.entry("max", Long.MAX_VALUE),
            Map.entry("yes", true),
            Map.entry("no", false),
            Map.entry("$_x1", 1),
            Map.entry("\u00e4\uD835\uDC9C", 1),
            Map.entry("path", "a%b_c\\d"));

    @Nested
    class NoSelector {
        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t\r\n\f "})
        void isBlank(String text) {
            assertThat(Selector.parse(text)).isNull();
        }

        @Test
        void isNull() {
            assertThat(Selector.parse(null)).isNull();
        }
    }

    @Test
    void isEqualByItsText() {
        assertThat(parse("a = 1"))
                .isEqualTo(parse("a = 1"))
                .hasSameHashCodeAs(parse("a = 1"))
                .hasToString("a = 1");
        assertThat(parse("a = 1")).isNotEqualTo(parse("a =  1"));
        assertThat(parse("a = 1").text()).isEqualTo("a = 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // identifiers and keywords
                "color = 'red'",
                "$_x1 = 1",
                "\u00e4\uD835\uDC9C = 1",
                "i\t=\n5\fAnD\rcolor='red'",
                "noT i bEtWeEn 6 aNd 7 oR fAlSe",
                "color iN ('red') aNd missing iS nUlL aNd color lIkE 'r/%' eScApE '/' oR tRuE",
                "Color IS NULL",
                // headers
                "JMSDeliveryMode = 'PERSISTENT'",
                "JMSDeliveryMode <> 'NON_PERSISTENT'",
                "JMSPriority >= 7 AND JMSPriority < 8",
                "JMSMessageID = 'ID:1'",
                "JMSTimestamp > 1699999999999",
                "JMSCorrelationID LIKE 'c-_'",
                "JMSType IN ('x', 'order')",
                "JMSXGroupID = 'g' AND JMSXGroupSeq = 3",
                "JMS_Mamba_Cause = 'why'",
                // literals
                "quote = 'it''s'",
                "empty = ''",
                "i = 5 AND i = 5L AND i = 5l AND i = +5",
                "i = 05 AND i = 0x5 AND i = 0X0005L AND 010 = 8 AND 0xfF = 255 AND 0 = 00",
                "0xFFFFFFFFFFFFFFFF = -1",
                "i = 5. AND i = 5.0 AND i = 5e0 AND i = 50E-1 AND i = .5e+1 AND i = 5d AND i = 5.F",
                "i - .5 = 4.5",
                "f = 1.5 AND f = 1.5f AND f = 15e-1D",
                "tenth = 0.1f AND tenth <> 0.1",
                "max = 9223372036854775807 AND -max - 1 = -9223372036854775808",
                "08.5 = 8.5",
                "yes = TRUE AND no = FALSE AND yes <> no",
                "TRUE",
                "yes",
                "NOT no",
                "(yes AND NOT no) = TRUE",
                // comparison
                "i = l AND i = 5.0 AND b < s AND s <= i AND d > f AND d >= 2.5 AND i <> s",
                "i > 4 AND i >= 5 AND i < 6 AND i <= 5",
                "'a' = 'a' AND 'a' <> 'b'",
                "color <> 'blue'",
                "nan <> nan",
                "5 = i AND 'red' = color",
                // arithmetic
                "2 + 3 * 4 = 14 AND (2 + 3) * 4 = 20 AND 10 - 4 - 3 = 3 AND 100 / 10 / 5 = 2",
                "7 / 2 = 3 AND 7 / 2.0 = 3.5 AND -7 / 2 = -3",
                "i + -l = 0 AND - - i = 5 AND -i = -5 AND +i = 5 AND i--5 = 10 AND -(i + 1) = -6",
                "i * 2 + 1 > d * 4",
                "1.0 / 0 > 1e308",
                // BETWEEN
                "i BETWEEN 5 AND 5",
                "-i BETWEEN -6 AND -4",
                "i NOT BETWEEN -5 AND 4",
                "i NOT BETWEEN 6 AND missing",
                "i BETWEEN s AND d * 2 AND yes",
                "NOT i BETWEEN 6 AND 7",
                // IN
                "color IN ('red')",
                "color IN('red', 'red','blue')",
                "color NOT IN ('blue', 'Red')",
                // LIKE
                "color LIKE 'red'",
                "color LIKE 'r%'",
                "color LIKE '%d'",
                "color LIKE '%e%'",
                "color LIKE '%%r_d%%'",
                "color LIKE '___'",
                "color NOT LIKE '__'",
                "empty LIKE '' AND empty LIKE '%' AND empty NOT LIKE '_'",
                "path LIKE 'a\\%b%' ESCAPE '\\'",
                "path LIKE '%b!_c%' ESCAPE '!'",
                "path LIKE '%c\\d'",
                "path LIKE 'a%%%b%' ESCAPE 'x'",
                "path LIKE 'a''%b_c\\d' ESCAPE ''''",
                // IS NULL
                "missing IS NULL AND color IS NOT NULL AND empty IS NOT NULL",
                // NULL in logic
                "missing = 1 OR TRUE",
                "NOT (missing = 1 AND FALSE)",
            })
    void matches(String text) {
        assertThat(parse(text).matches(VALUES::get)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "color = 'Red'",
                "i = 6",
                "FALSE",
                "no",
                "NOT yes",
                "yes = FALSE",
                // a value of another type is unlike in every way: no conversion
                "five = 5",
                "five <> 5",
                "i = '5'",
                "i <> '5'",
                "yes = 'true'",
                "yes = 1",
                "JMSDeliveryMode = 2",
                "five > 4",
                "yes < 5",
                "color < quote",
                "yes >= yes",
                "five BETWEEN 1 AND 9",
                "five NOT BETWEEN 6 AND 9",
                "i LIKE '5'",
                "i NOT LIKE '6'",
                "JMSPriority LIKE '7'",
                "i IN ('5')",
                "i NOT IN ('6')",
                "color",
                "i",
                "five + 1 = 6",
                "-five = -5",
                "+five = 5",
                "+five = '5'",
                "yes * 1 = 1",
                // arithmetic
                "i / 0 = 0",
                "i / 0 <> 0",
                "nan = nan",
                // BETWEEN
                "i BETWEEN 6 AND 4",
                "i NOT BETWEEN 5 AND 6",
                "i BETWEEN 1 AND 4",
                // IN and LIKE
                "color IN ('blue')",
                "color NOT IN ('blue', 'red')",
                "color LIKE 'r'",
                "color LIKE 're'",
                "color LIKE 'red_'",
                "color LIKE ''",
                "color LIKE 'R%'",
                "color NOT LIKE '%'",
                "path LIKE 'a!%' ESCAPE '!'",
                // NULL
                "missing",
                "NOT missing",
                "missing = missing",
                "missing <> 1",
                "NOT missing = 1",
                "missing > 1 OR missing <= 1",
                "missing = 'a' OR FALSE",
                "missing = 'a' AND TRUE",
                "NOT (missing = 1 AND TRUE)",
                "NOT (missing = 1 OR FALSE)",
                "missing BETWEEN 1 AND 2",
                "missing NOT BETWEEN 1 AND 2",
                "i BETWEEN missing AND 6",
                "i NOT BETWEEN missing AND 6",
                "missing IN ('a')",
                "missing NOT IN ('a')",
                "NOT missing IN ('a')",
                "missing LIKE '%'",
                "missing NOT LIKE 'a'",
                "missing + 1 = 1",
                "missing * 0 = 0",
                "-missing = 0",
                "(missing = 1) = TRUE",
                "(missing = 1) <> TRUE",
                "missing IS NOT NULL",
                "color IS NULL",
            })
    void doesNotMatch(String text) {
        assertThat(parse(text).matches(VALUES::get)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i = | character 4: expected a value, an identifier or '(', but found the end",
                "= 5 | character 1: expected a value",
                "i == 5 | character 4: expected a value",
                "i = 5 color | character 7: expected AND, OR or the end, but found 'color'",
                "i = 5 = 5 | character 7: expected AND, OR or the end",
                "i < 5 < 6 | character 7: expected AND, OR or the end",
                "(i = 5 | character 7: expected ')'",
                "i = 5) | character 6: expected AND, OR or the end",
                "() | character 2: expected a value",
                "i AND | character 6: expected a value",
                "OR i = 5 | character 1: expected a value, an identifier or '(', but found 'OR'",
                "i = 5 AND AND l = 5 | character 11: expected a value",
                "i != 5 | character 3: '!' is unknown: unequal is written <>",
                "color = \"red\" | character 9: a string stands in single quotes",
                "color = 'red | character 9: the string that starts here has no closing quote",
                "color = 'red'' | character 9: the string",
                "i = 5; | character 6: expected a word, a number, a string or an operator, but found ';'",
                "i % 2 = 1 | character 3: expected a word",
                "a.b = 1 | character 2: expected a word",
                "#a = 1 | character 1: expected a word",
                // reserved words
                "null = 5 | character 1: NULL stands only in IS NULL",
                "i = NULL | character 5: NULL stands only in IS NULL",
                "Between = 5 | character 1: expected a value",
                "Like = 5 | character 1: expected a value",
                "In = 5 | character 1: expected a value",
                "Is = 5 | character 1: expected a value",
                "Escape = 5 | character 1: expected a value",
                "not = 5 | character 5: expected a value",
                // headers
                "JMSDestination = 'x' | character 1: 'JMSDestination' cannot stand in a selector",
                "JMSReplyTo IS NULL | cannot stand in a selector",
                "JMSExpiration > 0 | cannot stand in a selector",
                "JMSRedelivered | cannot stand in a selector",
                "JMSFoo = 1 | cannot stand in a selector",
                "i = 1 OR JMS = 1 | character 10: 'JMS' cannot stand",
                // numbers
                "i = 09 | character 5: '09' is not an integer of 64 bits",
                "i = 0x | '0x' is not an integer",
                "i = 0xg | '0xg' is not a number",
                "i = 5abc | character 5: '5abc' is not a number",
                "i = 1.0L | '1.0L' is not a number",
                "i = 1e | character 7: expected the digits of an exponent",
                "i = 1e+x | character 8: expected the digits of an exponent",
                "i = . | expected a word",
                "i = 9223372036854775808 | '9223372036854775808' is not an integer of 64 bits",
                "i = -9223372036854775809 | is not an integer of 64 bits",
                "i = 0x10000000000000000 | is not an integer of 64 bits",
                "d = 1e309 | '1e309' is too large a number",
                "d = 1e39f | '1e39f' is too large a number",
                // types
                "color < 'foo' | character 7: strings and booleans compare with = and <> only, not with '<'",
                "'foo' >= TRUE | character 7: strings and booleans",
                "i > FALSE | strings and booleans",
                "TRUE <= yes | strings and booleans",
                "JMSDeliveryMode > 'NON_PERSISTENT' | strings and booleans",
                "JMSType < i | strings and booleans",
                "(i = 5) > 3 | strings and booleans",
                "NOT 5 | character 5: expected a condition, but found only a value, '5'",
                "'a' | character 1: expected a condition, but found only a value, the string 'a'",
                "5 | expected a condition",
                "i + 1 | expected a condition",
                "-i | expected a condition",
                "JMSType | expected a condition",
                "NOT JMSPriority | expected a condition",
                "i = 5 AND 'a' | character 11: expected a condition",
                "5 OR i = 5 | character 1: expected a condition",
                "'a' + 1 = 2 | character 1: expected a number, but found the string 'a'",
                "1 + TRUE = 2 | character 5: expected a number, but found 'TRUE'",
                "i * JMSType = 2 | character 5: expected a number, but found 'JMSType'",
                "-'a' = 2 | character 2: expected a number",
                "-(i = 5) = 2 | character 2: expected a number",
                "i = -TRUE | character 6: expected a number",
                "color BETWEEN 'a' AND 'z' | character 15: expected a number, but found the string 'a'",
                "i BETWEEN 1 AND TRUE | character 17: expected a number",
                "'a' BETWEEN 1 AND 2 | character 1: expected a number",
                "JMSType NOT BETWEEN 1 AND 2 | character 1: expected a number",
                // BETWEEN, IN, LIKE, IS
                "i BETWEEN 1 | character 12: expected AND and the upper bound of BETWEEN, but found the end",
                "i BETWEEN 1, 2 | character 12: expected AND and the upper bound",
                "i NOT 5 | character 7: expected BETWEEN, LIKE or IN after NOT",
                "i NOT = 5 | character 7: expected BETWEEN, LIKE or IN after NOT",
                "color IN () | character 11: expected a string, but found ')'",
                "color IN 'red' | character 10: expected '('",
                "color IN ('red' | expected ',' or ')'",
                "color IN ('red',) | character 17: expected a string",
                "i IN (5, 6) | character 7: expected a string, but found '5'",
                "color IN (five) | expected a string",
                "'red' IN ('red') | character 1: expected an identifier before IN",
                "color LIKE 5 | character 12: expected a string with the pattern",
                "color LIKE five | expected a string with the pattern",
                "'red' LIKE 'r%' | character 1: expected an identifier before LIKE",
                "i + 1 LIKE 'r%' | expected an identifier before LIKE",
                "color LIKE 'r%' ESCAPE | expected a string with the escape character",
                "color LIKE 'r%' ESCAPE '' | character 24: expected a string of one escape character",
                "color LIKE 'r%' ESCAPE '!!' | expected a string of one escape character",
                "color LIKE 'r!' ESCAPE '!' | character 12: expected a character after the escape character",
                "color IS 5 | character 10: expected NULL or NOT NULL, but found '5'",
                "color IS NOT 5 | character 14: expected NULL or NOT NULL",
                "5 IS NULL | character 1: expected an identifier before IS NULL",
                "(i = 5) IS NULL | expected an identifier before IS NULL",
            })
    void isRefusedWithPositionAndWhatWasExpected(String text, String message) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> Selector.parse(text))
                .withMessageContaining(message)
                .withMessageContaining(text)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SELECTOR));
    }

    @Nested
    class Hostile {
        @Test
        void nestingIsRefusedBeforeTheStackEnds() {
            assertThat(parse("(".repeat(64) + "i = 5" + ")".repeat(64)).matches(VALUES::get))
                    .isTrue();
            assertInvalid("(".repeat(65) + "i = 5" + ")".repeat(65));
            assertInvalid("(".repeat(100_000));
            assertInvalid("NOT ".repeat(100_000) + "yes");
            assertInvalid("- ".repeat(100_000) + "i = 5");
            assertInvalid("i = " + "-(".repeat(100_000));
        }

        @Test
        void chainsMayBeLong() {
            assertThat(parse("i = 4 OR ".repeat(50_000) + "i = 5").matches(VALUES::get))
                    .isTrue();
            assertThat(parse("i = 5 AND ".repeat(50_000) + "i = 4").matches(VALUES::get))
                    .isFalse();
            assertThat(parse("1 + ".repeat(50_000) + "i = 50005").matches(VALUES::get))
                    .isTrue();
            assertThat(parse("i = 1" + " * 1".repeat(50_000)).matches(VALUES::get))
                    .isFalse();
        }

        @Test
        void theDeepestNestingFitsASmallStack() throws InterruptedException {
            String text = "(".repeat(32) + "NOT ".repeat(32) + "yes" + ")".repeat(32);
            String signs = "i = " + "-(".repeat(32) + "i" + ")".repeat(32) + " AND " + "(i = 5 AND ".repeat(64)
                    + "JMSCorrelationID = 'a'" + ")".repeat(64);
            AtomicReference<Object> result = new AtomicReference<>();
            Thread thread = new Thread(
                    null,
                    () -> result.set(List.of(
                            parse(text).matches(VALUES::get),
                            parse(signs).exactCorrelationId().orElse(""),
                            parse(signs).matches(VALUES::get))),
                    "small",
                    512 << 10);
            thread.setUncaughtExceptionHandler((t, e) -> result.set(e));
            thread.start();
            thread.join();

            assertThat(result.get()).isEqualTo(List.of(true, "a", false));
        }

        @Test
        void theTextOfADeepOrLongSelectorIsItsIdentity() {
            for (String text : List.of("(".repeat(64) + "yes" + ")".repeat(64), "i = 4 OR ".repeat(50_000) + "yes")) {
                assertThat(parse(text))
                        .isEqualTo(parse(text))
                        .hasSameHashCodeAs(text)
                        .hasToString(text);
            }
        }

        @Test
        void aSetMayHaveManyMembersAlsoOfOneHashCode() {
            Selector selector = parse("color IN ('" + String.join("', '", sameHashCode(17)) + "')");

            assertThat(selector.matches(Map.of("color", "Aa".repeat(17))::get)).isTrue();
            assertThat(selector.matches(Map.of("color", "BB".repeat(17))::get)).isTrue();
            for (String other : sameHashCode(10)) {
                assertThat(selector.matches(Map.of("color", other + "C#".repeat(7))::get))
                        .isFalse();
            }
        }

        /** All 2^n strings of n pairs; "C#" has the hash code of the pairs as well. */
        private static List<String> sameHashCode(int pairs) {
            return IntStream.range(0, 1 << pairs)
                    .mapToObj(i -> IntStream.range(0, pairs)
                            .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                            .collect(Collectors.joining()))
                    .toList();
        }

        @Test
        void patternsTakeNoMoreThanPatternTimesTextSteps() {
            String text = "a".repeat(5_000);
            LikePattern pattern = LikePattern.compile("%a".repeat(30) + "%b");

            assertThat(pattern.matches(text)).isFalse();
            assertThat(pattern.matches(text + "b")).isTrue();
            assertThat(parse("color LIKE '%a%a%a%a%b'").matches(Map.of("color", "a".repeat(1_000_000))::get))
                    .isFalse();
        }
    }

    @Test
    void anUnderlineInAPatternIsOneCharacterHoweverItIsEncoded() {
        assertThat(LikePattern.compile("a_c").matches("a\uD83D\uDC0Dc")).isTrue();
        assertThat(LikePattern.compile("a__c").matches("a\uD83D\uDC0Dc")).isFalse();
        assertThat(LikePattern.compile("%\uD83D\uDC0D").matches("\uD83D\uDC0D\uD83D\uDC0D"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "JMSCorrelationID = 'a' | a",
                "'a' = JMSCorrelationID | a",
                "(JMSCorrelationID = 'it''s') | it's",
                "i = 5 AND JMSCorrelationID = 'a' AND no | a",
                "i = 5 AND (no AND (yes AND JMSCorrelationID = 'a')) | a",
                "JMSCorrelationID = 'a' OR i = 5 | -",
                "NOT JMSCorrelationID = 'a' | -",
                "JMSCorrelationID <> 'a' | -",
                "JMSCorrelationID LIKE 'a' | -",
                "JMSCorrelationID = color | -",
                "JMSCorrelationID = 5 | -",
                "JMSMessageID = 'a' | -",
            })
    void tellsTheCorrelationIdThatItRequires(String text, @Nullable String correlationId) {
        assertThat(parse(text).exactCorrelationId().orElse(null)).isEqualTo(correlationId);
    }

    private static Selector parse(String text) {
        return requireNonNull(Selector.parse(text));
    }

    private static void assertInvalid(String text) {
        assertThatExceptionOfType(MambaException.class)
                .isThrownBy(() -> Selector.parse(text))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SELECTOR);
                    assertThat(e.getMessage()).hasSizeLessThan(1_000);
                });
    }
}
