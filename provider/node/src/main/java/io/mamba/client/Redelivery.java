package io.mamba.client;

import io.mamba.message.Address;
import io.mamba.queue.QueueSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver says about messages that it fails; null where it leaves that to the URL or the default. It holds for
 * the whole queue or subscription, from the newest receiver that says something.
 *
 * @param maxDeliveries after this many the message goes to the dead-letter queue; 0 for never
 * @param initialDelay before the second redelivery; the first comes at once
 * @param multiplier growth of the delay, at least 1
 * @param maximumDelay upper bound of the delay
 * @param deadLetters the queue for messages at the limit
 */
public record Redelivery(
        @Nullable Integer maxDeliveries,
        @Nullable Duration initialDelay,
        @Nullable Double multiplier,
        @Nullable Duration maximumDelay,
        @Nullable Address deadLetters) {
    public static final Redelivery DEFAULT = new Redelivery(null, null, null, null, null);

    QueueSettings over(QueueSettings settings) {
        return new QueueSettings(
                maxDeliveries == null ? settings.maxDeliveries() : maxDeliveries,
                initialDelay == null ? settings.initialRedeliveryDelay() : initialDelay,
                multiplier == null ? settings.backOffMultiplier() : multiplier,
                maximumDelay == null ? settings.maximumRedeliveryDelay() : maximumDelay);
    }
}
