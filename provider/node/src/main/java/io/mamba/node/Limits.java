package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.WhenFull;
import io.mamba.queue.Load;
import java.time.Duration;

/**
 * How much a destination may hold.
 *
 * @param maxMessages {@code Long.MAX_VALUE} for no limit
 * @param maxBytes {@code Long.MAX_VALUE} for no limit
 * @param sendTimeout how long a send waits where it waits
 */
record Limits(long maxMessages, long maxBytes, WhenFull whenFull, Duration sendTimeout) {
    private static final long NO_LIMIT = Long.MAX_VALUE;
    static final Limits NONE = new Limits(NO_LIMIT, NO_LIMIT, WhenFull.BLOCK, Duration.ZERO);

    static Limits of(DestinationSettings settings) {
        Limits limits = new Limits(
                settings.maxMessages().orElse(NO_LIMIT),
                settings.maxBytes().orElse(NO_LIMIT),
                settings.whenFull(),
                settings.sendTimeout());
        return limits.countMessages() || limits.countBytes() ? limits : NONE;
    }

    boolean countMessages() {
        return maxMessages != NO_LIMIT;
    }

    boolean countBytes() {
        return maxBytes != NO_LIMIT;
    }

    /** How full it is, in the words of errors and warnings. */
    String text(Load used) {
        String messages = used.messages() + (countMessages() ? " of at most " + maxMessages : "") + " messages";
        return countBytes() ? messages + ", " + used.bytes() + " of at most " + maxBytes + " bytes" : messages;
    }
}
