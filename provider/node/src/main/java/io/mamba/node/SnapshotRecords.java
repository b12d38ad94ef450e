package io.mamba.node;

import io.mamba.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pieces of a lane's snapshots are in the log. There are two generations: a new snapshot is written beside the last
 * one, which counts until the head of the new one is there. In a shared log the keeper writes them and the others hear of it.
 * Thread-safe by its monitor.
 */
final class SnapshotRecords {
    private final LaneId lane;
    private final int[] written = new int[2];
    private StateRecords.SnapshotHead head;
    private boolean headWritten;

    SnapshotRecords(LaneId lane) {
        this.lane = lane;
        this.head = new StateRecords.SnapshotHead(lane, 0, 0, 0, -1, -1, new long[0]);
    }

    /** The last one that counts; without pieces if there is none. */
    synchronized StateRecords.SnapshotHead head() {
        return head;
    }

    /** The generation to write the next one in. */
    synchronized int next() {
        return 1 - head.generation();
    }

    /** This piece is in the log, or may be. */
    synchronized void piece(int generation, int index) {
        written[generation] = Math.max(written[generation], index + 1);
    }

    /** From now on this head counts, with which {@link #superseded} was written. */
    synchronized void head(StateRecords.SnapshotHead counts) {
        head = counts;
        headWritten = true;
        written[counts.generation()] = counts.pieces();
        written[1 - counts.generation()] = 0;
    }

    /** Tombstones of all pieces that this head does not count in. */
    synchronized List<LogRecord> superseded(StateRecords.SnapshotHead counts, long now) {
        List<LogRecord> gone = new ArrayList<>();
        gone(counts.generation(), counts.pieces(), now, gone);
        gone(1 - counts.generation(), 0, now, gone);
        return gone;
    }

    /** Tombstones of everything. */
    synchronized List<LogRecord> all(long now) {
        List<LogRecord> gone = new ArrayList<>();
        if (headWritten) {
            gone.add(StateRecords.snapshotGone(lane, now));
        }
        gone(0, 0, now, gone);
        gone(1, 0, now, gone);
        return gone;
    }

    private void gone(int generation, int first, long now, List<LogRecord> gone) {
        for (int index = first; index < written[generation]; index++) {
            gone.add(StateRecords.pieceGone(lane, generation, index, now));
        }
    }
}
