package io.mamba.selector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random selectors, with the seed in every failure. */
class SelectorFuzzTest {
    private static final String[] TOKENS = {
        "i",
        "color",
        "yes",
        "JMSType",
        "JMSPriority",
        "JMSFoo",
        "5",
        "-1",
        "0x1F",
        "9.5",
        ".5e1",
        "'a'",
        "'it''s'",
        "TRUE",
        "FALSE",
        "NULL",
        "NOT",
        "AND",
        "OR",
        "BETWEEN",
        "LIKE",
        "IN",
        "IS",
        "ESCAPE",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        ",",
        "'",
        "\"",
        "!",
        ".",
        "#",
        "\u0000",
        "\uD83D",
        "\u00e4",
        "(i = 5)",
        "IS NOT NULL",
        "IN ('a', 'b')",
        "LIKE 'a%'",
        "NOT BETWEEN 1 AND 2"
    };

    @Test
    void tokenSoupGivesASelectorOrInvalidSelectorAndNothingElse() {
        int parsed = 0;
        for (long seed = 0; seed < 200_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(9); i >= 0; i--) {
                text.append(TOKENS[random.nextInt(TOKENS.length)]).append(random.nextInt(8) == 0 ? "" : " ");
            }
            Map<String, Object> values = Map.of("i", 5, "color", "a", "yes", true, "JMSType", "b", "JMSPriority", 4);
            try {
                Selector selector = Selector.parse(text.toString());
                if (selector != null) {
                    parsed++;
                    boolean matches = selector.matches(values::get);
                    assertThat(selector.matches(values::get)).isEqualTo(matches);
                }
            } catch (MambaException e) {
                assertThat(e.code()).as("seed %d: %s", seed, text).isEqualTo(ErrorCode.INVALID_SELECTOR);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertThat(parsed).isGreaterThan(1_000);
    }

    @Test
    void expressionsMeanWhatANaiveEvaluatorSays() {
        for (long seed = 0; seed < 50_000; seed++) {
            Reference reference = new Reference(new Random(seed));
            Answer expected = reference.condition(4);

            Selector selector = requireNonNull(Selector.parse(expected.text));

            assertThat(selector.matches(reference.values::get))
                    .as("seed %d: %s with %s", seed, expected.text, reference.values)
                    .isEqualTo(Boolean.TRUE.equals(expected.value));
            assertThat(requireNonNull(Selector.parse("NOT (" + expected.text + ")"))
                            .matches(reference.values::get))
                    .as("seed %d, negated: %s with %s", seed, expected.text, reference.values)
                    .isEqualTo(Boolean.FALSE.equals(expected.value));
        }
    }

    /** The text of an expression and what it must evaluate to; null is unknown. */
    private record Answer(String text, @Nullable Object value) {}

    /** Evaluates while it generates: every operation in its plainest form, with parentheses everywhere. */
    private static final class Reference {
        private final Random random;
        private final Map<String, Object> values = new HashMap<>();

        Reference(Random random) {
            this.random = random;
            for (String name : new String[] {"a", "b", "c", "d", "e", "f"}) {
                switch (random.nextInt(7)) {
                    case 0 -> values.put(name, random.nextInt(7) - 3);
                    case 1 -> values.put(name, (long) random.nextInt(7) - 3);
                    case 2 -> values.put(name, (random.nextInt(13) - 6) / 2.0);
                    case 3 -> values.put(name, (short) random.nextInt(3));
                    case 4 -> values.put(name, string());
                    case 5 -> values.put(name, random.nextBoolean());
                    default -> values.remove(name);
                }
            }
        }

        Answer condition(int depth) {
            int kind = random.nextInt(depth == 0 ? 7 : 11);
            return switch (kind) {
                case 0, 1, 2 -> comparison(depth);
                case 3 -> between(depth);
                case 4 -> like();
                case 5 -> in();
                case 6 -> isNull();
                case 7 -> {
                    Answer operand = condition(depth - 1);
                    yield new Answer(word("NOT") + "(" + operand.text + ")", not((Boolean) operand.value));
                }
                case 8 -> {
                    String name = name();
                    Object value = values.get(name);
                    yield new Answer(name, value == null ? null : value.equals(true));
                }
                default -> logic(depth, random.nextBoolean());
            };
        }

        private Answer logic(int depth, boolean and) {
            Answer left = condition(depth - 1);
            Answer right = condition(depth - 1);
            Boolean value;
            if (Boolean.valueOf(!and).equals(left.value)
                    || Boolean.valueOf(!and).equals(right.value)) {
                value = !and;
            } else {
                value = (left.value == null || right.value == null) ? null : Boolean.valueOf(and);
            }
            return new Answer("(" + left.text + ")" + word(and ? "AND" : "OR") + "(" + right.text + ")", value);
        }

        private Answer comparison(int depth) {
            String operator = new String[] {"=", "<>", "<", "<=", ">", ">="}[random.nextInt(6)];
            boolean order = operator.charAt(0) != '=' && !operator.equals("<>");
            Answer left = order || random.nextBoolean() ? number(depth) : any();
            Answer right = order || random.nextBoolean() ? number(depth) : any();
            return new Answer(left.text + operator + right.text, compare(operator, left.value, right.value));
        }

        private static @Nullable Boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
            if (left == null || right == null) {
                return null;
            }
            if (left instanceof Number l && right instanceof Number r) {
                double x = l.doubleValue(); // exact: the integers here are small
                double y = r.doubleValue();
                return switch (operator) {
                    case "=" -> x == y;
                    case "<>" -> x != y;
                    case "<" -> x < y;
                    case "<=" -> x <= y;
                    case ">" -> x > y;
                    default -> x >= y;
                };
            }
            if (!left.getClass().equals(right.getClass())) {
                return false;
            }
            return left.equals(right) ? operator.equals("=") : operator.equals("<>");
        }

        private Answer between(int depth) {
            boolean negated = random.nextBoolean();
            Answer value = number(depth);
            Answer low = number(depth);
            Answer high = number(depth);
            Boolean over = compare(negated ? "<" : ">=", value.value, low.value);
            Boolean under = compare(negated ? ">" : "<=", value.value, high.value);
            Boolean result;
            if (negated) {
                result = not(and(not(over), not(under)));
            } else {
                result = and(over, under);
            }
            return new Answer(
                    value.text + (negated ? word("NOT") : "") + word("BETWEEN") + low.text + word("AND") + high.text,
                    result);
        }

        private Answer like() {
            boolean negated = random.nextBoolean();
            String name = name();
            StringBuilder pattern = new StringBuilder();
            StringBuilder regex = new StringBuilder();
            for (int i = random.nextInt(4); i > 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        pattern.append('%');
                        regex.append(".*");
                    }
                    case 1 -> {
                        pattern.append('_');
                        regex.append('.');
                    }
                    case 2 -> {
                        pattern.append("!_");
                        regex.append('_');
                    }
                    default -> {
                        pattern.append('x');
                        regex.append('x');
                    }
                }
            }
            Object value = values.get(name);
            Boolean result = value == null
                    ? null
                    : Boolean.valueOf(
                            value instanceof String text && Pattern.matches(regex.toString(), text) != negated);
            return new Answer(
                    name + (negated ? word("NOT") : "") + word("LIKE") + "'" + pattern + "'" + word("ESCAPE") + "'!'",
                    result);
        }

        private Answer in() {
            boolean negated = random.nextBoolean();
            String name = name();
            String first = string();
            String second = string();
            Object value = values.get(name);
            Boolean result = value == null
                    ? null
                    : Boolean.valueOf(
                            value instanceof String && (value.equals(first) || value.equals(second)) != negated);
            return new Answer(
                    name + (negated ? word("NOT") : "") + word("IN") + "('" + first + "','" + second + "')", result);
        }

        private Answer isNull() {
            boolean negated = random.nextBoolean();
            String name = name();
            return new Answer(
                    name + word("IS") + (negated ? word("NOT") : "") + word("NULL"),
                    values.containsKey(name) == negated);
        }

        private Answer number(int depth) {
            if (depth == 0 || random.nextInt(3) > 0) {
                if (random.nextBoolean()) {
                    String name = name();
                    return new Answer(name, values.get(name));
                }
                if (random.nextBoolean()) {
                    long exact = random.nextInt(9) - 4L;
                    return new Answer(Long.toString(exact), exact);
                }
                double approximate = (random.nextInt(9) - 4) / 2.0;
                return new Answer(Double.toString(approximate), approximate);
            }
            Answer left = number(depth - 1);
            if (random.nextInt(4) == 0) {
                Object negative = !(left.value instanceof Number number)
                        ? null
                        : isExact(number) ? (Object) (-number.longValue()) : (Object) (-number.doubleValue());
                return new Answer("(-(" + left.text + "))", negative);
            }
            Answer right = number(depth - 1);
            char operator = "+-*/".charAt(random.nextInt(4));
            return new Answer(
                    "((" + left.text + ")" + operator + "(" + right.text + "))",
                    calculate(left.value, operator, right.value));
        }

        private static @Nullable Object calculate(@Nullable Object left, char operator, @Nullable Object right) {
            if (!(left instanceof Number l) || !(right instanceof Number r)) {
                return null;
            }
            if (isExact(l) && isExact(r)) {
                return switch (operator) {
                    case '+' -> l.longValue() + r.longValue();
                    case '-' -> l.longValue() - r.longValue();
                    case '*' -> l.longValue() * r.longValue();
                    default -> r.longValue() == 0 ? null : (Object) (l.longValue() / r.longValue());
                };
            }
            return switch (operator) {
                case '+' -> l.doubleValue() + r.doubleValue();
                case '-' -> l.doubleValue() - r.doubleValue();
                case '*' -> l.doubleValue() * r.doubleValue();
                default -> l.doubleValue() / r.doubleValue();
            };
        }

        private static boolean isExact(Number number) {
            return !(number instanceof Double);
        }

        /** What compares with = and <> only. */
        private Answer any() {
            return switch (random.nextInt(3)) {
                case 0 -> {
                    String name = name();
                    yield new Answer(name, values.get(name));
                }
                case 1 -> {
                    String string = string();
                    yield new Answer("'" + string + "'", string);
                }
                default -> {
                    boolean bool = random.nextBoolean();
                    yield new Answer(word(Boolean.toString(bool)), bool);
                }
            };
        }

        private String name() {
            return String.valueOf((char) ('a' + random.nextInt(7)));
        }

        private String string() {
            return random.ints(random.nextInt(3), 0, 2)
                    .mapToObj(i -> i == 0 ? "x" : "_")
                    .collect(Collectors.joining());
        }

        /** A keyword with white space around it and letters of any case. */
        private String word(String keyword) {
            StringBuilder word = new StringBuilder(" ");
            keyword.chars()
                    .forEach(c -> word.appendCodePoint(
                            random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c)));
            return word.append(" \t\n".charAt(random.nextInt(3))).toString();
        }

        private static @Nullable Boolean not(@Nullable Boolean value) {
            return value == null ? null : Boolean.valueOf(!value);
        }

        private static @Nullable Boolean and(@Nullable Boolean left, @Nullable Boolean right) {
            if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
                return false;
            }
            return (left == null || right == null) ? null : Boolean.TRUE;
        }
    }
}
