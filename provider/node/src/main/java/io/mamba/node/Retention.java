package io.mamba.node;

import io.mamba.DestinationSettings;
import java.time.Duration;

/**
 * How much of a destination stays for replay after it was settled. Where both are said, the one that is reached first counts.
 *
 * @param millis so long after it was sent; 0 for whatever age
 * @param bytes so many of the newest; 0 for however many
 */
record Retention(long millis, long bytes) {
    static final Retention NONE = new Retention(0, 0);

    static Retention of(DestinationSettings settings) {
        return new Retention(
                settings.retainFor().map(Duration::toMillis).orElse(0L),
                settings.retainBytes().orElse(0L));
    }

    /** Whether anything stays at all. */
    boolean keeps() {
        return millis > 0 || bytes > 0;
    }
}
