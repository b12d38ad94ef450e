package io.mamba.ra.inbound;

import io.mamba.client.Redelivery;
import io.mamba.client.Source;
import io.mamba.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * What an activation says, checked and immutable.
 *
 * @param sessions how many messages may be in the bean at once
 * @param burst how many messages a slot takes before it lets go of its thread
 */
public record EndpointSettings(
        DestinationName destination,
        Subscription subscription,
        @Nullable Selector selector,
        Connecting connecting,
        int sessions,
        int burst,
        Redelivery redelivery) {
    static final int DEFAULT_SESSIONS = 15;
    static final int DEFAULT_BURST = 100;

    /** An unshared subscription has one receiver, which keeps its order; all else is as parallel as wanted. */
    int slots(Source source) {
        return switch (source.kind()) {
            case PLAIN, DURABLE -> 1;
            case QUEUE, SHARED, SHARED_DURABLE -> sessions;
        };
    }
}
