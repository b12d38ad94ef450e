package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.STOCK;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.keyed;
import static io.mamba.log.file.Journals.latest;
import static io.mamba.log.file.Journals.open;
import static io.mamba.log.file.Journals.record;
import static io.mamba.log.file.Journals.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.StoredRecord;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Death in every call of a checkpoint that copies records forward, by a kill or by a loss of power. */
class CopyForwardCrashTest {
    private static final int ROUNDS = 16;
    private static final int MOST_CALLS = 200;

    private final Random random = new Random(7);
    private final Map<Long, String> needed = new TreeMap<>();
    private FaultyStorage disk = new FaultyStorage();

    /** Old segments with one needed record each among many released ones; all before the last checkpoint. */
    private FileLog sparse() {
        disk = new FaultyStorage();
        needed.clear();
        FileLog log = open(disk);
        for (int round = 0; round < ROUNDS; round++) {
            long[] kept = log.appendAndWait(
                    batch(record(STOCK, "v" + round), keyed("k" + round, "v" + round)), Durability.DURABLE);
            needed.put(kept[0], "v" + round);
            for (int i = 0; i < 60; i++) {
                log.release(ORDERS, log.appendAndWait(batch(record(ORDERS, "x".repeat(1_000))), Durability.WRITTEN));
            }
        }
        log.checkpoint(Map.of());
        return log;
    }

    private static void checkpoint(FileLog log) {
        try {
            log.checkpoint(Map.of());
        } catch (MambaException died) {
            assertThat(died).isNotNull();
        }
    }

    private void verify(FileLog log) {
        log.retain(ORDERS, log.fence(ORDERS), LongStream.empty().iterator());
        log.retain(
                STOCK,
                log.fence(STOCK),
                needed.keySet().stream().mapToLong(Long::longValue).iterator());
        needed.forEach((position, value) -> {
            StoredRecord found = log.get(STOCK, position);
            assertThat(found == null ? "" : text(found)).isEqualTo(value);
        });
        Map<Long, String> read = new TreeMap<>();
        log.read(
                Map.of(STOCK, 0L),
                stored -> assertThat(read.put(stored.position(), text(stored))).isNull());
        assertThat(read).isEqualTo(needed);
        assertThat(latest(log)).hasSize(ROUNDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothing(boolean power) {
        boolean died = true;
        int calls = 0;
        for (; died && calls < MOST_CALLS; calls++) {
            FileLog log = sparse();
            disk.dieAfter(calls, () -> {});
            checkpoint(log);
            died = disk.isDead();
            FaultyStorage next = power ? disk.losePower(random) : disk.kill();

            try (FileLog again = open(next)) {
                verify(again);
                again.checkpoint(Map.of());
                again.checkpoint(Map.of());
                verify(again);
            }
            try (FileLog again = open(next)) {
                verify(again);
            }
        }
        assertThat(died).as("some checkpoint came to its end").isFalse();
        assertThat(calls).as("it did many things on the way").isGreaterThan(8);
    }
}
