package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import io.mamba.queue.RunningSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of the lanes that changed, new fences for the others, then the log's checkpoint: what bounds the time of the
 * next opening. A lane is asked for one piece at a time, so that its receivers wait for a piece at most.
 */
final class Checkpointer {
    /** About 20,000 messages: a few milliseconds of the lane's time. */
    static final int PIECE = 64 * 1024;

    static final Duration LOOK_AFTER = Duration.ofMillis(100);
    private static final System.Logger LOGGER = System.getLogger(Checkpointer.class.getName());

    /** How much is appended between two: what the next opening has to read at most, about. */
    private static final long BYTES = 8L << 20;

    /** The same in a log that nodes share, where a checkpoint is a round of transactions, and others may lag behind by one. */
    private static final long BYTES_WHEN_SHARED = 64L << 20;

    /** Of what is appended at most one part in so many is snapshots, however much waits, unless space is short. */
    private static final int SNAPSHOT_SHARE = 4;

    /** Of the time at most one part in so many is checkpoints, however many lanes there are. */
    private static final int TIME_SHARE = 5;

    private static final Duration REST_AFTER_REFUSAL = Duration.ofSeconds(1);

    private final Node node;
    private final Log log;
    private final int pieceSize;
    private long written;
    private long unneededSince;
    private long lastWritten;
    // Of runIfDue, which one thread calls.
    private Instant ended = Instant.EPOCH;
    private Duration rest = Duration.ZERO;

    Checkpointer(Node node, Log log, int pieceSize) {
        this.node = node;
        this.log = log;
        this.pieceSize = pieceSize;
    }

    /** Runs it if opening the log would have much to read. A refusal that is not the end of the log is logged, and tried again. */
    void runIfDue() {
        Instant start = node.now();
        Duration rested = Duration.between(ended, start);
        // Negative: somebody set the clock.
        boolean early = !rested.isNegative() && rested.compareTo(rest) < 0;
        if (early || log.bytesSinceCheckpoint() <= bytesBetween()) {
            return;
        }
        try {
            run();
            ended = node.now();
            rest = Duration.between(start, ended).multipliedBy(TIME_SHARE - 1);
        } catch (MambaException refused) {
            node.failed(refused);
            ended = node.now();
            rest = REST_AFTER_REFUSAL;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "A checkpoint of " + node.url() + " is put off: " + refused.getMessage());
        }
    }

    private synchronized long bytesBetween() {
        long bytes = log.shared() ? BYTES_WHEN_SHARED : BYTES;
        return Math.max(bytes, log.lowOnSpace() ? lastWritten : SNAPSHOT_SHARE * lastWritten);
    }

    /** Runs it while no snapshot is under way that could be written behind what it deletes. */
    synchronized void paused(Runnable task) {
        task.run();
    }

    /**
     * One at a time. Of a shared log it has to be known first which snapshots the keepers before have written, who can write no
     * more: else the last one that counts would be written over.
     */
    void run() {
        if (log.shared()) {
            node.participation().sweep();
            node.definitions().await();
        }
        write();
    }

    /** The fences are read first: whatever lies before them has been put into the inboxes by then. */
    private synchronized void write() {
        written = 0;
        Members.Table members = node.members().table();
        long events = log.fence(StateRecords.EVENTS);
        Map<Partition, Long> readFrom = new HashMap<>();
        readFrom.put(StateRecords.EVENTS, events);
        readFrom.put(Address.TEMPORARY, log.fence(Address.TEMPORARY));
        node.awaitAll();
        for (PartitionOwner owner : node.destinations().ownersInOrder()) {
            if (owner.address().kind().isTemporary()) {
                continue;
            }
            long data = log.fence(owner.partition());
            for (Lane lane : owner.lanes()) {
                if (!lane.memoryOnly() && !lane.isBeginning()) {
                    snapshot(lane, Math.max(data, lane.foldFrom()), Math.max(events, lane.eventsFrom()));
                }
            }
            retained(owner);
            readFrom.put(owner.partition(), data);
        }
        if (log.shared()) {
            // Older than the lanes' snapshots, so that it is known of each later event whether its writer took part.
            append(List.of(MemberRecords.table(members, node.now().toEpochMilli())), Durability.DURABLE);
            events = Math.min(events, members.eventsFrom());
        }
        log.checkpoint(readFrom);
        // Other nodes have a checkpoint's time to read what a new one does not need any more.
        long unneeded = log.shared() ? unneededSince : events;
        unneededSince = events;
        log.retain(StateRecords.EVENTS, unneeded, LongStream.empty().iterator());
        lastWritten = written;
    }

    /** Writes down what the partition retains, if that has changed. */
    void retained(PartitionOwner owner) {
        List<LogRecord> record =
                owner.inbox().ask(() -> owner.stock().record().stream().toList());
        if (record.isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            node.appendState(Batch.of(record, Batch.Purpose.SETTLING), Durability.DURABLE);
            written = true;
        } finally {
            if (!written) {
                owner.inbox().execute(owner.stock()::unwritten);
            }
        }
    }

    /** The lane at one moment. */
    private record Begun(@Nullable RunningSnapshot running, long foldFrom, long eventsFrom, long[] ahead) {}

    /** Events of one node may be applied again; those of a shared log may not, and its places are exact. */
    private Begun begin(Lane lane, long foldFrom, long eventsFrom, long told) {
        RunningSnapshot running = lane.beginSnapshot(pieceSize);
        return log.shared()
                ? new Begun(
                        running, Math.max(lane.owner().toldUpTo(), lane.foldFrom()), lane.appliedTo(told), new long[0])
                : new Begun(running, foldFrom, eventsFrom, lane.foldedAhead(foldFrom));
    }

    private record Next(byte[] bytes, boolean last) {}

    private void snapshot(Lane lane, long committed, long applied) {
        long told = node.progress().toldOf(StateRecords.EVENTS);
        Begun begun = lane.owner().inbox().ask(() -> begin(lane, committed, applied, told));
        StateRecords.SnapshotHead last = lane.snapshots().head();
        boolean whole = false;
        try {
            int generation = last.generation();
            int pieces = last.pieces();
            long taken = last.taken();
            if (begun.running != null) {
                generation = lane.snapshots().next();
                taken = begun.eventsFrom;
                pieces = writePieces(lane, begun.running, generation, taken);
                if (pieces == 0) {
                    return;
                }
            }
            StateRecords.SnapshotHead head = new StateRecords.SnapshotHead(
                    lane.id(), generation, taken, pieces, begun.foldFrom, begun.eventsFrom, begun.ahead);
            if (begun.running != null || differs(head, last)) {
                writeHead(lane, head);
            }
            whole = true;
        } finally {
            if (begun.running != null) {
                boolean written = whole;
                lane.owner().inbox().execute(() -> lane.endSnapshot(written));
            }
        }
    }

    private static boolean differs(StateRecords.SnapshotHead head, StateRecords.SnapshotHead last) {
        return head.foldFrom() != last.foldFrom()
                || head.eventsFrom() != last.eventsFrom()
                || !Arrays.equals(head.ahead(), last.ahead());
    }

    /** How many; 0 if the lane has ended meanwhile. */
    private int writePieces(Lane lane, RunningSnapshot running, int generation, long taken) {
        for (int count = 1; ; count++) {
            int index = count - 1;
            Next next = lane.owner().inbox().ask(() -> new Next(running.next(), !running.hasNext()));
            StateRecords.SnapshotPiece piece =
                    new StateRecords.SnapshotPiece(lane.id(), generation, index, taken, next.bytes);
            boolean there = unlessEnded(lane, () -> {
                lane.snapshots().piece(generation, index);
                append(List.of(StateRecords.piece(piece, node.now().toEpochMilli())), Durability.DURABLE);
            });
            if (!there) {
                return 0;
            }
            written += next.bytes.length;
            if (next.last) {
                return count;
            }
        }
    }

    private void writeHead(Lane lane, StateRecords.SnapshotHead head) {
        unlessEnded(lane, () -> {
            long now = node.now().toEpochMilli();
            List<LogRecord> records = new ArrayList<>();
            records.add(StateRecords.snapshot(head, now));
            records.addAll(lane.snapshots().superseded(head, now));
            // The log's checkpoint makes it durable, together with the heads of all other lanes.
            append(records, Durability.WRITTEN);
            lane.snapshots().head(head);
        });
    }

    private boolean unlessEnded(Lane lane, Runnable task) {
        if (lane.id().destination().kind().isQueue()) {
            // Nobody deletes a destination meanwhile: see paused.
            task.run();
            return true;
        }
        return node.subscriptions().unlessEnded(lane, task);
    }

    private void append(List<LogRecord> records, Durability level) {
        node.appendState(Batch.of(records, Batch.Purpose.SETTLING), level);
    }
}
