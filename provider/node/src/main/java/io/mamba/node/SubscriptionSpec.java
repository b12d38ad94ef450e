package io.mamba.node;

import io.mamba.StartFrom;
import io.mamba.message.Address;
import io.mamba.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver on a topic asks for.
 *
 * @param clientId name space of {@code name}; null for none
 * @param name null for a plain subscription, which lives with its one receiver
 * @param shared several receivers may have it
 * @param durable it outlives its receivers
 * @param notOrigin noLocal: messages of this origin are not wanted
 * @param startFrom where it starts if it does not exist yet; one that exists goes on where it is
 */
public record SubscriptionSpec(
        Address topic,
        @Nullable String clientId,
        @Nullable String name,
        boolean shared,
        boolean durable,
        @Nullable Selector selector,
        @Nullable String notOrigin,
        StartFrom startFrom) {

    /** Unique among the subscriptions of a log; durable and shared non-durable ones have spaces of their own. */
    static String key(boolean durable, @Nullable String clientId, String name) {
        return (durable ? "durable/" : "shared/")
                + (clientId == null ? "" : clientId.replace("%", "%25").replace("/", "%2F")) + "/" + name;
    }

    static boolean isDurable(String key) {
        return key.startsWith("durable/");
    }

    /** The client id in a key; null for none. */
    static @Nullable String clientIdOf(String key) {
        String clientId = key.split("/", 3)[1];
        return clientId.isEmpty() ? null : clientId.replace("%2F", "/").replace("%25", "%");
    }

    static String nameOf(String key) {
        return key.split("/", 3)[2];
    }
}
