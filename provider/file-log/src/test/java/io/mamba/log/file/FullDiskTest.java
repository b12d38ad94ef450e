package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.codeOf;
import static io.mamba.log.file.Journals.open;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Batch.Purpose;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FullDiskTest {
    private static final int KIB = 1 << 10;

    private final FaultyStorage disk = new FaultyStorage();

    private static LogRecord kib(int number) {
        return record(STOCK, number + "x".repeat(900));
    }

    /** How many batches of about 1 KiB go in before the next is refused. */
    private static int takes(FileLog log, Purpose purpose) {
        for (int i = 0; ; i++) {
            try {
                log.appendAndWait(Batch.of(List.of(kib(i)), purpose), Durability.WRITTEN);
            } catch (MambaException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT);
                return i;
            }
        }
    }

    @Test
    void givesHalfOfTheReserveToWhatMovesAndAllOfItToWhatSettles() {
        try (FileLog log = Journals.openFull(disk)) {
            int half = Journals.SEGMENT / 2 / KIB;

            assertThat(takes(log, Purpose.GROWING)).isZero();
            assertThat(takes(log, Purpose.MOVING)).isBetween(half - 4, half + 8);
            assertThat(takes(log, Purpose.MOVING)).isZero();
            assertThat(takes(log, Purpose.SETTLING)).isBetween(half - 4, half + 8);
            assertThat(takes(log, Purpose.GROWING)).isZero();
        }
    }

    @Test
    void saysWhereAndHowMuchAndWhatToDo() {
        try (FileLog log = Journals.openFull(disk)) {
            disk.limit(disk.bytes() + 777);

            assertThatThrownBy(() -> log.appendAndWait(batch(kib(0)), Durability.DURABLE))
                    .hasMessageContaining("faulty")
                    .hasMessageContaining("777 bytes are free")
                    .hasMessageContaining("let messages be consumed");
            takes(log, Purpose.SETTLING);
            assertThatThrownBy(() -> log.appendAndWait(Batch.of(List.of(kib(0)), Purpose.SETTLING), Durability.DURABLE))
                    .hasMessageContaining("The reserve is used up too")
                    .hasMessageContaining("free space on it");
        }
    }

    @Test
    void refillsTheReserveFromWhatIsReleasedBeforeAnythingNewIsTaken() {
        try (FileLog log = open(disk)) {
            disk.limit(disk.bytes() + 4 * Journals.SEGMENT);
            assertThat(takes(log, Purpose.GROWING)).isPositive();
            takes(log, Purpose.SETTLING);

            log.retain(STOCK, log.fence(STOCK), LongStream.empty().iterator());
            log.checkpoint(Map.of());
            log.checkpoint(Map.of());

            Journals.until("there is room", () -> !log.lowOnSpace());
            int reserve = Journals.SEGMENT / KIB;
            assertThat(takes(log, Purpose.GROWING)).isPositive();
            assertThat(takes(log, Purpose.SETTLING)).isGreaterThanOrEqualTo(reserve - 4);
        }
    }

    @Test
    void keepsWhatWasTakenAndNothingThatWasRefused() {
        FileLog log = Journals.openFull(disk);
        List<String> before = values(log, ORDERS);
        assertThatThrownBy(() -> log.appendAndWait(batch(record(ORDERS, "refused")), Durability.DURABLE))
                .isInstanceOf(MambaException.class);
        assertThatThrownBy(() -> log.appendAndWait(
                        batch(record(ORDERS, "y".repeat(20_000)), record(ORDERS, "refused, in pieces")),
                        Durability.DURABLE))
                .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.RESOURCE_LIMIT));
        log.appendAndWait(Batch.of(List.of(record(ORDERS, "settled")), Purpose.SETTLING), Durability.DURABLE);

        disk.limit(Long.MAX_VALUE);
        Journals.until("sends resume", () -> {
            try {
                log.appendAndWait(batch(record(ORDERS, "y".repeat(6_000))), Durability.DURABLE);
                return true;
            } catch (MambaException e) {
                return codeOf(e) != ErrorCode.RESOURCE_LIMIT;
            }
        });

        List<String> expected = new ArrayList<>(before);
        expected.add("settled");
        expected.add("y".repeat(6_000));
        try (FileLog again = open(disk.kill())) {
            assertThat(values(again, ORDERS)).isEqualTo(expected);
        }
    }

    @Test
    void takesSegmentsBackAsSoonAsNothingInThemIsNeeded() {
        try (FileLog log = open(disk)) {
            disk.limit(disk.bytes() + 4 * Journals.SEGMENT);
            assertThat(takes(log, Purpose.GROWING)).isPositive();
            log.checkpoint(Map.of());

            log.retain(STOCK, log.fence(STOCK), LongStream.empty().iterator());

            Journals.until("there is room", () -> !log.lowOnSpace());
            assertThat(takes(log, Purpose.GROWING)).isPositive();
        }
    }

    @Test
    void writesACheckpointWhereNotOneByteIsFree() {
        FileLog log = Journals.openFull(disk);
        disk.limit(disk.bytes());
        assertThat(disk.free()).isZero();

        log.checkpoint(Map.of());

        assertThat(log.bytesSinceCheckpoint()).isZero();
        log.appendAndWait(Batch.of(List.of(kib(0)), Purpose.SETTLING), Durability.DURABLE);
        try (FileLog again = open(disk.kill())) {
            assertThat(values(again, STOCK)).hasSize(1);
        }
    }

    @Nested
    class WhereEvenPlacesFilledAheadTakeNewBlocks {
        @Test
        void whatIsBeingWrittenWaitsForSpaceAndNothingElseIsTaken() {
            FileLog log = Journals.openFilled(disk);
            log.appendAndWait(batch(kib(0)), Durability.DURABLE);
            disk.withoutBlocks(true);
            CompletableFuture<long[]> waiting = log.append(batch(kib(1)), Durability.DURABLE);
            Journals.until("it is known", log::lowOnSpace);

            assertThatThrownBy(() -> log.appendAndWait(batch(kib(2)), Durability.DURABLE))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.RESOURCE_LIMIT));
            assertThatThrownBy(() -> log.appendAndWait(Batch.of(List.of(kib(3)), Purpose.MOVING), Durability.DURABLE))
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.RESOURCE_LIMIT));
            CompletableFuture<long[]> settling =
                    log.append(Batch.of(List.of(kib(4)), Purpose.SETTLING), Durability.DURABLE);
            assertThat(waiting).isNotDone();
            disk.withoutBlocks(false);

            waiting.join();
            settling.join();
            Journals.until("there is room", () -> !log.lowOnSpace());
            log.appendAndWait(batch(kib(5)), Durability.DURABLE);
            try (FileLog again = open(disk.kill())) {
                assertThat(values(again, STOCK))
                        .extracting(value -> value.charAt(0))
                        .containsExactly('0', '1', '4', '5');
            }
        }

        @Test
        void whatWasAcknowledgedSurvivesADeathAmidst() {
            FileLog log = Journals.openFilled(disk);
            log.appendAndWait(batch(kib(0)), Durability.DURABLE);
            disk.withoutBlocks(true);
            CompletableFuture<long[]> torn = log.append(batch(kib(1)), Durability.DURABLE);
            Journals.until("it is known", log::lowOnSpace);

            FaultyStorage next = disk.kill();

            next.withoutBlocks(false);
            try (FileLog again = open(next)) {
                assertThat(values(again, STOCK)).hasSize(1);
                again.appendAndWait(batch(kib(2)), Durability.DURABLE);
                assertThat(values(again, STOCK)).hasSize(2);
            }
            assertThatThrownBy(torn::join).hasCauseInstanceOf(MambaException.class);
        }

        @Test
        void closingDoesNotWaitForSpace() {
            FileLog log = Journals.openFilled(disk);
            disk.withoutBlocks(true);
            CompletableFuture<long[]> lost = log.append(batch(kib(1)), Durability.DURABLE);
            Journals.until("it is known", log::lowOnSpace);

            assertThatThrownBy(log::close)
                    .satisfies(error -> assertThat(codeOf(error)).isEqualTo(ErrorCode.LOG_FAILED));

            assertThatThrownBy(lost::join).hasCauseInstanceOf(MambaException.class);
        }
    }
}
