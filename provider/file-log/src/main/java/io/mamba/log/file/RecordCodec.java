package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as bytes: {@code int length of the body, int CRC32C of the body, body}, where the body is
 *
 * <pre>
 *   byte flags (1 has a key, 2 has a value, 4 copied forward), varint partition's number,
 *   [copied forward: long position], long timestamp, [varint length, key],
 *   varint count of headers { varint length, name, varint length or -1, value }, value
 * </pre>
 */
final class RecordCodec {
    static final int PREFIX = 8;
    private static final int HAS_KEY = 1;
    private static final int HAS_VALUE = 2;
    private static final int RELOCATED = 4;
    /** The length of a header's value that is null. */
    private static final int NULL = -1;

    private RecordCodec() {}

    /** Not less than what encoding takes. */
    static long bound(LogRecord record) {
        long bound = PREFIX + 1 + 5 + 8 + 8 + 5 + 5;
        byte[] key = record.key();
        byte[] value = record.value();
        bound += (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (Header header : record.headers()) {
            bound += 10L + header.name().length() * 3L + header.bytes().length;
        }
        return bound;
    }

    /** @param relocatedFrom the position of a record copied forward, or -1 */
    static void put(ByteBuffer out, LogRecord record, int partitionId, long relocatedFrom) {
        int start = out.position();
        out.position(start + PREFIX);
        byte[] key = record.key();
        byte[] value = record.value();
        int flags = (key == null ? 0 : HAS_KEY) | (value == null ? 0 : HAS_VALUE) | (relocatedFrom < 0 ? 0 : RELOCATED);
        out.put((byte) flags);
        Varint.put(out, partitionId);
        if (relocatedFrom >= 0) {
            out.putLong(relocatedFrom);
        }
        out.putLong(record.timestamp());
        if (key != null) {
            putBytes(out, key);
        }
        Varint.put(out, record.headers().size());
        for (Header header : record.headers()) {
            putBytes(out, header.name().getBytes(UTF_8));
            putNullable(out, header.value());
        }
        if (value != null) {
            out.put(value);
        }
        int length = out.position() - start - PREFIX;
        out.putInt(start, length);
        out.putInt(start + 4, Frame.crc(out, start + PREFIX, length));
    }

    private static void putBytes(ByteBuffer out, byte[] bytes) {
        Varint.put(out, bytes.length);
        out.put(bytes);
    }

    private static void putNullable(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            Varint.put(out, NULL);
        } else {
            putBytes(out, bytes);
        }
    }

    /** Decodes the body between the buffer's position and limit. */
    static LogRecord decode(ByteBuffer body, Partition partition) {
        int flags = body.get();
        Varint.get(body);
        if ((flags & RELOCATED) != 0) {
            body.getLong();
        }
        long timestamp = body.getLong();
        byte[] key = (flags & HAS_KEY) != 0 ? getBytes(body) : null;
        int count = Varint.get(body);
        List<Header> headers = count == 0 ? List.of() : new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new Header(new String(getBytes(body), UTF_8), getNullable(body)));
        }
        byte[] value = null;
        if ((flags & HAS_VALUE) != 0) {
            value = new byte[body.remaining()];
            body.get(value);
        }
        return new LogRecord(partition, key, headers, value, timestamp);
    }

    private static byte[] getBytes(ByteBuffer in) {
        byte[] bytes = new byte[Varint.get(in)];
        in.get(bytes);
        return bytes;
    }

    private static byte @Nullable [] getNullable(ByteBuffer in) {
        int length = Varint.get(in);
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** What recovery needs of a record; cheaper than decoding it. The buffer's position is left alone. */
    static Outline outline(ByteBuffer body) {
        ByteBuffer in = body.duplicate();
        int flags = in.get();
        int partitionId = Varint.get(in);
        long relocatedFrom = (flags & RELOCATED) != 0 ? in.getLong() : -1;
        in.getLong();
        byte[] key = (flags & HAS_KEY) != 0 ? getBytes(in) : null;
        return new Outline(partitionId, key, (flags & HAS_VALUE) == 0, relocatedFrom);
    }

    /** Which record it is, without its content. */
    record Outline(int partitionId, byte @Nullable [] key, boolean valueless, long relocatedFrom) {}
}
