package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
    void takesNoObjectForNeighboursThatArriveInTheWrongOrder() {
        Random random = new Random(5);
        int selector = state.registerSelector();
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < 50_000; i += 50) {
            List<Long> some =
                    new ArrayList<>(LongStream.range(i, i + 50L).boxed().toList());
            Collections.shuffle(some, random);
            for (long position : some) {
                long expireAt = position % 7 == 0 ? 1000 : 0;
                long deliverAt = position % 11 == 0 ? 2000 : 0;
                int[] matches = position % 3 == 0 ? new int[] {selector} : NO_MATCHES;
                state.apply(new Enqueued(position, 4, position % 5, deliverAt, expireAt, matches));
                if (position % 3 == 0 && expireAt == 0 && deliverAt == 0) {
                    wanted.add(position);
                }
            }
        }
        Collections.sort(wanted);

        assertThat(state.objects()).isLessThan(2000);
        assertThat(state.decide(new QueueCommand.Acquire(1, selector, MILLION), Instant.ofEpochMilli(1500))
                        .acquired())
                .map(Decision.Acquisition::position)
                .isEqualTo(wanted);
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
