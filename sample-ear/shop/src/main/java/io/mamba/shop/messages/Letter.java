package io.mamba.shop.messages;

import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent: where to, in which group, what it says. Messages of one group keep their order however many
 * beans work in parallel.
 */
public record Letter(
        boolean topic,
        String destination,
        @Nullable String group,
        int priority,
        JsonObject body,
        Map<String, String> properties) {

    /** Says on every message about an order that it belongs to a replay, and to which. */
    public static final String REPLAY = "replay";

    public static Letter toQueue(String destination, String group, JsonObject body) {
        return new Letter(false, destination, group, Message.DEFAULT_PRIORITY, body, Map.of());
    }

    public static Letter toTopic(String destination, String group, JsonObject body) {
        return new Letter(true, destination, group, Message.DEFAULT_PRIORITY, body, Map.of());
    }

    public Letter with(String property, @Nullable String value) {
        return value == null ? this : new Letter(topic, destination, group, priority, body, Map.of(property, value));
    }

    /** The same letter, which others on its queue may overtake. */
    public Letter unhurried() {
        return new Letter(topic, destination, group, Message.DEFAULT_PRIORITY - 2, body, properties);
    }

    /** The body of a message that arrived. */
    public static JsonObject open(Message message) {
        try {
            return JsonText.parse(message.getBody(String.class));
        } catch (JMSException e) {
            throw unreadable(e);
        }
    }

    public static @Nullable String property(Message message, String name) {
        try {
            return message.getStringProperty(name);
        } catch (JMSException e) {
            throw unreadable(e);
        }
    }

    private static JMSRuntimeException unreadable(JMSException cause) {
        return new JMSRuntimeException("The message cannot be read", cause.getErrorCode(), cause);
    }
}
