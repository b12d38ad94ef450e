package io.mamba.ra.inbound;

import io.mamba.StartFrom;
import io.mamba.client.Source;
import io.mamba.client.SubscriptionName;
import io.mamba.message.Address;
import io.mamba.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint listens to a topic; of no meaning for a queue.
 *
 * @param name null for one that is neither durable nor shared
 * @param startFrom where it starts if it does not exist yet
 */
public record Subscription(
        boolean durable,
        boolean shared,
        @Nullable String clientId,
        @Nullable String name,
        StartFrom startFrom) {
    /** @param presetClientId what holds where the activation says no client id, or null */
    Source source(Address destination, @Nullable Selector selector, @Nullable String presetClientId) {
        if (destination.kind().isQueue()) {
            return Source.queue(destination, selector);
        }
        String client = clientId == null ? presetClientId : clientId;
        SubscriptionName subscription =
                name == null || kind() == Source.Kind.PLAIN ? null : new SubscriptionName(client, name);
        return new Source(destination, selector, kind(), subscription, false, startFrom);
    }

    private Source.Kind kind() {
        if (durable) {
            return shared ? Source.Kind.SHARED_DURABLE : Source.Kind.DURABLE;
        }
        return shared ? Source.Kind.SHARED : Source.Kind.PLAIN;
    }
}
