package io.mamba.client;

import io.mamba.StartFrom;
import io.mamba.message.Address;
import io.mamba.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver receives from.
 *
 * @param destination a queue or topic
 * @param selector null for all messages
 * @param kind for a queue always QUEUE
 * @param subscription the name for DURABLE, SHARED, SHARED_DURABLE; null else
 * @param noLocal topics only: not the messages of the own connection (or, with a client id, of connections with it)
 * @param startFrom topics only: where the subscription starts if it does not exist yet
 */
public record Source(
        Address destination,
        @Nullable Selector selector,
        Kind kind,
        @Nullable SubscriptionName subscription,
        boolean noLocal,
        StartFrom startFrom) {
    /** How a receiver shares and outlives. */
    public enum Kind {
        QUEUE,
        /** An unshared, non-durable subscription: lives as long as its receiver. */
        PLAIN,
        DURABLE,
        SHARED,
        SHARED_DURABLE
    }

    /** Starts with what is sent from now on. */
    public Source(
            Address destination,
            @Nullable Selector selector,
            Kind kind,
            @Nullable SubscriptionName subscription,
            boolean noLocal) {
        this(destination, selector, kind, subscription, noLocal, StartFrom.LATEST);
    }

    public static Source queue(Address queue, @Nullable Selector selector) {
        return new Source(queue, selector, Kind.QUEUE, null, false);
    }
}
