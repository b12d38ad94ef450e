package io.mamba.message;

import static java.util.Objects.requireNonNull;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Envelope to record and back, without loss; the one place that knows the header names of docs/log-format.md. What has
 * its default value is not written.
 */
public final class MessageCodec {
    /** Starts the names of Mamba's own headers; every other header is a property. */
    static final String PREFIX = "mamba.";

    private static final String VERSION = "mamba.version";
    private static final String ID = "mamba.id";
    private static final String MODE = "mamba.mode";
    private static final String PRIORITY = "mamba.priority";
    private static final String EXPIRATION = "mamba.expiration";
    private static final String DELIVERY_TIME = "mamba.deliveryTime";
    private static final String CORRELATION_ID = "mamba.correlationId";
    private static final String CORRELATION_BYTES = "mamba.correlationBytes";
    private static final String TYPE = "mamba.type";
    private static final String REPLY_TO = "mamba.replyTo";
    private static final String BODY = "mamba.body";
    private static final String ORIGIN = "mamba.origin";
    private static final String DESTINATION = "mamba.destination";

    private static final int DEFAULT_PRIORITY = 4;
    private static final Header VERSION_1 = new Header(VERSION, Utf8.encode("1"));
    private static final Header NON_PERSISTENT = new Header(MODE, Utf8.encode("NON_PERSISTENT"));
    private static final Header[] PRIORITIES = priorities();
    private static final Map<BodyType, Header> BODIES = bodies();

    private MessageCodec() {}

    private static Header[] priorities() {
        Header[] headers = new Header[10];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = new Header(PRIORITY, Utf8.encode(Integer.toString(i)));
        }
        return headers;
    }

    private static Map<BodyType, Header> bodies() {
        Map<BodyType, Header> headers = new EnumMap<>(BodyType.class);
        for (BodyType type : BodyType.values()) {
            headers.put(type, new Header(BODY, Utf8.encode(type.name())));
        }
        return headers;
    }

    /** As {@link #encode(Envelope, Partition)}, for the destination's own partition. */
    public static LogRecord encode(Envelope envelope) {
        return encode(envelope, envelope.destination().partition());
    }

    /**
     * The record for a partition.
     *
     * @throws MambaException MESSAGE_FORMAT for a priority or property that no message can have
     */
    public static LogRecord encode(Envelope envelope, Partition partition) {
        List<Header> headers = new ArrayList<>(6 + envelope.properties().size());
        headers.add(VERSION_1);
        if (envelope.destination().kind().isTemporary()) {
            headers.add(
                    new Header(DESTINATION, Utf8.encode(envelope.destination().toString())));
        }
        if (envelope.bodyType() != BodyType.TEXT) {
            headers.add(requireNonNull(BODIES.get(envelope.bodyType())));
        }
        addText(headers, ID, envelope.id());
        if (!envelope.persistent()) {
            headers.add(NON_PERSISTENT);
        }
        int priority = envelope.priority();
        if (priority < 0 || priority >= PRIORITIES.length) {
            throw new MambaException(
                    ErrorCode.MESSAGE_FORMAT, "The priority is " + priority + ", but expected 0 to 9.");
        }
        if (priority != DEFAULT_PRIORITY) {
            headers.add(PRIORITIES[priority]);
        }
        addTime(headers, EXPIRATION, envelope.expiration());
        addTime(headers, DELIVERY_TIME, envelope.deliveryTime());
        addText(headers, CORRELATION_ID, envelope.correlationId());
        byte[] correlationBytes = envelope.correlationBytes();
        if (correlationBytes != null) {
            headers.add(new Header(CORRELATION_BYTES, correlationBytes));
        }
        addText(headers, TYPE, envelope.type());
        Address replyTo = envelope.replyTo();
        if (replyTo != null) {
            headers.add(new Header(REPLY_TO, Utf8.encode(replyTo.toString())));
        }
        addText(headers, ORIGIN, envelope.origin());
        for (Map.Entry<String, Object> property : envelope.properties().entrySet()) {
            headers.add(PropertyHeader.encode(property.getKey(), property.getValue()));
        }
        String group = envelope.group();
        return new LogRecord(
                partition,
                group == null ? null : Utf8.encode(group),
                Collections.unmodifiableList(headers),
                envelope.body(),
                envelope.timestamp());
    }

    private static void addText(List<Header> headers, String name, @Nullable String text) {
        if (text != null) {
            headers.add(new Header(name, Utf8.encode(text)));
        }
    }

    private static void addTime(List<Header> headers, String name, long time) {
        if (time != 0) {
            headers.add(new Header(name, Long.toString(time).getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /**
     * The message in a record of {@code destination}'s partition. A record that some other program wrote is a message
     * too: BYTES, or TEXT where its content type says so; headers that are not Mamba's become String properties.
     *
     * @throws MambaException CORRUPT for a record that says it is Mamba's, but does not hold what Mamba writes
     */
    public static Envelope decode(LogRecord record, Address destination) {
        for (Header header : record.headers()) { // the first one, as Mamba writes it
            if (header.name().equals(VERSION)) {
                return new Decoder(record, destination).decode();
            }
        }
        return ForeignRecord.decode(record, destination);
    }

    /** Whose message a record of {@link Address#TEMPORARY} is; empty if it does not say. */
    public static Optional<Address> temporaryDestination(LogRecord record) {
        return record.headers().stream()
                .filter(header -> header.name().equals(DESTINATION))
                .findFirst()
                .map(header -> Address.parse(Utf8.decode(header.bytes())));
    }

    /** The fields while they are collected from the headers. */
    private static final class Decoder {
        private final LogRecord record;
        private final Address destination;
        private @Nullable String id;
        private boolean persistent = true;
        private int priority = DEFAULT_PRIORITY;
        private long expiration;
        private long deliveryTime;
        private @Nullable String correlationId;
        private byte @Nullable [] correlationBytes;
        private @Nullable String type;
        private @Nullable Address replyTo;
        private BodyType bodyType = BodyType.TEXT;
        private @Nullable String origin;
        private @Nullable Map<String, Object> properties;

        Decoder(LogRecord record, Address destination) {
            this.record = record;
            this.destination = destination;
        }

        Envelope decode() {
            for (Header header : record.headers()) {
                if (header.name().startsWith(PREFIX)) {
                    field(header);
                } else {
                    property(header);
                }
            }
            return new Envelope(
                    id,
                    destination,
                    persistent,
                    priority,
                    record.timestamp(),
                    expiration,
                    deliveryTime,
                    correlationId,
                    correlationBytes,
                    type,
                    replyTo,
                    group(),
                    properties == null ? Map.of() : Collections.unmodifiableMap(properties),
                    bodyType,
                    record.value(),
                    origin);
        }

        private void field(Header header) {
            switch (header.name()) {
                case VERSION -> {
                    if (!text(header).equals("1")) {
                        throw damaged(header, "format version 1: a newer Mamba may have written it");
                    }
                }
                case ID -> id = text(header);
                case MODE -> persistent = persistent(header);
                case PRIORITY -> priority = priority(header);
                case EXPIRATION -> expiration = time(header);
                case DELIVERY_TIME -> deliveryTime = time(header);
                case CORRELATION_ID -> correlationId = text(header);
                case CORRELATION_BYTES -> correlationBytes = header.bytes();
                case TYPE -> type = text(header);
                case REPLY_TO -> replyTo = address(header);
                case BODY -> bodyType = bodyType(header);
                case ORIGIN -> origin = text(header);
                default -> {
                    // A later minor version may add headers that this one can do without.
                }
            }
        }

        private void property(Header header) {
            String name = header.name();
            int length = PropertyHeader.nameLength(name);
            Object value = PropertyHeader.decode(name, length, header.bytes());
            if (value == null) {
                throw damaged(header, "a value of the type that its name ends with");
            }
            if (properties == null) {
                properties = new LinkedHashMap<>();
            }
            properties.put(name.substring(0, length), value);
        }

        private @Nullable String group() {
            byte[] key = record.key();
            if (key == null) {
                return null;
            }
            String group = Utf8.decodeStrictly(key);
            if (group == null) {
                throw new MambaException(
                        ErrorCode.CORRUPT,
                        "A message in " + record.partition()
                                + " is damaged: its key is not UTF-8, but expected a group.");
            }
            return group;
        }

        private String text(Header header) {
            String text = Utf8.decodeStrictly(header.bytes());
            if (text == null) {
                throw damaged(header, "UTF-8");
            }
            return text;
        }

        private boolean persistent(Header header) {
            return switch (text(header)) {
                case "PERSISTENT" -> true;
                case "NON_PERSISTENT" -> false;
                default -> throw damaged(header, "PERSISTENT or NON_PERSISTENT");
            };
        }

        private int priority(Header header) {
            byte[] value = header.bytes();
            if (value.length != 1 || value[0] < '0' || value[0] > '9') {
                throw damaged(header, "0 to 9");
            }
            return value[0] - '0';
        }

        private long time(Header header) {
            try {
                return Long.parseLong(text(header));
            } catch (NumberFormatException e) {
                throw damaged(header, "milliseconds since the epoch", e);
            }
        }

        private Address address(Header header) {
            try {
                return Address.parse(text(header));
            } catch (MambaException e) {
                throw damaged(header, "queue://<name>, topic://<name> or a temporary one", e);
            }
        }

        private BodyType bodyType(Header header) {
            try {
                return BodyType.valueOf(text(header));
            } catch (IllegalArgumentException e) {
                throw damaged(header, "MESSAGE, TEXT, BYTES, MAP, STREAM or OBJECT", e);
            }
        }

        private MambaException damaged(Header header, String expected) {
            return damaged(header, expected, null);
        }

        private MambaException damaged(Header header, String expected, @Nullable RuntimeException cause) {
            return new MambaException(
                    ErrorCode.CORRUPT,
                    "A message in " + record.partition() + " is damaged: header '" + header.name() + "' is '"
                            + shown(header.bytes()) + "', but expected " + expected + ".",
                    cause);
        }

        private static String shown(byte[] value) {
            String text = Utf8.decode(value);
            return text.length() <= 60 ? text : text.substring(0, 60) + "..";
        }
    }
}
