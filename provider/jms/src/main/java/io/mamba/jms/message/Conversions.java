package io.mamba.jms.message;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one conversion table of Jakarta Messaging (sections 3.5.4 and 3.11.3): properties, map entries and stream fields
 * are set as one type and read as another. A refused pair is a MessageFormatException, a string that does not parse a
 * NumberFormatException; null converts as {@code valueOf(null)} does.
 */
final class Conversions {
    private Conversions() {}

    static boolean toBoolean(@Nullable Object value) throws JMSException {
        if (value instanceof Boolean b) {
            return b;
        }
        return Boolean.parseBoolean(textFor("boolean", value));
    }

    static byte toByte(@Nullable Object value) throws JMSException {
        if (value instanceof Byte b) {
            return b;
        }
        return Byte.parseByte(textFor("byte", value));
    }

    static short toShort(@Nullable Object value) throws JMSException {
        if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).shortValue();
        }
        return Short.parseShort(textFor("short", value));
    }

    static int toInt(@Nullable Object value) throws JMSException {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).intValue();
        }
        return Integer.parseInt(textFor("int", value));
    }

    static long toLong(@Nullable Object value) throws JMSException {
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        return Long.parseLong(textFor("long", value));
    }

    static float toFloat(@Nullable Object value) throws JMSException {
        if (value instanceof Float f) {
            return f;
        }
        return Float.parseFloat(number(textFor("float", value)));
    }

    static double toDouble(@Nullable Object value) throws JMSException {
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        return Double.parseDouble(number(textFor("double", value)));
    }

    /** Strings do not convert to char; null is a NullPointerException because char has no valueOf(String). */
    static char toChar(@Nullable Object value) throws JMSException {
        if (Objects.requireNonNull(value, "There is no value to read as char.") instanceof Character c) {
            return c;
        }
        throw refused("char", value);
    }

    static @Nullable String toText(@Nullable Object value) throws JMSException {
        if (value instanceof byte[]) {
            throw refused("String", value);
        }
        return value == null ? null : value.toString();
    }

    /** A copy. */
    static byte @Nullable [] toBytes(@Nullable Object value) throws JMSException {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        throw refused("byte[]", value);
    }

    /** A part of an array; IndexOutOfBoundsException if it is not within the array. */
    static byte[] part(byte[] value, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, value.length);
        return Arrays.copyOfRange(value, offset, offset + length);
    }

    /** What setObject and writeObject accept, copied where it could change; else MessageFormatException. */
    static @Nullable Object bodyValue(@Nullable Object value) throws JMSException {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof Character) {
            return value;
        }
        return propertyValue(value);
    }

    /** What setObjectProperty accepts; else MessageFormatException. */
    static @Nullable Object propertyValue(@Nullable Object value) throws JMSException {
        if (value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Byte
                || value instanceof Short
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Float
                || value instanceof Double) {
            return value;
        }
        throw Errors.of(
                ErrorCode.MESSAGE_FORMAT,
                "A message does not hold values of " + value.getClass().getName()
                        + ": only boxed primitives and String (in bodies byte[] too).");
    }

    /** The text to parse, null for null; anything but text is a refused pair. */
    private static @Nullable String textFor(String wanted, @Nullable Object value) throws JMSException {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refused(wanted, value);
    }

    /** Float.valueOf and Double.valueOf answer null with NullPointerException, those of the integers do not. */
    private static String number(@Nullable String text) {
        return Objects.requireNonNull(text, "There is no value to read as a number.");
    }

    private static JMSException refused(String wanted, Object value) {
        return Errors.of(
                ErrorCode.MESSAGE_FORMAT,
                "A value set as " + value.getClass().getSimpleName() + " cannot be read as " + wanted + ".");
    }
}
