package io.mamba.ra.inbound;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint says about messages it fails; null where it leaves that to the destination, the URL or the default.
 *
 * @param maxDeliveries after this many the message goes to the dead-letter queue; 0 for never
 */
public record Redelivery(
        @Nullable Integer maxDeliveries,
        @Nullable Duration initialDelay,
        @Nullable Double multiplier,
        @Nullable Duration maximumDelay,
        @Nullable String deadLetterDestination) {
    public static final Redelivery DEFAULT = new Redelivery(null, null, null, null, null);
}
