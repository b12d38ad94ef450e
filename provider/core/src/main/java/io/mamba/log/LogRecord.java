package io.mamba.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to append. Arrays are not copied: nobody may change them afterwards.
 *
 * @param partition where it goes
 * @param key in a keyed partition the identity of which only the last record is kept; elsewhere free (JMSXGroupID)
 * @param headers in order; names may repeat
 * @param value the payload; null in a keyed partition removes the key (a tombstone), elsewhere it is an empty body
 * @param timestamp milliseconds since the epoch; 0 where another program gave none
 */
public record LogRecord(
        Partition partition, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value, long timestamp) {
    // Spelled out, as NullAway takes the arrays of a compact constructor for never null.
    public LogRecord(
            Partition partition, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value, long timestamp) {
        if (timestamp < 0) {
            throw new IllegalArgumentException("Expected a time that is not negative, but got " + timestamp);
        }
        this.partition = partition;
        this.key = key;
        this.headers = headers;
        this.value = value;
        this.timestamp = timestamp;
    }
}
