package io.mamba.admin;

import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits in a queue, for those who look at it.
 *
 * @param id JMSMessageID; null if the sender asked for none
 * @param priority 0 to 9
 * @param expiration null for never
 * @param properties with those that name cause and origin of a dead letter
 * @param bodyType TEXT, BYTES, MAP, STREAM, OBJECT or MESSAGE
 * @param bodyBytes length of the body as it is in the log
 * @param text the body of a text message; null for others
 */
public record MessageInfo(
        @Nullable String id,
        Instant sent,
        boolean persistent,
        int priority,
        @Nullable Instant expiration,
        @Nullable String correlationId,
        @Nullable String type,
        @Nullable String group,
        Map<String, Object> properties,
        String bodyType,
        int bodyBytes,
        @Nullable String text) {
    static MessageInfo of(Envelope message) {
        byte[] body = message.body();
        return new MessageInfo(
                message.id(),
                Instant.ofEpochMilli(message.timestamp()),
                message.persistent(),
                message.priority(),
                message.expiration() == 0 ? null : Instant.ofEpochMilli(message.expiration()),
                message.correlationId(),
                message.type(),
                message.group(),
                Map.copyOf(message.properties()),
                message.bodyType().name(),
                body == null ? 0 : body.length,
                body == null || message.bodyType() != BodyType.TEXT ? null : new String(body, StandardCharsets.UTF_8));
    }
}
