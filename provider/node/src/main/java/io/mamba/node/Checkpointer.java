package io.mamba.node;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Snapshots of the lanes that changed, then the log's checkpoint: what bounds the time of the next opening. */
final class Checkpointer {
    private static final int PIECE = 512 * 1024;

    private final Node node;
    private final Log log;

    Checkpointer(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** Runs it while no snapshot is under way that could be written behind what it deletes. */
    synchronized void paused(Runnable task) {
        task.run();
    }

    /** One at a time. The fences are read first: whatever lies before them has been put into the inboxes by then. */
    synchronized void run() {
        long events = log.end(StateRecords.EVENTS);
        Map<Partition, Long> readFrom = new HashMap<>();
        readFrom.put(StateRecords.EVENTS, events);
        for (PartitionOwner owner : node.destinations().ownersInOrder()) {
            long data = log.end(owner.partition());
            for (Lane lane : owner.lanes()) {
                if (owner.address().kind().isQueue()) {
                    snapshot(lane, data, events);
                } else {
                    node.subscriptions().unlessEnded(lane, () -> snapshot(lane, data, events));
                }
            }
            readFrom.put(owner.partition(), data);
        }
        log.checkpoint(readFrom);
        log.retain(StateRecords.EVENTS, events, LongStream.empty().iterator());
    }

    private void snapshot(Lane lane, long data, long events) {
        long foldFrom = Math.max(data, lane.foldFrom());
        long eventsFrom = Math.max(events, lane.eventsFrom());
        long now = node.now().toEpochMilli();
        List<LogRecord> records = lane.owner().inbox().ask(() -> {
            if (!lane.needsSnapshot()) {
                return List.<LogRecord>of();
            }
            List<byte[]> pieces = lane.state().snapshot(PIECE);
            List<LogRecord> batch = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                batch.add(StateRecords.snapshot(
                        new StateRecords.SnapshotPiece(
                                lane.id(),
                                eventsFrom,
                                i,
                                pieces.size(),
                                foldFrom,
                                eventsFrom,
                                lane.foldedAhead(foldFrom),
                                pieces.get(i)),
                        now));
            }
            int before = lane.snapshotTaken(pieces.size());
            for (int i = pieces.size(); i < before; i++) {
                batch.add(StateRecords.snapshotGone(lane.id(), i, now));
            }
            return batch;
        });
        if (records.isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            node.appendState(Batch.of(records, Batch.Purpose.SETTLING), Durability.DURABLE);
            written = true;
        } finally {
            if (!written) {
                lane.owner().inbox().execute(lane::snapshotRefused);
            }
        }
    }
}
