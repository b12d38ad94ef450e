package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetainedTest {
    private static final Partition PARTITION = new Partition("queue.orders", 0);
    private static final Retention HUNDRED_MILLIS = new Retention(100, 0);
    private static final Retention THIRTY_BYTES = new Retention(0, 30);

    private final Retained retained = new Retained();

    @Test
    void keepsNothingWithoutARule() {
        assertThat(add(1, 10, 10)).isFalse();
        assertThat(retained.keeps(1)).isFalse();
    }

    @Test
    void keepsByAgeAndSaysWhenTheNextGoes() {
        retained.rule(HUNDRED_MILLIS, 0, 0);
        add(1, 10, 1_000);
        add(2, 10, 1_050);

        assertThat(retained.nextDeadline()).contains(Instant.ofEpochMilli(1_100));
        assertThat(retained.trim(1_099)).isFalse();
        assertThat(retained.trim(1_100)).isTrue();

        assertThat(retained.keeps(1)).isFalse();
        assertThat(retained.keeps(2)).isTrue();
        assertThat(retained.reaches(1_000)).isFalse();
        assertThat(retained.reaches(1_001)).isTrue();
    }

    @Test
    void keepsTheNewestBySize() {
        retained.rule(THIRTY_BYTES, 0, 0);
        for (int i = 1; i <= 4; i++) {
            add(i, 10, i);
        }

        assertThat(retained.trim(10)).isTrue();

        assertThat(retained.from()).isEqualTo(2);
    }

    @Test
    void letsGoByWhicheverOfAgeAndSizeIsReachedFirst() {
        retained.rule(new Retention(100, 30), 0, 0);
        for (int i = 1; i <= 4; i++) {
            add(i, 10, 1_000 + i);
        }

        retained.trim(1_010);
        assertThat(retained.from()).isEqualTo(2);
        retained.trim(2_000);
        assertThat(retained.from()).isEqualTo(5);
    }

    @Test
    void takesAHundredObjectsAtMostOrSo() {
        retained.rule(new Retention(1_000_000, 10_000_000), 0, 0);
        for (int i = 0; i < 1_000_000; i++) {
            add(i, 100, i);
            retained.trim(i);
        }

        assertThat(retained.blocks()).isLessThan(140);
        assertThat(retained.from()).isBetween(890_000L, 900_000L);
    }

    @Test
    void findsTheFirstThatMayHaveBeenSentAtATimeOrLater() {
        retained.rule(HUNDRED_MILLIS, 0, 0);
        add(1, 10, 1_000);
        add(5, 10, 1_010);
        add(9, 10, 1_020);

        assertThat(retained.seek(1_005)).isEqualTo(5);
        assertThat(retained.seek(1_010)).isEqualTo(5);
        assertThat(retained.seek(2_000)).isEqualTo(10);
    }

    @Test
    void countsAMessageWithoutATimeAsSentNow() {
        retained.rule(HUNDRED_MILLIS, 0, 0);

        retained.add(1, record(10, 0), 5_000, false);
        retained.add(2, record(10, 90_000), 5_000, false);

        assertThat(retained.trim(5_099)).isFalse();
        assertThat(retained.trim(5_100)).isTrue();
    }

    @Test
    void isTheSameAfterItWasWrittenDownAndCountsNothingTwice() {
        retained.rule(THIRTY_BYTES, 0, 0);
        for (int i = 1; i <= 4; i++) {
            add(i, 10, i);
        }
        retained.trim(5);
        assertThat(retained.takeChanged()).isTrue();
        assertThat(retained.takeChanged()).isFalse();

        Retained other = new Retained();
        other.restore(retained.state(), THIRTY_BYTES);
        other.add(4, record(10, 4), 5, true);

        assertThat(other.state()).isEqualTo(retained.state());
        assertThat(other.trim(6)).isFalse();
    }

    @Test
    void beginsAndEndsWithTheRule() {
        retained.rule(THIRTY_BYTES, 7, 1_000);
        assertThat(retained.keeps(6)).isFalse();
        assertThat(retained.keeps(7)).isTrue();
        assertThat(retained.reaches(1_000)).isFalse();

        retained.rule(Retention.NONE, 9, 2_000);

        assertThat(retained.keeps(8)).isFalse();
    }

    private boolean add(long position, int bytes, long sentAt) {
        return retained.add(position, record(bytes, sentAt), 1L << 40, false);
    }

    private static LogRecord record(int bytes, long sentAt) {
        List<Header> headers = List.of(new Header("a", new byte[] {1}));
        return new LogRecord(PARTITION, new byte[] {1}, headers, new byte[bytes - 3], sentAt);
    }
}
