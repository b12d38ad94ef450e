package io.mamba.ra.inbound;

import io.mamba.ra.LogAccess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint gets to its log.
 *
 * @param own name and password, if the activation has its own
 * @param factoryLookup JNDI name of the connection factory that says the rest, or null for the resource adapter
 * @param jndiParams environment of the look-up, or null
 * @param firstRetry how long after the first failure to open the log the second attempt comes
 */
public record Connecting(
        LogAccess own,
        @Nullable String factoryLookup,
        @Nullable String jndiParams,
        Duration firstRetry) {
    static final Duration DEFAULT_FIRST_RETRY = Duration.ofSeconds(2);
}
