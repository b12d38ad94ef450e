package io.mamba.admin;

import io.mamba.node.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

/**
 * A durable or shared subscription at one moment.
 *
 * @param clientId null for none
 * @param topic in the form {@code topic://prices}
 * @param selector null for none
 * @param consumers how many have it open
 * @param depth messages that wait, delayed ones included
 * @param inFlight messages that are with a consumer or in a transaction, prepared ones included
 */
public record SubscriptionInfo(
        @Nullable String clientId,
        String name,
        String topic,
        boolean shared,
        boolean durable,
        @Nullable String selector,
        int consumers,
        long depth,
        long inFlight) {
    static SubscriptionInfo of(SubscriptionStatus status) {
        return new SubscriptionInfo(
                status.clientId(),
                status.name(),
                status.topic().toString(),
                status.shared(),
                status.durable(),
                status.selector(),
                status.consumers(),
                status.depth(),
                status.inFlight());
    }
}
