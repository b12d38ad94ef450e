package io.mamba.log.file;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The journal over a disk that fails, for tests of what stands on it: without threads or time of its own, so that the
 * same program comes to the same end each time. Owned by the test's thread.
 */
public final class SimulatedJournal {
    private static final int SEGMENT = 64 << 10;
    private static final FileLogOptions OPTIONS = FileLogOptions.defaults().withSegmentBytes(SEGMENT);

    private final Set<String> keyedTopics;
    private final Random random;
    /** Where a record was placed. */
    private final IdentityHashMap<LogRecord, Long> positions = new IdentityHashMap<>();

    private FaultyStorage storage = new FaultyStorage();
    private ManualBackground background = new ManualBackground();
    private FileLog log;
    private boolean lying;
    /** Where the journal ended when it was opened. */
    private long end;

    /** @param random decides what a power loss leaves, and where a process dies */
    public SimulatedJournal(Set<String> keyedTopics, Random random) {
        this.keyedTopics = keyedTopics;
        this.random = random;
        this.log = open(storage, background);
    }

    private FileLog open(FaultyStorage on, ManualBackground by) {
        try {
            return FileLog.open(on, keyedTopics, OPTIONS, () -> {}, by);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The journal that is open now. */
    public Log log() {
        return log;
    }

    // ---- appending and working ----------------------------------------------------------------------------------

    /** Appends, and notes where; what is durable waits for {@link #work}. */
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        note(batch, log.submit(batch, level, null, future));
        return future;
    }

    /** As a caller of the log that waits, and does the work itself. */
    public CompletableFuture<long[]> appendAndWait(Batch batch, Durability level) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        note(batch, log.submitAndWait(batch, level, future));
        return future;
    }

    private void note(Batch batch, Append append) {
        List<LogRecord> records = batch.records();
        for (int i = 0; i < records.size(); i++) {
            positions.put(records.get(i), append.positions[i]);
        }
    }

    /** Does one step of the journal's own work; false if nothing is due. */
    public boolean work() {
        return background.step();
    }

    public void pass(Duration time) {
        background.pass(time.toNanos());
    }

    /** How many appends wait for the disk. */
    public int waiting() {
        return log.waiting(Durability.DURABLE);
    }

    /** The bytes of all files. */
    public long bytes() {
        return storage.bytes();
    }

    // ---- faults -------------------------------------------------------------------------------------------------

    /** The next write or force goes wrong, in one of the ways it can. */
    public void fail() {
        switch (random.nextInt(3)) {
            case 0 -> storage.failNextForce();
            case 1 -> storage.failNextWrite();
            default -> storage.cutNextWriteShort();
        }
    }

    /** The process will die in the middle of a call to the disk. */
    public void dieSoon(Runnable whenDead) {
        storage.dieAfter(random.nextInt(random.nextInt(20) + 1), whenDead);
    }

    /** No force does anything, from now on and for good. */
    public void lie() {
        lying = true;
        storage.lie();
    }

    /** The disk is full, at once or soon. */
    public void fill() {
        storage.limit(storage.bytes() + (long) random.nextInt(3) * SEGMENT);
    }

    public void makeRoom() {
        storage.limit(Long.MAX_VALUE);
    }

    // ---- death and opening --------------------------------------------------------------------------------------

    /** The process dies, or the power goes, and the journal is opened again. */
    public void crash(boolean powerLoss) {
        storage = powerLoss ? storage.losePower(random) : storage.kill();
        reopen(powerLoss);
    }

    /** Opens what is there. */
    public void reopen() {
        makeRoom(); // Nothing can be opened without.
        reopen(true);
    }

    private void reopen(boolean powerMayGo) {
        background = new ManualBackground();
        if (lying) {
            storage.lie();
        }
        end = Long.MAX_VALUE;
        if (random.nextInt(4) == 0) {
            dieOpening(powerMayGo);
        }
        log = open(storage, background);
        end = Math.min(end, log.placed());
    }

    /** The process that opens it dies over it, perhaps. */
    private void dieOpening(boolean powerMayGo) {
        storage.dieAfter(random.nextInt(20), () -> {});
        try {
            FileLog opened = FileLog.open(storage, keyedTopics, OPTIONS, () -> {}, background);
            if (!storage.isDead()) {
                storage.dieAfter(-1, () -> {});
                end = opened.placed();
                opened.close();
            }
        } catch (IOException died) {
            check(storage.isDead(), "cannot be opened: " + died);
        }
        if (storage.isDead()) {
            storage = powerMayGo && random.nextBoolean() ? storage.losePower(random) : storage.kill();
        }
        background = new ManualBackground();
    }

    /** Whether the process died in the middle of something. */
    public boolean isDead() {
        return storage.isDead();
    }

    /** Where the record was placed, if that is still in the journal; null if it is not. */
    public @Nullable Long survivor(LogRecord record) {
        Long position = positions.get(record);
        return position != null && position < end ? position : null;
    }

    /** What another opening would find if the log were closed now; null if it fails or dies over it. */
    public @Nullable Log copy() {
        try {
            log.flush();
        } catch (MambaException failed) {
            return null;
        }
        return open(storage.likeThis(), new ManualBackground());
    }

    /**
     * Changes one bit anywhere on a copy of the disk. That must be found out when the copy is opened or the record is
     * read, or cut off as what a crash leaves: never is something else read, nor is something missing in between or
     * before the mark of what is durable.
     */
    public void flipABit() {
        List<StoredRecord> before = read(open(storage.likeThis(), new ManualBackground()), keyedTopics);
        FaultyStorage damaged = storage.likeThis();
        String what = damaged.flip(random);
        List<StoredRecord> after;
        try {
            after = read(open(damaged, new ManualBackground()), keyedTopics);
        } catch (MambaException loud) {
            // A digit of the format may have become a higher one.
            if (loud.code() != ErrorCode.CORRUPT && loud.code() != ErrorCode.NOT_SUPPORTED) {
                throw loud;
            }
            return;
        }
        long known = log.marked();
        Map<Long, StoredRecord> expected = new HashMap<>();
        before.forEach(record -> expected.put(record.position(), record));
        for (StoredRecord found : after) {
            StoredRecord there = expected.remove(found.position());
            boolean right = there == null ? mayComeBack(found, what) : isSame(there, found);
            check(right, what + " gives " + found + " for " + there);
        }
        expected.values()
                .forEach(lost -> check(lost.position() >= known, what + " loses " + lost + " before " + known));
    }

    /** Opened from the checkpoint before, the journal may still have a copy of what was released since. */
    private boolean mayComeBack(StoredRecord found, String what) {
        return what.contains("checkpoint")
                && positions.entrySet().stream()
                        .filter(placed -> placed.getValue() == found.position())
                        .anyMatch(placed -> isSame(new StoredRecord(found.position(), placed.getKey()), found));
    }

    private static List<StoredRecord> read(FileLog from, Set<String> keyedTopics) {
        Map<Partition, Long> all = new HashMap<>();
        from.partitions().forEach(partition -> all.put(partition, 0L));
        List<StoredRecord> found = new ArrayList<>();
        all.keySet().removeIf(partition -> keyedTopics.contains(partition.topic()));
        from.read(all, found::add);
        return found;
    }

    private static boolean isSame(StoredRecord one, StoredRecord other) {
        return one.position() == other.position()
                && one.record().partition().equals(other.record().partition())
                && Arrays.equals(one.record().key(), other.record().key())
                && Arrays.equals(one.record().value(), other.record().value());
    }

    private static void check(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(broken);
        }
    }
}
