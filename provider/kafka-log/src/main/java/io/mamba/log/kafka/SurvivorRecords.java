package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Records of the survivors' topic, and back; {@code docs/log-format.md} has the format. A survivor's key is
 * {@code <position>@<topic>-<number>}; its headers, time and value are those of the record, behind one header of its own that
 * keeps the record's key. A mark's key is {@code mark@<topic>-<number>}, its value the position in decimal digits, a space and the
 * topic's id: a topic that was deleted and made again has no mark.
 */
final class SurvivorRecords {
    private static final String ORIGIN = "mamba.survivor";
    private static final String MARK = "mark";
    private static final byte HAS_KEY = 1;
    private static final byte HAS_NO_VALUE = 2;
    private static final byte[] EMPTY = {};

    private SurvivorRecords() {}

    /**
     * What a key says.
     *
     * @param position -1 if it is a mark's
     */
    record Place(Partition partition, long position) {
        boolean isMark() {
            return position < 0;
        }

        static @Nullable Place of(byte @Nullable [] key) {
            if (key == null) {
                return null;
            }
            String text = new String(key, UTF_8);
            int at = text.indexOf('@');
            int dash = text.lastIndexOf('-');
            String position = text.substring(0, at);
            return new Place(
                    new Partition(text.substring(at + 1, dash), Integer.parseInt(text.substring(dash + 1))),
                    position.equals(MARK) ? -1 : Long.parseLong(position));
        }
    }

    static LogRecord survivor(StoredRecord stored) {
        LogRecord record = stored.record();
        byte[] key = record.key() == null ? EMPTY : record.key();
        byte[] origin = Arrays.copyOf(key, key.length + 1);
        origin[key.length] =
                (byte) ((record.key() == null ? 0 : HAS_KEY) | (record.value() == null ? HAS_NO_VALUE : 0));
        List<Header> headers = new ArrayList<>();
        headers.add(new Header(ORIGIN, origin));
        headers.addAll(record.headers());
        return new LogRecord(
                Trimmer.SURVIVORS,
                key(record.partition(), stored.position()),
                headers,
                record.value() == null ? EMPTY : record.value(),
                record.timestamp());
    }

    /** The record that survived. */
    static StoredRecord original(Place place, LogRecord survivor) {
        byte[] origin = survivor.headers().get(0).bytes();
        int length = origin.length - 1;
        boolean hasKey = (origin[length] & HAS_KEY) != 0;
        boolean hasValue = (origin[length] & HAS_NO_VALUE) == 0;
        return new StoredRecord(
                place.position(),
                new LogRecord(
                        place.partition(),
                        hasKey ? Arrays.copyOf(origin, length) : null,
                        survivor.headers().subList(1, survivor.headers().size()),
                        hasValue ? survivor.value() : null,
                        survivor.timestamp()));
    }

    static LogRecord tombstone(Partition partition, long position, long now) {
        return new LogRecord(Trimmer.SURVIVORS, key(partition, position), List.of(), null, now);
    }

    static LogRecord tombstoneOfMark(Partition partition, long now) {
        return new LogRecord(Trimmer.SURVIVORS, key(partition, MARK), List.of(), null, now);
    }

    static LogRecord mark(Partition partition, Mark mark, long now) {
        return new LogRecord(
                Trimmer.SURVIVORS,
                key(partition, MARK),
                List.of(),
                (mark.position() + " " + mark.topic()).getBytes(UTF_8),
                now);
    }

    static Mark mark(byte[] value) {
        String[] parts = new String(value, UTF_8).split(" ", 2);
        return new Mark(Long.parseLong(parts[0]), Uuid.fromString(parts[1]));
    }

    /** In front of which nothing is in the topic any more, or will not be soon. */
    record Mark(long position, Uuid topic) {}

    private static byte[] key(Partition partition, long position) {
        return key(partition, Long.toString(position));
    }

    private static byte[] key(Partition partition, String what) {
        return (what + "@" + partition).getBytes(UTF_8);
    }
}
