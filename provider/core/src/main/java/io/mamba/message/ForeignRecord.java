package io.mamba.message;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record that another program wrote, as a message. Nothing in it can be wrong: what does not fit is taken as text. */
final class ForeignRecord {
    private static final String CONTENT_TYPE = "content-type";
    private static final int DEFAULT_PRIORITY = 4;

    /** Names that no property of a message may have: a selector could not tell them from its keywords. */
    private static final Set<String> RESERVED =
            Set.of("NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE");

    private ForeignRecord() {}

    static Envelope decode(LogRecord record, Address destination) {
        Map<String, Object> properties = new LinkedHashMap<>();
        boolean saysText = false;
        for (Header header : record.headers()) {
            if (header.name().equalsIgnoreCase(CONTENT_TYPE)) {
                saysText = isText(Utf8.decode(header.bytes()));
            }
            if (header.value() != null) { // a property that is null is one that is not there
                addProperty(properties, header);
            }
        }
        byte[] value = record.value();
        boolean text = saysText && (value == null || Utf8.decodeStrictly(value) != null);
        return new Envelope(
                null,
                destination,
                true,
                DEFAULT_PRIORITY,
                record.timestamp(),
                0,
                0,
                null,
                null,
                null,
                null,
                group(record.key()),
                Collections.unmodifiableMap(properties),
                text ? BodyType.TEXT : BodyType.BYTES,
                value,
                null);
    }

    private static void addProperty(Map<String, Object> properties, Header header) {
        int length = PropertyHeader.nameLength(header.name());
        Object value = PropertyHeader.decode(header.name(), length, header.bytes());
        if (value == null) { // not of the type that its name seems to end with
            length = header.name().length();
            value = Utf8.decode(header.bytes());
        }
        String name = header.name().substring(0, length);
        String legal = legalName(name);
        if (legal.equals(name)) {
            properties.put(name, value);
        } else {
            properties.putIfAbsent(legal, value);
        }
    }

    /** The name itself if a property may have it, else one close to it: {@code content-type} is {@code content_type}. */
    private static String legalName(String name) {
        StringBuilder legal = new StringBuilder(name.length() + 1);
        if (name.isEmpty()
                || !Character.isJavaIdentifierStart(name.charAt(0))
                || name.startsWith("JMS")
                || RESERVED.contains(name.toUpperCase(Locale.ROOT))) {
            legal.append('_');
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            legal.append(Character.isJavaIdentifierPart(c) ? c : '_');
        }
        return legal.toString();
    }

    /** {@code text/*} or {@code application/json}, in UTF-8 or its subset ASCII. */
    private static boolean isText(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int semicolon = lower.indexOf(';');
        String mediaType = (semicolon < 0 ? lower : lower.substring(0, semicolon)).strip();
        if (!mediaType.startsWith("text/") && !mediaType.equals("application/json")) {
            return false;
        }
        int charset = lower.indexOf("charset=");
        if (charset < 0) {
            return true;
        }
        String name =
                lower.substring(charset + "charset=".length()).replace("\"", "").strip();
        return name.startsWith("utf-8") || name.startsWith("utf8") || name.startsWith("us-ascii");
    }

    private static @Nullable String group(byte @Nullable [] key) {
        if (key == null || key.length == 0) {
            return null;
        }
        String text = Utf8.decodeStrictly(key);
        return text != null ? text : "0x" + HexFormat.of().formatHex(key);
    }
}
