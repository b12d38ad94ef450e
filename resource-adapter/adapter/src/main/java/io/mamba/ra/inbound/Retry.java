package io.mamba.ra.inbound;

import java.time.Duration;

/** How long to wait before the next attempt: doubles from the first to a cap, and never gives up. One thread at a time. */
final class Retry {
    private static final Duration CAP = Duration.ofMinutes(1);

    private final Duration first;
    private Duration next;

    Retry(Duration first) {
        this.first = first;
        this.next = first;
    }

    Duration next() {
        Duration now = next;
        Duration doubled = now.multipliedBy(2);
        next = doubled.compareTo(CAP) > 0 ? CAP : doubled;
        return now;
    }

    /** It worked. */
    void reset() {
        next = first;
    }
}
