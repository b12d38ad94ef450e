package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STATE;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.codeOf;
import static io.mamba.log.file.Journals.keyed;
import static io.mamba.log.file.Journals.latest;
import static io.mamba.log.file.Journals.open;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private FaultyStorage storage = new FaultyStorage();

    private static String segment(long position) {
        return Segment.fileName(position / Journals.SEGMENT * Journals.SEGMENT);
    }

    /** Where the frame of a record begins, whose batch has no definitions and only this record. */
    private static int frameOf(long position) {
        return (int) (position % Journals.SEGMENT) - Frame.HEADER - 2;
    }

    @Nested
    class ATornTail {
        @Test
        void isCutWhereverItIsTorn() {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a"), record(STOCK, "a")), Durability.DURABLE);
            long[] torn = log.appendAndWait(batch(record(ORDERS, "b"), record(STOCK, "b")), Durability.WRITTEN);
            FaultyStorage killed = storage.kill();
            int start = frameOf(torn[0]);
            int end = (int) (torn[1] - torn[0]) * 2 + Frame.HEADER + 2 + start;
            Random random = new Random(5);

            for (int cut = start; cut < end; cut++) {
                FaultyStorage next = killed.copy();
                byte[] content = next.content(segment(torn[0]));
                if (cut % 2 == 0) {
                    Arrays.fill(content, cut, end, (byte) 0);
                } else {
                    byte[] garbage = new byte[end - cut];
                    random.nextBytes(garbage);
                    garbage[0] = (byte) (content[cut] + 1);
                    System.arraycopy(garbage, 0, content, cut, garbage.length);
                }
                try (FileLog again = open(next)) {
                    assertThat(values(again, ORDERS)).as("cut at %d", cut).containsExactly("a");
                    assertThat(values(again, STOCK)).containsExactly("a");
                    again.appendAndWait(batch(record(ORDERS, "c")), Durability.DURABLE);
                    assertThat(values(again, ORDERS)).containsExactly("a", "c");
                }
                try (FileLog again = open(next)) {
                    assertThat(values(again, ORDERS)).containsExactly("a", "c");
                    assertThat(values(again, STOCK)).containsExactly("a");
                }
            }
        }

        @Test
        void hidesWholeFramesBehindIt() {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            long[] torn = log.appendAndWait(batch(record(ORDERS, "b")), Durability.WRITTEN);
            log.appendAndWait(batch(record(ORDERS, "c")), Durability.WRITTEN);
            FaultyStorage killed = storage.kill();
            killed.content(segment(torn[0]))[(int) torn[0] + 3] ^= 1;

            FileLog again = open(killed);
            assertThat(values(again, ORDERS)).containsExactly("a");
            again.appendAndWait(batch(record(ORDERS, "d")), Durability.WRITTEN);
            try (FileLog last = open(killed.kill())) {
                assertThat(values(last, ORDERS)).containsExactly("a", "d");
            }
            assertThatThrownBy(again::close)
                    .satisfies(e -> assertThat(codeOf(e)).isEqualTo(ErrorCode.LOG_FAILED));
        }

        @Test
        void ofALargeBatchLeavesNothingOfIt() {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            long[] large = log.appendAndWait(
                    batch(record(ORDERS, "x".repeat(30_000)), record(STOCK, "y".repeat(20_000))), Durability.WRITTEN);
            FaultyStorage killed = storage.kill();
            FaultyStorage whole = killed.copy();
            killed.content(segment(large[0]))[(int) (large[0] % Journals.SEGMENT)] ^= 4;

            try (FileLog again = open(killed)) {
                assertThat(values(again, ORDERS)).containsExactly("a");
                assertThat(values(again, STOCK)).isEmpty();
            }
            try (FileLog again = open(whole)) {
                assertThat(values(again, ORDERS)).hasSize(2);
                assertThat(values(again, STOCK)).hasSize(1);
            }
        }
    }

    @Nested
    class Damage {
        @Test
        void beforeThePositionKnownDurableIsAnErrorThatNamesFileAndOffset() {
            FileLog log = open(storage);
            long[] first = log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            long[] second = log.appendAndWait(batch(record(ORDERS, "b")), Durability.DURABLE);
            log.appendAndWait(batch(record(ORDERS, "c")), Durability.DURABLE);
            FaultyStorage killed = storage.kill();

            for (long at = frameOf(second[0]); at < second[0] + 20; at++) {
                FaultyStorage damaged = killed.copy();
                damaged.content(segment(first[0]))[(int) at] ^= 0x10;
                assertThatThrownBy(() -> open(damaged))
                        .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT))
                        .hasMessageContaining(segment(first[0]))
                        .hasMessageContaining("offset " + frameOf(second[0]));
            }
        }

        @Test
        void ofAnythingAfterACleanCloseIsAnError() throws Exception {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            log.checkpoint(Map.of());
            long[] last = log.appendAndWait(batch(record(ORDERS, "b")), Durability.DURABLE);
            log.close();
            storage.list().stream()
                    .filter(Checkpoint::isCheckpoint)
                    .max(String::compareTo)
                    .ifPresent(newest -> storage.content(newest)[10] ^= 1);
            storage.content(segment(last[0]))[(int) last[0] + 2] ^= 1;

            assertThatThrownBy(() -> open(storage))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT));
        }

        @Test
        void ofARecordBeforeTheCheckpointShowsWhenItIsRead() {
            FileLog log = open(storage);
            long[] position = log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            log.close();
            storage.content(segment(position[0]))[(int) position[0] + 12] ^= 1;

            try (FileLog again = open(storage)) {
                assertThatThrownBy(() -> again.get(ORDERS, position[0]))
                        .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT))
                        .hasMessageContaining(segment(position[0]));
            }
        }

        @Test
        void ofTheNewestCheckpointGoesBackToTheOneBefore() throws Exception {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a"), keyed("k", "1")), Durability.DURABLE);
            log.checkpoint(Map.of());
            log.appendAndWait(batch(record(ORDERS, "b"), keyed("k", "2"), keyed("gone", "1")), Durability.DURABLE);
            log.checkpoint(Map.of());
            log.appendAndWait(batch(record(ORDERS, "c"), keyed("gone", null)), Durability.WRITTEN);
            FaultyStorage killed = storage.kill();
            List<String> checkpoints =
                    killed.list().stream().filter(Checkpoint::isCheckpoint).toList();
            assertThat(checkpoints).hasSize(2);
            killed.content(checkpoints.get(1))[50] ^= 1;

            try (FileLog again = open(killed)) {
                assertThat(values(again, ORDERS)).containsExactly("a", "b", "c");
                assertThat(latest(again)).isEqualTo(Map.of("k", "2"));
            }
        }

        @Test
        void ofBothCheckpointsIsAnError() throws Exception {
            FileLog log = open(storage);
            log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            log.checkpoint(Map.of());
            log.checkpoint(Map.of());
            FaultyStorage killed = storage.kill();
            killed.list().stream().filter(Checkpoint::isCheckpoint).forEach(file -> killed.content(file)[50] ^= 1);

            assertThatThrownBy(() -> open(killed))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT));
        }

        @Test
        void ofTheFileOfEpochsIsAnError() {
            open(storage).close();
            storage.content(Epochs.FILE)[Epochs.FILE.length()] ^= 1;

            assertThatThrownBy(() -> open(storage))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT))
                    .hasMessageContaining(Epochs.FILE);
        }

        @Test
        void byAMissingSegmentIsAnError() throws Exception {
            FileLog log = open(storage);
            long[] position = log.appendAndWait(batch(record(ORDERS, "a")), Durability.DURABLE);
            log.close();
            storage.delete(segment(position[0]));

            assertThatThrownBy(() -> open(storage))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    @Test
    void keepsAKeyForgottenWhoseTombstoneWasScannedOrLiesBeforeTheCheckpoint() {
        FileLog log = open(storage);
        log.appendAndWait(batch(keyed("a", "1"), keyed("b", "1"), keyed("c", "1")), Durability.DURABLE);
        log.appendAndWait(batch(keyed("a", null)), Durability.DURABLE);
        log.checkpoint(Map.of());
        log.appendAndWait(batch(keyed("b", null), keyed("a", "2"), keyed("d", null)), Durability.WRITTEN);
        log.appendAndWait(batch(keyed("a", null)), Durability.WRITTEN);

        FileLog again = open(storage.kill());

        assertThat(latest(again)).isEqualTo(Map.of("c", "1"));
        again.close();
    }

    @Test
    void tellsFramesOfRecycledSegmentsFromNewOnes() {
        FileLog log = open(storage);
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            List<Long> positions = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String value = round + "-" + i + "-" + "x".repeat(1_000);
                positions.add(log.appendAndWait(batch(record(ORDERS, value)), Durability.WRITTEN)[0]);
                expected.add(value);
            }
            log.release(ORDERS, positions.stream().mapToLong(Long::longValue).toArray());
            log.checkpoint(Map.of());
            log.checkpoint(Map.of());
        }
        assertThat(storage.bytes()).isLessThan(12L * Journals.SEGMENT);
        log.appendAndWait(batch(record(ORDERS, "last")), Durability.WRITTEN);

        storage = storage.kill();

        try (FileLog again = open(storage)) {
            List<String> found = values(again, ORDERS);
            assertThat(found).endsWith("last");
            assertThat(expected).endsWith(found.subList(0, found.size() - 1).toArray(String[]::new));
        }
    }

    @Test
    void startsFromTheCheckpointAndStillFindsWhatLiesBefore() throws Exception {
        FileLog log = open(storage);
        long[] kept = log.appendAndWait(batch(record(ORDERS, "kept"), keyed("k", "kept")), Durability.DURABLE);
        for (int i = 0; i < 300; i++) {
            long[] position = log.appendAndWait(batch(record(ORDERS, "x".repeat(1_000))), Durability.WRITTEN);
            log.release(ORDERS, position);
        }
        log.checkpoint(Map.of());
        log.checkpoint(Map.of());
        assertThat(storage.list()).contains(segment(kept[0])).doesNotContain(Segment.fileName(2L * Journals.SEGMENT));

        try (FileLog again = open(storage.kill())) {
            again.retain(ORDERS, again.fence(ORDERS), LongStream.of(kept[0]).iterator());
            again.checkpoint(Map.of());
            assertThat(values(again, ORDERS)).startsWith("kept");
            assertThat(latest(again)).isEqualTo(Map.of("k", "kept"));
            assertThat(again.partitions()).contains(ORDERS, STATE);
        }
    }

    @Test
    void passesOverTheUnusedRestOfASegmentHoweverLongItIs() throws IOException {
        FileLogOptions options = FileLogOptions.defaults().withSegmentBytes(2 << 20);
        List<String> sent = Collections.nCopies(12, "x".repeat(200 << 10));
        try (FileLog log = FileLog.open(storage, Journals.KEYED, options, () -> {})) {
            sent.forEach(value -> log.appendAndWait(batch(record(ORDERS, value)), Durability.WRITTEN));
            storage = storage.kill();
        } catch (MambaException killed) {
            assertThat(killed.code()).isEqualTo(ErrorCode.LOG_FAILED);
        }

        try (FileLog again = FileLog.open(storage, Journals.KEYED, options, () -> {})) {
            assertThat(values(again, ORDERS)).isEqualTo(sent);
        }
    }
}
