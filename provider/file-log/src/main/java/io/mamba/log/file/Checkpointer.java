package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes checkpoints and takes segments out of use: those in which nothing is needed, that lie before every position
 * that the owners of records in them still read from, and before the older of the two checkpoints kept, so that either
 * can be opened from.
 */
final class Checkpointer {
    private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());

    private final Journal journal;
    private final Contents contents;
    private final SegmentStore segments;
    private final Survivors survivors;
    private final Checkpoints files;
    private final String directory;
    private final int epoch;
    private long number;
    private volatile long last;

    Checkpointer(
            Journal journal,
            Contents contents,
            SegmentStore segments,
            Survivors survivors,
            Checkpoints files,
            String directory,
            int epoch,
            Recovery.Found found) {
        this.journal = journal;
        this.contents = contents;
        this.segments = segments;
        this.survivors = survivors;
        this.files = files;
        this.directory = directory;
        this.epoch = epoch;
        this.number = found.checkpointNumber();
        this.last = found.checkpoint();
    }

    long last() {
        return last;
    }

    synchronized void checkpoint(Map<Partition, Long> readFrom) {
        survivors.copyForward(last, true);
        write(readFrom);
    }

    /** Without copying anything forward: also while the log is closing. */
    synchronized void write(Map<Partition, Long> readFrom) {
        Checkpoint checkpoint;
        List<Segment> unneeded;
        journal.lock.lock();
        try {
            readFrom.forEach((partition, position) -> {
                PartitionState state = contents.partitions.find(partition);
                if (state != null) {
                    state.readFrom = Math.max(state.readFrom, position);
                }
            });
            unneeded = segments.beingRead() ? List.of() : unneeded(last);
            for (Segment segment : unneeded) {
                contents.holesBefore = Math.max(contents.holesBefore, segment.end());
            }
            List<Segment> kept = new ArrayList<>(segments.all());
            kept.removeAll(unneeded);
            checkpoint = Checkpoint.of(number + 1, journal.placed(), journal.sequence(), epoch, contents, kept);
        } finally {
            journal.lock.unlock();
        }
        journal.force(checkpoint.position());
        try {
            files.write(checkpoint);
            number = checkpoint.number();
            last = checkpoint.position();
            for (Segment segment : unneeded) {
                segments.recycle(segment);
            }
        } catch (IOException e) {
            segments.failIfGone(e);
            if (journal.hasFailed()) {
                journal.checkOpen();
            }
            throw new MambaException(
                    ErrorCode.RESOURCE_LIMIT,
                    "Could not write a checkpoint in " + directory
                            + "; the one before stays in force, space does not come back meanwhile",
                    e);
        }
    }

    /** For a full disk: takes out of use what can go, without waiting for the next checkpoint of the owners. */
    synchronized void reclaim() {
        try {
            boolean any = journal.locked(
                    () -> !segments.beingRead() && !unneeded(last).isEmpty());
            if (any || survivors.copyForward(last, false)) {
                write(Map.of());
            }
        } catch (MambaException e) {
            LOG.log(Level.DEBUG, "No space could be taken back in " + directory + ": " + e.getMessage());
        }
    }

    private List<Segment> unneeded(long limit) {
        // A segment that stays only because another needs pieces in it needs no pieces itself: all in it is dead.
        List<Segment> found = new ArrayList<>();
        Set<Long> pinned = new HashSet<>();
        for (Segment segment : segments.all()) {
            if (segment.end() > limit || segment.liveCount() > 0 || contents.isStillRead(segment)) {
                pinned.addAll(segment.pins);
            } else {
                found.add(segment);
            }
        }
        found.removeIf(segment -> pinned.contains(segment.base));
        return found;
    }
}
