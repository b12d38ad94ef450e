package io.mamba.client;

import org.jspecify.annotations.Nullable;

/**
 * The name of a durable subscription; names live per client id, and shared and unshared ones share the space of one
 * client id.
 */
public record SubscriptionName(@Nullable String clientId, String name) {}
