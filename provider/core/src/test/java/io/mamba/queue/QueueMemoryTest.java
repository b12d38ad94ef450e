package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** By the structures' own account of their arrays, so that it comes out the same everywhere. */
class QueueMemoryTest {
    private static final int MILLION = 1_000_000;
    private static final int[] NO_MATCHES = {};

    private final QueueState state = new QueueState(QueueSettings.DEFAULT);

    @Test
    void takesAtMostTwelveBytesForAWaitingMessageWithPriorityAndGroup() {
        for (int i = 0; i < MILLION; i++) {
            state.apply(new Enqueued(i * 700L, i % 10, 1 + i % 5000, 0, 0, NO_MATCHES));
        }

        assertThat(state.heapBytes() / (double) MILLION).isLessThan(12);
    }

    @Test
    void takesAtMostSixteenBytesForADeadline() {
        for (int i = 0; i < MILLION; i++) {
            state.apply(new Enqueued(i, 4, 0, 0, 1_000_000L + i, NO_MATCHES));
        }

        assertThat(state.deadlineBytes() / (double) MILLION).isLessThan(16);
    }

    @Test
    void takesAtMostThirtyTwoBytesForAGroup() {
        for (int groups = 500_000; groups <= MILLION; groups += 100_000) {
            QueueState lane = new QueueState(QueueSettings.DEFAULT);
            for (int i = 0; i < groups; i++) {
                lane.apply(new Enqueued(i, 4, 0x9E3779B97F4A7C15L * (i + 1), 0, 0, NO_MATCHES));
            }
            assertThat(lane.groupBytes() / (double) groups).isLessThan(32);
        }
    }

    @Test
    void givesTheMemoryBackWhenHalfOfTheChunksAreEmpty() {
        for (int i = 0; i < MILLION; i++) {
            state.apply(new Enqueued(i, 4, 0, 0, 0, NO_MATCHES));
        }
        long full = state.heapBytes();

        state.apply(new QueueEvent.Settled(
                LongStream.range(MILLION / 4, MILLION * 3L / 4).toArray()));

        assertThat(state.heapBytes()).isLessThan(full * 51 / 100);
        assertThat(state.counts().available()).isEqualTo(MILLION / 2);
    }
}
