package io.mamba.log.file;

import static io.mamba.log.file.Journals.KEYED;
import static io.mamba.log.file.Journals.OPTIONS;
import static io.mamba.log.file.Journals.ORDERS;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is promised for each fault of a disk, beside what {@link RecoveryTest}, {@link PowerLossTest} and {@link
 * FullDiskTest} say; the table in {@code docs/log-format.md} names the tests.
 */
class StorageFaultTest {
    private FaultyStorage disk = new FaultyStorage();

    private static void send(FileLog log, String value) {
        log.appendAndWait(batch(record(ORDERS, value)), Durability.DURABLE);
    }

    /** Refuses everything, with the error that means: open it again. */
    private static void assertFailed(FileLog log) {
        for (Durability level : Durability.values()) {
            assertThatThrownBy(() -> log.appendAndWait(batch(record(ORDERS, "later")), level))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED))
                    .hasMessageContaining("open the log again");
        }
        assertThatThrownBy(() -> log.checkpoint(Map.of()))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));
    }

    @Nested
    class AWriteCutShort {
        @Test
        void failsTheLogAndTheBatchIsWholeOrGoneWhenItIsOpenedAgain() {
            FileLog log = Journals.openFilled(disk);
            send(log, "safe");
            disk.cutNextWriteShort();

            assertThatThrownBy(() -> log.appendAndWait(
                            batch(record(ORDERS, "cut"), record(ORDERS, "x".repeat(2_000))), Durability.WRITTEN))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));

            assertFailed(log);
            log.close();
            try (FileLog again = open(disk.kill())) {
                assertThat(values(again, ORDERS)).containsExactly("safe");
                send(again, "next");
            }
        }

        @Test
        void ofACheckpointLeavesTheOneBeforeInForce() {
            FileLog log = Journals.openFilled(disk);
            send(log, "safe");
            log.checkpoint(Map.of());
            disk.cutNextWriteShort();

            assertThatThrownBy(() -> log.checkpoint(Map.of()))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.RESOURCE_LIMIT))
                    .hasMessageContaining("the one before stays in force");

            send(log, "goes on");
            try (FileLog again = open(disk.kill())) {
                assertThat(values(again, ORDERS)).containsExactly("safe", "goes on");
            }
        }
    }

    @Nested
    class AForceThatFails {
        @Test
        void isNotTriedAgainAndNothingIsAcknowledgedAfterIt() {
            FileLog log = open(disk);
            send(log, "safe");
            disk.failNextForce();

            assertThatThrownBy(() -> send(log, "unknown"))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED))
                    .hasRootCauseMessage("a force failed by a test");

            int forces = disk.forces();
            assertFailed(log);
            log.close();
            assertThat(disk.forces()).isEqualTo(forces);
        }

        @Test
        void takesNothingFromWhatWasAcknowledgedBefore() {
            for (long seed = 1; seed <= 50; seed++) {
                disk = new FaultyStorage();
                FileLog log = open(disk);
                send(log, "safe");
                disk.failNextForce();
                assertThatThrownBy(() -> send(log, "unknown")).isInstanceOf(MambaException.class);
                log.close();

                try (FileLog again = open(disk.losePower(new Random(seed)))) {
                    assertThat(values(again, ORDERS))
                            .isSubsetOf("safe", "unknown")
                            .startsWith("safe");
                }
            }
        }
    }

    /** Nothing can be kept then; but what is read was written, in order and without a gap, or it is an error. */
    @Nested
    class AForceThatLies {
        @Test
        void losesTheEndOrIsFoundOutAndNeverGivesAnythingElse() {
            List<String> sent = new ArrayList<>();
            int lost = 0;
            int found = 0;
            for (int i = 0; i < 80; i++) {
                sent.add("m" + i + "x".repeat(1_500));
            }
            for (long seed = 1; seed <= 60; seed++) {
                Random random = new Random(seed);
                disk = new FaultyStorage();
                FileLog log = open(disk);
                disk.lie();
                int count = 1 + random.nextInt(sent.size());
                for (String value : sent.subList(0, count)) {
                    send(log, value);
                }
                if (random.nextBoolean()) {
                    log.checkpoint(Map.of());
                }
                FaultyStorage after = disk.losePower(random);
                Journals.closeDead(log);

                try (FileLog again = open(after)) {
                    List<String> there = values(again, ORDERS);
                    assertThat(there).isEqualTo(sent.subList(0, there.size()));
                    lost += there.size() < count ? 1 : 0;
                } catch (MambaException loud) {
                    assertThat(loud.code()).isEqualTo(ErrorCode.CORRUPT);
                    found++;
                }
            }
            assertThat(lost).isPositive();
            assertThat(found).isPositive();
        }
    }

    @Nested
    class AFullDisk {
        @Test
        void cannotBeOpenedUntilThereIsRoomAndHasLostNothing() {
            FileLog log = open(disk);
            send(log, "safe");
            log.close();
            disk.limit(disk.bytes());

            assertThatThrownBy(() -> FileLog.open(disk, KEYED, OPTIONS, () -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");

            disk.limit(Long.MAX_VALUE);
            try (FileLog again = open(disk)) {
                assertThat(values(again, ORDERS)).containsExactly("safe");
            }
        }
    }

    @Nested
    class AReadOnlyDisk {
        @Test
        void failsTheLogAtTheNextWriteAndKeepsWhatIsThere() {
            FileLog log = Journals.openFilled(disk);
            send(log, "safe");
            disk.makeReadOnly();

            assertThatThrownBy(() -> send(log, "unknown"))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED))
                    .hasRootCauseMessage("Read-only file system");

            assertFailed(log);
            log.close();
            assertThatThrownBy(() -> FileLog.open(disk, KEYED, OPTIONS, () -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Read-only file system");
            try (FileLog again = open(disk.kill())) {
                assertThat(values(again, ORDERS)).containsExactly("safe");
            }
        }

        @Test
        void isRefusedWithTheDirectoryAndTheCauseWhenItIsOpened(@TempDir Path directory) throws IOException {
            FileLog.open(directory, KEYED, OPTIONS).close();
            // As root may write everywhere: a directory where the file must go.
            Files.createDirectory(directory.resolve(Epochs.FILE + ".tmp"));

            assertThatThrownBy(() -> FileLog.open(directory, KEYED, OPTIONS))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("is it writable");
        }
    }

    @Nested
    class ADirectoryThatVanishes {
        @Test
        void failsTheLogWhenItNextNeedsAFile() {
            FileLog log = open(disk);
            send(log, "gone with it");
            disk.vanish();

            assertThatThrownBy(() -> log.checkpoint(Map.of()))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED))
                    .hasMessageContaining("Could not find the files of the journal");

            assertFailed(log);
            log.close();
        }

        @Test
        void failsTheLogBeforeItGoesOnInAnotherSegment() {
            FileLog log = open(disk);
            disk.vanish();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10 * Journals.SEGMENT / 1_000; i++) {
                            send(log, "x".repeat(1_000));
                        }
                    })
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));

            log.close();
        }

        @Test
        void isNoticedOnARealDiskAndCanBeOpenedAnewAfterwards(@TempDir Path parent) throws IOException {
            Path directory = parent.resolve("log");
            FileLog log = FileLog.open(directory, KEYED, OPTIONS);
            send(log, "gone with it");
            log.checkpoint(Map.of());
            Journals.until("the segments filled ahead are there", () -> deleted(directory));

            assertThatThrownBy(() -> log.checkpoint(Map.of()))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));

            log.close();
            try (FileLog again = FileLog.open(directory, KEYED, OPTIONS)) {
                assertThat(values(again, ORDERS)).isEmpty();
            }
        }

        /** Whatever is being created meanwhile makes it another try. */
        private static boolean deleted(Path directory) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
                Files.delete(directory);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        }
    }

    /** Of directories: changes that were not forced are there or not, those of one file in their order. */
    @Nested
    class LostDirectoryEntries {
        @Test
        void loseNothingThatWasAcknowledgedNorBringBackWhatWasSuperseded() {
            for (long seed = 1; seed <= 100; seed++) {
                Random random = new Random(seed);
                disk = new FaultyStorage();
                FileLog log = open(disk);
                String key = "";
                for (int i = 0; i < 60 + random.nextInt(100); i++) {
                    key = "v" + i;
                    long[] positions = log.appendAndWait(
                            batch(record(ORDERS, "x".repeat(2_500)), keyed("k", key)), Durability.DURABLE);
                    log.release(ORDERS, new long[] {positions[0]});
                    if (random.nextInt(20) == 0) {
                        log.checkpoint(Map.of());
                    }
                }
                FaultyStorage after = disk.losePower(random);
                Journals.closeDead(log);

                try (FileLog again = open(after)) {
                    assertThat(latest(again)).as("seed %d", seed).isEqualTo(Map.of("k", key));
                }
            }
        }
    }
}
