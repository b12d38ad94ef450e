package io.mamba;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Percent-encoding of UTF-8 (RFC 3986). A plus sign stands for itself. */
final class PercentCode {
    private static final String PLAIN = "-._~/:,@[]*;!$'()";

    private PercentCode() {}

    /** @param what names the part in the error, which never shows the text itself: it may be a password */
    static String decode(String text, String what) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded.write(encoded[i]);
            } else if (i + 2 < encoded.length && isHex(encoded[i + 1]) && isHex(encoded[i + 2])) {
                decoded.write(HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
                i += 2;
            } else {
                throw broken(what, "a '%' is followed by two hexadecimal digits, a '%' itself is written %25", null);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw broken(what, "the encoded bytes are UTF-8", e);
        }
    }

    static void encode(String text, StringBuilder target) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isAlphanumeric(c) || PLAIN.indexOf(c) >= 0) {
                target.append(c);
            } else {
                target.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isHex(byte octet) {
        return HexFormat.isHexDigit(octet);
    }

    private static MambaException broken(String what, String expected, @Nullable CharacterCodingException cause) {
        return new MambaException(
                ErrorCode.INVALID_ARGUMENT,
                "Broken percent-encoding in " + what + " of the URL: " + expected + ".",
                cause);
    }
}
