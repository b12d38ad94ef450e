package io.mamba.node;

import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.queue.Decision;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The copy of a message that goes to the dead-letter queue, and the way back from there. */
public final class DeadLetters {
    public static final String CAUSE = "JMS_Mamba_Cause";
    public static final String ATTEMPTS = "JMS_Mamba_Attempts";
    public static final String ORIGIN = "JMS_Mamba_Origin";
    private static final String PREFIX = "DLQ.";
    private static final int MAX_CAUSE = 2000;

    private DeadLetters() {}

    /** {@code DLQ.<name>}: a queue, for topics too. */
    public static Address queueFor(Address destination) {
        return Address.queue(PREFIX + destination.name());
    }

    /** Messages of a dead-letter queue are never buried again. */
    static boolean isDeadLetterQueue(Address destination) {
        return destination.kind() == Address.Kind.QUEUE && destination.name().startsWith(PREFIX);
    }

    static Envelope buried(Envelope message, Lane lane, Decision.Burial burial, long now) {
        Map<String, Object> properties = new LinkedHashMap<>(message.properties());
        properties.put(CAUSE, shortened(burial.cause(), burial.attempts()));
        properties.put(ATTEMPTS, burial.attempts());
        properties.put(ORIGIN, lane.id().destination().whole().toString());
        return readdressed(message, lane.deadLetterQueue(), properties, now);
    }

    /** @param to where expired messages go */
    static Envelope expired(Envelope message, Lane lane, Address to, long now) {
        Map<String, Object> properties = new LinkedHashMap<>(message.properties());
        properties.put(CAUSE, "Expired at " + Instant.ofEpochMilli(message.expiration()) + ".");
        properties.put(ORIGIN, lane.id().destination().whole().toString());
        return readdressed(message, to, properties, now);
    }

    /** The message as it was before, for its origin; null if it does not say where it came from. */
    public static @Nullable Envelope redriven(Envelope deadLetter, long now) {
        if (!(deadLetter.properties().get(ORIGIN) instanceof String origin)) {
            return null;
        }
        Map<String, Object> properties = new LinkedHashMap<>(deadLetter.properties());
        properties.keySet().removeAll(java.util.List.of(CAUSE, ATTEMPTS, ORIGIN));
        return readdressed(deadLetter, Address.parse(origin), properties, now);
    }

    static Envelope readdressed(Envelope message, Address to, Map<String, Object> properties, long now) {
        return new Envelope(
                message.id(),
                to,
                true,
                message.priority(),
                now,
                0,
                0,
                message.correlationId(),
                message.correlationBytes(),
                message.type(),
                message.replyTo(),
                message.group(),
                properties,
                message.bodyType(),
                message.body(),
                message.origin());
    }

    private static String shortened(@Nullable String cause, int attempts) {
        String text = cause == null ? "Delivered " + attempts + " times without being settled." : cause;
        return text.length() <= MAX_CAUSE ? text : text.substring(0, MAX_CAUSE) + "...";
    }
}
