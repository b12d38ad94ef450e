package io.mamba.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ReleasedPositionsTest {
    private final ReleasedPositions released = new ReleasedPositions();

    @Test
    void trimsNothingThatMayBeNeeded() {
        assertThat(released.trimPoint(100)).isZero();
        released.add(1);
        assertThat(released.trimPoint(100)).isZero();
    }

    @Test
    void trimsUpToTheFirstThatWaitsAndNotBehindTheLimit() {
        released.addAll(0, 50);

        assertThat(released.trimPoint(100)).isEqualTo(50);
        assertThat(released.needed(50)).isEmpty();
        assertThat(released.trimPoint(20)).isEqualTo(20);
    }

    @Test
    void leavesAFewBehindAsSurvivors() {
        released.addAll(0, 100);
        released.retain(100, LongStream.of(0, 40, 99).iterator());

        assertThat(released.trimPoint(100)).isEqualTo(99);
        assertThat(released.needed(99)).containsExactly(0, 40);
    }

    @Test
    void doesNotCopyMoreThanOneOfFour() {
        released.addAll(0, 200);
        released.retain(
                200,
                LongStream.range(0, 200)
                        .filter(position -> position % 8 < (position < 104 ? 2 : 3))
                        .iterator());

        assertThat(released.trimPoint(200)).isEqualTo(104);
        assertThat(released.needed(104)).hasSize(26);
    }

    @Test
    void copiesNothingOfAWaitingQueueForThePositionsThatTransactionsLeaveInIt() {
        released.addAll(0, 2000);
        released.retain(
                2000,
                LongStream.range(1000, 2000)
                        .filter(position -> position % 100 != 99)
                        .iterator());

        assertThat(released.trimPoint(2000)).isEqualTo(1000);
        assertThat(released.needed(1000)).isEmpty();
    }

    @Test
    void forgetsWhatIsInFrontOfTheMark() {
        released.addAll(0, 100);
        released.add(120);
        released.moveMark(110);

        assertThat(released.mark()).isEqualTo(110);
        assertThat(released.contains(50)).isFalse();
        assertThat(released.contains(120)).isTrue();
        assertThat(released.nextNeeded(120)).isEqualTo(121);
        released.add(5);
        released.moveMark(90);
        assertThat(released.mark()).isEqualTo(110);
    }
}
