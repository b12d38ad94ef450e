package io.mamba.ra.inbound;

import io.mamba.client.Redelivery;
import io.mamba.client.Source;
import io.mamba.ra.LogAccess;
import io.mamba.selector.Selector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an activation says, checked and immutable.
 *
 * @param access name and password, if the activation has its own
 * @param sessions how many messages may be in the bean at once
 * @param burst how many messages a slot takes before it lets go of its thread
 * @param firstRetry how long after the first failure to open the log the second attempt comes
 */
public record EndpointSettings(
        DestinationName destination,
        Subscription subscription,
        @Nullable Selector selector,
        LogAccess access,
        int sessions,
        int burst,
        Redelivery redelivery,
        Duration firstRetry) {
    static final int DEFAULT_SESSIONS = 15;
    static final int DEFAULT_BURST = 100;
    static final Duration DEFAULT_FIRST_RETRY = Duration.ofSeconds(2);

    /** An unshared subscription has one receiver, which keeps its order; all else is as parallel as wanted. */
    int slots(Source source) {
        return switch (source.kind()) {
            case PLAIN, DURABLE -> 1;
            case QUEUE, SHARED, SHARED_DURABLE -> sessions;
        };
    }
}
