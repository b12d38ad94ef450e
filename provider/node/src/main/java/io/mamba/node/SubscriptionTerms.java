package io.mamba.node;

import io.mamba.message.Envelope;
import io.mamba.message.MessageValues;
import io.mamba.selector.Selector;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription takes of its destination.
 *
 * @param memoryOnly its state ends with this process
 * @param filter messages that do not match are not for it at all; null on queues, where receivers select
 * @param notOrigin messages of this origin are not for it (noLocal)
 */
record SubscriptionTerms(
        boolean memoryOnly,
        @Nullable Selector filter,
        @Nullable String notOrigin) {
    static final SubscriptionTerms QUEUE = new SubscriptionTerms(false, null, null);
    static final SubscriptionTerms TEMPORARY_QUEUE = new SubscriptionTerms(true, null, null);

    boolean accepts(Envelope message) {
        return (notOrigin == null || !notOrigin.equals(message.origin()))
                && (filter == null || filter.matches(new MessageValues(message)));
    }
}
