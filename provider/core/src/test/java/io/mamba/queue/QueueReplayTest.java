package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Enqueued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueReplayTest {
    private final TestLane lane = new TestLane();

    @Nested
    class WhenTheLogIsReadAgain {
        @Test
        void comesToTheSameState() {
            fill();
            String live = lane.fingerprint();

            lane.restart();

            assertThat(lane.fingerprint()).isEqualTo(live);
        }

        @Test
        void ignoresWhatItHasReadBefore() {
            fill();
            String live = lane.fingerprint();

            lane.log.stream()
                    .filter(event -> event instanceof QueueEvent.Settled
                            || event instanceof QueueEvent.Buried
                            || event instanceof QueueEvent.Expired)
                    .forEach(lane.state::apply);

            assertThat(lane.fingerprint()).isEqualTo(live);
        }
    }

    @Nested
    class WhenASnapshotIsRestored {
        @Test
        void comesToTheSameState() {
            fill();

            QueueState restored = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));

            assertThat(restored.fingerprint(Instant.ofEpochMilli(lane.now))).isEqualTo(lane.fingerprint());
            assertThat(restored.preparedBranches()).containsExactly("branch");
            assertThat(restored.highestPosition()).isEqualTo(lane.state.highestPosition());
            assertThat(restored.counts().enqueued())
                    .isEqualTo(lane.state.counts().enqueued());
        }

        @Test
        void keepsToTheSizeOfAPiece() {
            fill();

            List<byte[]> pieces = TestLane.snapshot(lane.state, 10);

            assertThat(pieces)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(piece -> assertThat(piece).hasSizeLessThanOrEqualTo(10));
        }

        @Test
        void isTheStateOfTheBeginningWhateverHappensBetweenItsPieces() {
            lane.enqueue(10, 20, 30, 40, 50, 60, 70);
            lane.acquire(1, 5);
            lane.run(new QueueCommand.Prepare(1, "branch", new long[] {20, 40}));
            QueueState before = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));
            RunningSnapshot running = lane.state.beginSnapshot(3);
            List<byte[]> pieces = new ArrayList<>(List.of(running.next()));

            lane.settle(1, 10);
            lane.state.apply(new QueueEvent.Resolved("branch", true));
            lane.mark(1, 30);
            lane.enqueue(65, 80);
            lane.giveBack(1, 30);
            lane.run(new QueueCommand.Purge(new long[] {70}));
            running.forEachRemaining(pieces::add);

            assertThat(QueueState.restore(TestLane.SETTINGS, pieces).fingerprint(Instant.ofEpochMilli(lane.now)))
                    .isEqualTo(before.fingerprint(Instant.ofEpochMilli(lane.now)));
        }

        @Test
        void takesAMessageThatItHoldsOnlyOnce() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 1);
            lane.settle(1, 1);

            lane.state = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));
            lane.enqueue(2, 3, 4);

            assertThat(lane.acquire(1, 10)).containsExactly(2L, 3L, 4L);
            assertThat(lane.state.counts().enqueued()).isEqualTo(4);
        }

        @Test
        void countsSoftStatesAsAvailable() {
            lane.enqueue(1, 2, 3);
            lane.acquire(1, 2);
            lane.begin(new QueueCommand.Commit(1, new long[] {1}));

            lane.state = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));

            assertThat(lane.state.counts().available()).isEqualTo(3);
        }

        @Test
        void keepsAnEmptyLaneEmpty() {
            lane.state = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));
            assertThat(lane.state.highestPosition()).isEqualTo(-1);

            lane.enqueue(0);

            assertThat(lane.acquire(1, 10)).containsExactly(0L);
        }

        @Test
        void keepsMessagesApartThatArrivedOutOfOrder() {
            lane.enqueue(5, 1, 3);

            lane.state = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(lane.state, 1000));

            assertThat(lane.acquire(1, 10)).containsExactly(1L, 3L, 5L);
        }
    }

    @Nested
    class WhenASnapshotIsDamaged {
        @Test
        void saysSoWhateverTheDamage() {
            fill();
            Random random = new Random(7);
            byte[] whole = TestLane.snapshot(lane.state, Integer.MAX_VALUE).get(0);
            for (int i = 0; i < 20_000; i++) {
                byte[] damaged =
                        Arrays.copyOf(whole, random.nextInt(3) == 0 ? random.nextInt(whole.length) : whole.length);
                for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                restoreOrSayWhy(damaged);
            }
        }

        @Test
        void refusesAnUnknownVersion() {
            assertThatThrownBy(() -> QueueState.restore(TestLane.SETTINGS, List.of(new byte[] {99})))
                    .isInstanceOf(MambaException.class)
                    .hasMessageContaining("version is 99");
        }

        @Test
        void refusesNothingAtAll() {
            assertThatThrownBy(() -> QueueState.restore(TestLane.SETTINGS, List.of()))
                    .isInstanceOfSatisfying(
                            MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        }

        private void restoreOrSayWhy(byte[] damaged) {
            try {
                assertThat(QueueState.restore(TestLane.SETTINGS, List.of(damaged)))
                        .isNotNull();
            } catch (MambaException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    /** Something in each state that a log knows. */
    private void fill() {
        List<Enqueued> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long group = i % 4 == 0 ? 0 : 1000 + i % 4;
            long deliverAt = i % 7 == 3 ? lane.now + 1000 : 0;
            long expireAt = i % 5 == 2 ? lane.now + 50 : 0;
            events.add(new Enqueued(i * 3L, i % 10, group, deliverAt, expireAt, new int[0]));
        }
        events.forEach(lane::enqueue);
        List<Long> taken = lane.acquire(1, 12);
        taken.subList(0, 6).forEach(position -> lane.mark(1, position));
        lane.settle(1, taken.get(0));
        lane.run(new QueueCommand.Prepare(1, "branch", new long[] {taken.get(1), taken.get(2)}));
        lane.fail(1, taken.get(3));
        lane.log.add(new QueueEvent.Delivered(taken.get(4), 3));
        lane.state.apply(lane.log.get(lane.log.size() - 1));
        lane.giveBack(1, taken.get(4));
        lane.now += 60;
        lane.tick();
        assertThat(lane.state.counts().expired()).isPositive();
        assertThat(lane.state.counts().buried()).isPositive();
        assertThat(lane.state.counts().prepared()).isEqualTo(2);
    }
}
