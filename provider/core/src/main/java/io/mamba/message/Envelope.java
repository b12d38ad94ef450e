package io.mamba.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message, immutable. Times are milliseconds since the epoch, 0 for none. Arrays are not copied: nobody may change
 * them.
 *
 * @param id JMSMessageID, starts with {@code ID:}; null if the sender asked for none
 * @param destination where it was sent
 * @param persistent delivery mode
 * @param priority 0 to 9
 * @param timestamp when it was sent
 * @param expiration when it ceases to be deliverable, 0 for never
 * @param deliveryTime when it becomes deliverable, 0 or a time not after timestamp for at once
 * @param correlationId JMSCorrelationID as text, or null
 * @param correlationBytes JMSCorrelationIDAsBytes where the id was set as bytes that are not text, or null
 * @param type JMSType, or null
 * @param replyTo JMSReplyTo, or null
 * @param group JMSXGroupID, or null; stands in no other place than here
 * @param properties user properties and JMSXGroupSeq: Boolean, Byte, Short, Integer, Long, Float, Double or String; in
 *     insertion order
 * @param bodyType which of the six types
 * @param body TEXT: UTF-8; BYTES: as is; MAP, STREAM, OBJECT: as {@code BodyCodec} in docs/log-format.md says; null where
 *     there is no body
 * @param origin identifies the sending connection, for noLocal; null if unknown
 */
public record Envelope(
        @Nullable String id,
        Address destination,
        boolean persistent,
        int priority,
        long timestamp,
        long expiration,
        long deliveryTime,
        @Nullable String correlationId,
        byte @Nullable [] correlationBytes,
        @Nullable String type,
        @Nullable Address replyTo,
        @Nullable String group,
        Map<String, Object> properties,
        BodyType bodyType,
        byte @Nullable [] body,
        @Nullable String origin) {

    /** The same with another time at which it ceases to be deliverable. */
    public Envelope expiringAt(long changed) {
        return new Envelope(
                id,
                destination,
                persistent,
                priority,
                timestamp,
                changed,
                deliveryTime,
                correlationId,
                correlationBytes,
                type,
                replyTo,
                group,
                properties,
                bodyType,
                body,
                origin);
    }
}
