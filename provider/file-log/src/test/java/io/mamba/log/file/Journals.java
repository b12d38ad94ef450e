package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the tests of the journal share: opening over a faulty disk, records, reading back. */
final class Journals {
    static final Partition ORDERS = new Partition("queue.orders", 0);
    static final Partition STOCK = new Partition("queue.stock", 0);
    static final Partition STATE = new Partition("mamba.state", 0);
    static final Set<String> KEYED = Set.of("mamba.state");
    static final int SEGMENT = 64 << 10;
    static final FileLogOptions OPTIONS = FileLogOptions.defaults().withSegmentBytes(SEGMENT);

    private Journals() {}

    static FileLog open(FaultyStorage storage) {
        try {
            return FileLog.open(storage, KEYED, OPTIONS, () -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A log whose segments ahead are filled: who writes next is the test. */
    static FileLog openFilled(FaultyStorage disk) {
        FileLog log = open(disk);
        until("the reserve is filled", () -> segments(disk) >= 3);
        return log;
    }

    /** A log on a disk that is full but for the log's reserve. */
    static FileLog openFull(FaultyStorage disk) {
        FileLog log = openFilled(disk);
        disk.limit(disk.bytes());
        until("only the reserve is left", () -> {
            try {
                log.appendAndWait(batch(record(ORDERS, "x")), Durability.NONE);
                return false;
            } catch (MambaException e) {
                return codeOf(e) == ErrorCode.RESOURCE_LIMIT;
            }
        });
        return log;
    }

    private static long segments(FaultyStorage disk) {
        try {
            return disk.list().stream().filter(Segment::isSegment).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the threads of a log whose process or disk is dead by now. */
    static void closeDead(FileLog log) {
        try {
            log.close();
        } catch (MambaException failed) {
            if (failed.code() != ErrorCode.LOG_FAILED) {
                throw failed;
            }
        }
    }

    static LogRecord record(Partition partition, String value) {
        return new LogRecord(partition, null, List.of(), value.getBytes(UTF_8), 1);
    }

    static LogRecord keyed(String key, @Nullable String value) {
        return new LogRecord(STATE, key.getBytes(UTF_8), List.of(), value == null ? null : value.getBytes(UTF_8), 1);
    }

    static Batch batch(LogRecord... records) {
        return Batch.of(List.of(records));
    }

    static String text(StoredRecord stored) {
        byte[] value = stored.record().value();
        return value == null ? "" : new String(value, UTF_8);
    }

    static List<String> values(Log log, Partition partition) {
        List<String> found = new ArrayList<>();
        log.read(Map.of(partition, 0L), stored -> found.add(text(stored)));
        return found;
    }

    static Map<String, String> latest(Log log) {
        Map<String, String> found = new TreeMap<>();
        log.latest(STATE, stored -> {
            byte[] key = stored.record().key();
            if (key != null) {
                found.put(new String(key, UTF_8), text(stored));
            }
        });
        return found;
    }

    static ErrorCode codeOf(Throwable error) {
        return ((MambaException) error).code();
    }

    /** Waits for another thread to get somewhere; fails after a minute, so that a defect does not hang the build. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected that " + what + ", but it did not come");
            }
            Thread.onSpinWait();
        }
    }
}
