package io.mamba.queue;

import java.time.Duration;

/**
 * Redelivery rules of a lane.
 *
 * @param maxDeliveries after this many deliveries a message that comes back is buried; 0 for never
 * @param initialRedeliveryDelay before the second redelivery; the first comes at once
 * @param backOffMultiplier growth of the delay from one redelivery to the next, at least 1
 * @param maximumRedeliveryDelay upper bound of the delay
 */
public record QueueSettings(
        int maxDeliveries, Duration initialRedeliveryDelay, double backOffMultiplier, Duration maximumRedeliveryDelay) {
    public static final QueueSettings DEFAULT =
            new QueueSettings(10, Duration.ofMillis(100), 2.0, Duration.ofSeconds(30));

    /** How long a message waits that comes back after so many deliveries. The first redelivery is at once. */
    public Duration redeliveryDelay(int deliveries) {
        if (deliveries < 2) {
            return Duration.ZERO;
        }
        double millis = initialRedeliveryDelay.toMillis() * Math.pow(backOffMultiplier, deliveries - 2.0);
        return Duration.ofMillis((long) Math.min(millis, (double) maximumRedeliveryDelay.toMillis()));
    }
}
