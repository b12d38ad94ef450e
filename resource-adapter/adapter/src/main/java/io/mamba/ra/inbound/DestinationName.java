package io.mamba.ra.inbound;

import io.mamba.message.Address;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint names its destination.
 *
 * @param lookup JNDI name; wins over {@code name}
 * @param name {@code queue://..}, {@code topic://..}, a JNDI name if {@code useJndi}, or the plain name of one
 * @param kind of a plain name: QUEUE or TOPIC
 * @param jndiParams environment of the look-up, {@code key=value;key=value}, or null
 */
public record DestinationName(
        @Nullable String lookup,
        @Nullable String name,
        Address.Kind kind,
        boolean useJndi,
        @Nullable String jndiParams) {}
