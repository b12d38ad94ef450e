package io.mamba;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The text form of settings, the same in URLs, activation properties and beans. Errors are INVALID_ARGUMENT and name the
 * key, the value and what is expected.
 */
public final class SettingText {
    private SettingText() {}

    /** {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
    public static Duration duration(String key, String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long millisPerUnit = switch (text.substring(digits)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 0;
        };
        if (digits == 0 || millisPerUnit == 0) {
            throw refused(key, text, "a number with a unit, such as 250ms, 30s, 5m or 2h", null);
        }
        try {
            return Duration.ofMillis(Math.multiplyExact(Long.parseLong(text.substring(0, digits)), millisPerUnit));
        } catch (NumberFormatException | ArithmeticException e) {
            throw refused(key, text, "a duration that fits 64 bits of milliseconds", e);
        }
    }

    /** As {@link #duration}, and not zero. */
    static Duration positiveDuration(String key, String text) {
        Duration duration = duration(key, text);
        if (duration.isZero()) {
            throw refused(key, text, "a duration above zero", null);
        }
        return duration;
    }

    /** The text that {@link #duration} reads; whole milliseconds. */
    public static String of(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** A count of things. */
    public static long number(String key, String text, long minimum) {
        return number(key, text, text, 1, minimum, "a whole number of at least " + minimum);
    }

    /** Bytes: {@code 500}, {@code 64KiB}, {@code 10MiB}, {@code 2GiB}. */
    public static long size(String key, String text, long minimum) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        String expected = "a number of bytes of at least " + minimum + ", such as 500, 64KiB, 10MiB or 2GiB";
        long unit = switch (text.substring(digits)) {
            case "" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> throw refused(key, text, expected, null);
        };
        return number(key, text, text.substring(0, digits), unit, minimum, expected);
    }

    private static long number(String key, String text, String digits, long unit, long minimum, String expected) {
        try {
            long value = Math.multiplyExact(Long.parseLong(digits), unit);
            if (value >= minimum) {
                return value;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw refused(key, text, expected, e);
        }
        throw refused(key, text, expected, null);
    }

    /** {@code queue://name} or {@code topic://name}. */
    static String destination(String key, String text) {
        for (String scheme : new String[] {"queue://", "topic://"}) {
            if (text.startsWith(scheme) && text.length() > scheme.length()) {
                return text;
            }
        }
        throw refused(key, text, "queue://<name> or topic://<name>", null);
    }

    public static int integer(String key, String text, int minimum, int maximum) {
        String expected = "an integer from " + minimum + " to " + maximum;
        try {
            int value = Integer.parseInt(text);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refused(key, text, expected, e);
        }
        throw refused(key, text, expected, null);
    }

    /** {@code true} or {@code false}, in any case. */
    public static boolean bool(String key, String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw refused(key, text, "true or false", null);
    }

    public static double decimal(String key, String text, double minimum, double maximum) {
        String expected = "a decimal number from " + minimum + " to " + maximum;
        try {
            double value = Double.parseDouble(text);
            if (value >= minimum && value <= maximum) { // not so for NaN
                return value;
            }
        } catch (NumberFormatException e) {
            throw refused(key, text, expected, e);
        }
        throw refused(key, text, expected, null);
    }

    static String any(String key, String text) {
        return text;
    }

    public static String notEmpty(String key, String text) {
        if (text.isBlank()) {
            throw refused(key, text, "a value that is not blank", null);
        }
        return text;
    }

    private static MambaException refused(String key, String text, String expected, @Nullable Exception cause) {
        return new MambaException(
                ErrorCode.INVALID_ARGUMENT, "'" + key + "' is '" + text + "', but expected " + expected + ".", cause);
    }
}
