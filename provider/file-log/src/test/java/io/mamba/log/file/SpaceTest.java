package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STATE;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.keyed;
import static io.mamba.log.file.Journals.latest;
import static io.mamba.log.file.Journals.open;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.text;
import static io.mamba.log.file.Journals.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Durability;
import io.mamba.log.StoredRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpaceTest {
    private static final int BOUND = 16 * Journals.SEGMENT;

    private final FaultyStorage storage = new FaultyStorage();

    /** Half a segment of records that are released at once. */
    private static void traffic(FileLog log) {
        for (int i = 0; i < 32; i++) {
            long[] position = log.appendAndWait(batch(record(ORDERS, "x".repeat(1_000))), Durability.WRITTEN);
            log.release(ORDERS, position);
        }
    }

    @Test
    void recordsOfKeysAreCopiedForwardUnderTheirOldPositions() {
        FileLog log = open(storage);
        List<Long> positions = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            positions.add(log.appendAndWait(batch(keyed("k" + round, "v" + round)), Durability.DURABLE)[0]);
            traffic(log);
            log.checkpoint(Map.of());
        }
        assertThat(storage.bytes()).isLessThan(BOUND);
        log.appendAndWait(batch(keyed("k7", "changed"), keyed("k8", null)), Durability.DURABLE);

        FaultyStorage killed = storage.kill();

        try (FileLog again = open(killed)) {
            again.retain(ORDERS, again.fence(ORDERS), LongStream.empty().iterator());
            assertThat(latest(again)).hasSize(99).containsEntry("k3", "v3").containsEntry("k7", "changed");
            assertThat(text(found(again.get(STATE, positions.get(3))))).isEqualTo("v3");
            List<StoredRecord> read = new ArrayList<>();
            again.read(Map.of(STATE, 0L), read::add);
            assertThat(read).extracting(StoredRecord::position).isSorted().doesNotHaveDuplicates();
            assertThat(read)
                    .extracting(Journals::text)
                    .contains("v3", "v99", "changed")
                    .doesNotContain("v7");
            for (int round = 0; round < 40; round++) {
                traffic(again);
                again.checkpoint(Map.of());
            }
            assertThat(killed.bytes()).isLessThan(BOUND);
            assertThat(latest(again)).hasSize(99);
        }
        try (FileLog last = open(killed)) {
            assertThat(latest(last)).hasSize(99).containsEntry("k99", "v99");
            assertThat(text(found(last.get(STATE, positions.get(0))))).isEqualTo("v0");
        }
    }

    @Test
    void recordsWithoutKeysAreCopiedForwardUnderTheirOldPositions() {
        FileLog log = open(storage);
        List<Long> positions = new ArrayList<>();
        long most = 0;
        for (int round = 0; round < 100; round++) {
            positions.add(log.appendAndWait(batch(record(STOCK, "v" + round)), Durability.DURABLE)[0]);
            traffic(log);
            log.checkpoint(Map.of());
            most = Math.max(most, storage.bytes());
        }
        assertThat(most).isLessThan(BOUND);
        log.release(STOCK, new long[] {positions.get(7)});
        assertNeeded(log, positions);

        FaultyStorage killed = storage.kill();

        try (FileLog again = open(killed)) {
            again.retain(ORDERS, again.fence(ORDERS), LongStream.empty().iterator());
            again.retain(STOCK, again.fence(STOCK), needed(positions).iterator());
            assertNeeded(again, positions);
            for (int round = 0; round < 40; round++) {
                traffic(again);
                again.checkpoint(Map.of());
            }
            assertThat(killed.bytes()).isLessThan(BOUND);
            assertNeeded(again, positions);
        }
        try (FileLog last = open(killed)) {
            assertThat(text(found(last.get(STOCK, positions.get(99))))).isEqualTo("v99");
            last.retain(STOCK, last.fence(STOCK), LongStream.empty().iterator());
            assertThat(values(last, STOCK)).doesNotContain("v3");
        }
    }

    @Test
    void aDeclarationUpToTheMiddleOfASegmentLeavesWhatStandsBehindItAsItWasDeclaredBefore() throws IOException {
        List<Long> positions = new ArrayList<>();
        try (FileLog log = open(storage)) {
            for (int round = 0; round < 16; round++) {
                positions.add(log.appendAndWait(batch(record(STOCK, "a" + round)), Durability.DURABLE)[0]);
                positions.add(log.appendAndWait(batch(record(STOCK, "b" + round)), Durability.DURABLE)[0]);
                traffic(log);
                traffic(log);
            }
        }
        try (FileLog again = open(storage)) {
            long[] all = positions.stream().mapToLong(Long::longValue).toArray();
            again.retain(ORDERS, again.fence(ORDERS), LongStream.empty().iterator());
            again.retain(STOCK, again.fence(STOCK), LongStream.of(all).iterator());
            again.retain(STOCK, all[17], LongStream.of(all).limit(17).iterator());
            for (int round = 0; round < 20; round++) {
                traffic(again);
                again.checkpoint(Map.of());
            }
            assertThat(storage.list()).doesNotContain(Segment.fileName(all[17] / Journals.SEGMENT * Journals.SEGMENT));

            for (int i = 0; i < all.length; i++) {
                assertThat(text(found(again.get(STOCK, all[i])))).isEqualTo((i % 2 == 0 ? "a" : "b") + i / 2);
            }
        }
    }

    private static LongStream needed(List<Long> positions) {
        return LongStream.range(0, positions.size()).filter(i -> i != 7).map(i -> positions.get((int) i));
    }

    /** All but the one of round 7, by position and in order. */
    private static void assertNeeded(FileLog log, List<Long> positions) {
        for (int i = 0; i < positions.size(); i++) {
            if (i != 7) {
                assertThat(text(found(log.get(STOCK, positions.get(i))))).isEqualTo("v" + i);
            }
        }
        List<StoredRecord> read = new ArrayList<>();
        log.read(Map.of(STOCK, 0L), read::add);
        assertThat(read).extracting(StoredRecord::position).isSorted().doesNotHaveDuplicates();
        assertThat(read)
                .extracting(StoredRecord::position)
                .containsAll(needed(positions).boxed().toList());
        List<Long> told = new ArrayList<>();
        log.tail(STOCK, positions.get(50), (partition, records, next) -> records.forEach(r -> told.add(r.position())))
                .close();
        assertThat(told).isEqualTo(positions.subList(50, 100));
    }

    @Test
    void aPartitionWhoseOwnerNamesOnlyTheNeededGivesBackTheRest() {
        FileLog log = open(storage);
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            positions.add(log.appendAndWait(batch(record(STOCK, i + "x".repeat(1_000))), Durability.WRITTEN)[0]);
        }
        log.close();

        try (FileLog again = open(storage)) {
            again.checkpoint(Map.of());
            assertThat(values(again, STOCK)).hasSize(600);
            again.retain(
                    STOCK, again.fence(STOCK), LongStream.of(positions.get(599)).iterator());
            again.checkpoint(Map.of());
            again.checkpoint(Map.of());
            assertThat(storage.bytes()).isLessThan(BOUND);
            assertThat(text(found(again.get(STOCK, positions.get(599))))).startsWith("599x");
            assertThat(again.get(STOCK, positions.get(0))).isNull();
        }
    }

    @Test
    void positionsStillReadFromKeepTheirSegments() {
        FileLog log = open(storage);
        long[] first = log.appendAndWait(batch(record(ORDERS, "first")), Durability.DURABLE);
        log.release(ORDERS, first);
        log.checkpoint(Map.of(ORDERS, first[0]));
        for (int i = 0; i < 6; i++) {
            traffic(log);
        }
        log.checkpoint(Map.of());
        log.checkpoint(Map.of());
        assertThat(values(log, ORDERS)).hasSize(1 + 6 * 32);

        log.checkpoint(Map.of(ORDERS, log.fence(ORDERS)));

        assertThat(values(log, ORDERS).size()).isLessThan(1 + 6 * 32);
        log.close();
    }

    private static StoredRecord found(@Nullable StoredRecord stored) {
        if (stored == null) {
            throw new AssertionError("Expected a record, but it is gone");
        }
        return stored;
    }
}
