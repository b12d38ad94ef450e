package io.mamba.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Strings as UTF-8. An unpaired surrogate, which UTF-8 cannot carry, is written as a question mark. */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Malformed bytes become the replacement character. */
    static String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Null if the bytes are not well-formed. */
    static @Nullable String decodeStrictly(byte[] bytes) {
        String text = decode(bytes);
        // Only a malformed text comes back different; the comparison is needed only where something may be replaced.
        return text.indexOf(REPLACEMENT) < 0 || Arrays.equals(encode(text), bytes) ? text : null;
    }
}
