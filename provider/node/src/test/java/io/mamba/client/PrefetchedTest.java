package io.mamba.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrefetchedTest {
    private final Prefetched prefetched = new Prefetched();
    private long now = Duration.ofHours(1).toNanos();

    private void handOut(int messages, Duration between) {
        for (int i = 0; i < messages; i++) {
            now += between.toNanos();
            prefetched.handedOut(now);
        }
    }

    @Test
    void claimsOneUntilMessagesFollowEachOther() {
        assertThat(prefetched.wanted()).isEqualTo(1);

        handOut(15, Duration.ofNanos(1_000));

        assertThat(prefetched.wanted()).isEqualTo(1);
    }

    @Test
    void claimsWhatIsHandedOutInHalfTheTimeThatItIsKept() {
        handOut(200, Duration.ofMillis(1));

        assertThat(prefetched.wanted()).isBetween(24, 26);
    }

    @Test
    void claimsTwoThousandAtMost() {
        handOut(500, Duration.ofNanos(100));

        assertThat(prefetched.wanted()).isEqualTo(2048);
    }

    @Test
    void claimsOneAgainAfterAPause() {
        handOut(200, Duration.ofMillis(1));
        handOut(1, Prefetched.KEPT.plusMillis(1));

        assertThat(prefetched.wanted()).isEqualTo(1);
    }
}
