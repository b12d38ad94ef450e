package io.mamba.message;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Header;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message property as a record header: its value is text, its name is the property's, followed by {@code :<type>} for
 * all but strings ({@code color}, {@code count:int}).
 */
final class PropertyHeader {
    /** A string needs its type spelled out only where its name has a colon. */
    private static final String STRING = ":string";

    private PropertyHeader() {}

    static Header encode(String name, Object value) {
        if (name.isEmpty() || name.startsWith(MessageCodec.PREFIX)) {
            throw new MambaException(
                    ErrorCode.MESSAGE_FORMAT,
                    "'" + name + "' cannot be the name of a property: it is empty or starts with 'mamba.'.");
        }
        if (value instanceof String text) {
            return new Header(name.indexOf(':') < 0 ? name : name + STRING, Utf8.encode(text));
        }
        return new Header(name + ":" + typeOf(name, value), value.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String typeOf(String name, Object value) {
        if (value instanceof Integer) {
            return "int";
        }
        if (value instanceof Long) {
            return "long";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof Double) {
            return "double";
        }
        if (value instanceof Float) {
            return "float";
        }
        if (value instanceof Short) {
            return "short";
        }
        if (value instanceof Byte) {
            return "byte";
        }
        throw new MambaException(
                ErrorCode.MESSAGE_FORMAT,
                "Property '" + name + "' is a " + value.getClass().getName()
                        + ", but expected a Boolean, Byte, Short, Integer, Long, Float, Double or String.");
    }

    /** The length of the property's name in a header's name: the rest is the type. */
    static int nameLength(String headerName) {
        int colon = headerName.lastIndexOf(':');
        if (colon < 1) {
            return headerName.length();
        }
        return switch (headerName.substring(colon)) {
            case ":int", ":long", ":boolean", ":double", ":float", ":short", ":byte", STRING -> colon;
            default -> headerName.length();
        };
    }

    /**
     * The value of the type that follows the name; a header without a type is a String.
     *
     * @return null if the value is not of that type
     */
    static @Nullable Object decode(String headerName, int nameLength, byte[] value) {
        if (nameLength == headerName.length()) {
            return Utf8.decode(value);
        }
        String type = headerName.substring(nameLength);
        if (type.equals(STRING)) {
            return Utf8.decodeStrictly(value);
        }
        try {
            return parse(type, new String(value, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Object parse(String type, String text) {
        return switch (type) {
            case ":int" -> Integer.valueOf(text);
            case ":long" -> Long.valueOf(text);
            case ":double" -> Double.valueOf(text);
            case ":float" -> Float.valueOf(text);
            case ":short" -> Short.valueOf(text);
            case ":byte" -> Byte.valueOf(text);
            default -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        };
    }
}
