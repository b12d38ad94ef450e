package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Claimed;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.GivenBack;
import io.mamba.queue.QueueEvent.Prepared;
import io.mamba.queue.QueueEvent.Requeued;
import io.mamba.queue.QueueEvent.Resolved;
import io.mamba.queue.QueueEvent.Settled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueEventCodecTest {
    private static final List<QueueEvent> ALL = List.of(
            new Delivered(0, 1),
            new Delivered(Long.MAX_VALUE, Integer.MAX_VALUE),
            new Settled(new long[] {5, 3, Long.MAX_VALUE, 0}),
            new Settled(new long[0]),
            new Prepared("a branch, größer als ASCII \uD83D\uDE00", new long[] {1, 2, 3}),
            new Resolved("branch", true),
            new Resolved("", false),
            new Resolved("late", false, 1_700_000_000_000L),
            new Claimed(new long[] {5, 3, Long.MAX_VALUE}, true),
            new Claimed(new long[] {7}, false),
            new GivenBack(new long[] {1, 2}, 0, null, false),
            new GivenBack(new long[] {1}, 1_700_000_000_000L, "größer als ASCII", true),
            new Buried(1234567890123L),
            new Expired(new long[] {1, 1000, 1_000_000}),
            new Requeued(List.of(
                    new Enqueued(5, 9, 0, 0, 0, new int[0]),
                    new Enqueued(3, 0, -1, 1_700_000_000_000L, 0, new int[0]),
                    new Enqueued(Long.MAX_VALUE, 4, 0, 0, 1, new int[0]))));

    @Test
    void readsWhatItWrote() {
        List<QueueEvent> read =
                QueueEventCodec.decode(QueueEventCodec.encode(0, ALL)).events();

        assertThat(read).usingRecursiveComparison().isEqualTo(ALL);
    }

    @Test
    void writesNeighboursCompactly() {
        long[] positions = new long[1000];
        Arrays.setAll(positions, i -> 1_000_000_000_000L + 30L * i);

        byte[] bytes = QueueEventCodec.encode(0, List.of(new Settled(positions)));

        assertThat(bytes).hasSizeLessThan(1020);
    }

    @Test
    void keepsItsFormat() {
        byte[] bytes = QueueEventCodec.encode(
                0, List.of(new Delivered(300, 2), new Prepared("b", new long[] {7, 5}), new Resolved("b", true)));

        assertThat(bytes).containsExactly(1, 1, 0xAC, 2, 2, 3, 1, 'b', 2, 14, 3, 4, 1, 'b', 1);
    }

    @Test
    void keepsItsFormatForAMemberOfASharedLog() {
        byte[] bytes = QueueEventCodec.encode(
                300,
                List.of(
                        new Claimed(new long[] {7, 5}, true),
                        new GivenBack(new long[] {5}, 2, "c", true),
                        new Resolved("b", false, 3)));

        assertThat(bytes).containsExactly(2, 0xAC, 2, 8, 1, 2, 14, 3, 9, 7, 1, 10, 2, 1, 'c', 4, 1, 'b', 2, 3);
        assertThat(QueueEventCodec.decode(bytes).member()).isEqualTo(300);
    }

    @Test
    void refusesToWriteWhatIsNeverLogged() {
        refusesToWrite(new QueueEvent.Ticked(1));
        refusesToWrite(new QueueEvent.Gone(1));
        refusesToWrite(new QueueEvent.Acquired(1, new long[] {1}));
        refusesToWrite(new QueueEvent.Enqueued(1, 4, 0, 0, 0, new int[0]));
    }

    private static void refusesToWrite(QueueEvent event) {
        assertThatThrownBy(() -> QueueEventCodec.encode(0, List.of(event)))
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        isCorrupt(new byte[0]);
        isCorrupt(new byte[] {2});
        isCorrupt(new byte[] {1, 99});
        isCorrupt(new byte[] {1, 1, 5});
    }

    @Test
    void refusesLengthsBeyondTheBytesWithoutTakingMemory() {
        isCorrupt(new byte[] {1, 2, -1, -1, -1, -1, 7});
        isCorrupt(new byte[] {1, 3, -1, -1, -1, -1, 7, 'b'});
        isCorrupt(new byte[] {1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1});
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        isCorrupt(new byte[] {1, 4, 1, -1, 0});
    }

    @Test
    void refusesPositionsBelowZero() {
        isCorrupt(new byte[] {1, 2, 1, 1});
    }

    @Test
    void readsAnyBytesAsEventsOrSaysThatTheyAreCorrupt() {
        Random random = new Random(11);
        byte[] whole = QueueEventCodec.encode(0, ALL);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                if (bytes.length > 0) {
                    bytes[0] = (byte) (1 + random.nextInt(2));
                }
            } else {
                bytes = whole.clone();
                bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
            }
            try {
                assertThat(QueueEventCodec.decode(bytes)).isNotNull();
            } catch (MambaException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    private static void isCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> QueueEventCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
