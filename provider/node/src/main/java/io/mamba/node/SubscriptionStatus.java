package io.mamba.node;

import io.mamba.message.Address;
import org.jspecify.annotations.Nullable;

/**
 * A subscription at one moment.
 *
 * @param clientId null for none
 * @param selector null for none
 * @param consumers how many have it open
 * @param depth messages that wait, delayed ones included
 * @param inFlight messages that are with a consumer or in a transaction
 */
public record SubscriptionStatus(
        @Nullable String clientId,
        String name,
        Address topic,
        boolean shared,
        boolean durable,
        @Nullable String selector,
        int consumers,
        long depth,
        long inFlight) {}
