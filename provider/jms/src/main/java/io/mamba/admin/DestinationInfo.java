package io.mamba.admin;

import io.mamba.DestinationSettings;

/**
 * What a destination holds at one moment.
 *
 * @param name in the form {@code queue://orders} or {@code topic://prices}
 * @param depth messages that wait, delayed ones included; for a topic over all its subscriptions
 * @param inFlight messages that are with a consumer or in a transaction, prepared ones included
 * @param deadLettered messages that wait in the destination's dead-letter queue
 * @param settled messages that were settled so far; for a topic over the subscriptions it has now
 * @param settings its own; where they say nothing the URL counts, then the default
 */
public record DestinationInfo(
        String name, long depth, long inFlight, long deadLettered, long settled, DestinationSettings settings) {}
