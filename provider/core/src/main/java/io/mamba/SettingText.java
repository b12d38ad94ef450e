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
