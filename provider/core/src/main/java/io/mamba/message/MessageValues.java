package io.mamba.message;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a selector sees of a message: the headers it may name, the group, and the properties. */
public record MessageValues(Envelope message) implements Function<String, @Nullable Object> {
    @Override
    public @Nullable Object apply(String identifier) {
        return switch (identifier) {
            case "JMSDeliveryMode" -> message.persistent() ? "PERSISTENT" : "NON_PERSISTENT";
            case "JMSPriority" -> message.priority();
            case "JMSMessageID" -> message.id();
            case "JMSTimestamp" -> message.timestamp();
            case "JMSCorrelationID" -> message.correlationId();
            case "JMSType" -> message.type();
            case "JMSXGroupID" -> message.group();
            default -> message.properties().get(identifier);
        };
    }
}
