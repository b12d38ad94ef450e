package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies the last needed records out of old segments, so that these can go. They keep their positions. Owned by the
 * checkpointer, under its lock.
 *
 * <p>Nothing is copied while the old segments hold at most twice what is needed of them and a few more. Then those go
 * first that hold least, none that holds more than half of its size, and at most a segment's worth at a time: so
 * what is copied is never more than what comes free, and never more than what was appended since the last time.
 */
final class Survivors {
    private static final System.Logger LOG = System.getLogger(Survivors.class.getName());
    /** How many old segments may hold whatever they like. */
    private static final int SLACK = 4;
    /** Where each of them is now is kept in memory: about 80 bytes a record. */
    private static final int MOST_MOVED = 500_000;

    private final Journal journal;
    private final Contents contents;
    private final SegmentStore segments;
    private final BatchEncoder encoder;
    private final String directory;

    Survivors(Journal journal, Contents contents, SegmentStore segments, BatchEncoder encoder, String directory) {
        this.journal = journal;
        this.contents = contents;
        this.segments = segments;
        this.encoder = encoder;
        this.directory = directory;
    }

    private record Candidate(Segment segment, long held, long needed) {}

    /**
     * @param before segments that end behind this are left alone
     * @param slack how many segments may be held beyond what is needed
     * @return whether some segment is not needed any more
     */
    boolean copyForward(long before, boolean slack) {
        long budget = segments.segmentBytes();
        boolean any = false;
        for (Candidate candidate : journal.locked(() -> candidates(before, slack))) {
            if (budget <= 0) {
                break;
            }
            Mover mover = new Mover(candidate);
            try {
                mover.move();
            } catch (IOException e) {
                giveUp(candidate.segment, e);
            } catch (MambaException e) {
                if (e.code() != ErrorCode.RESOURCE_LIMIT) {
                    throw e;
                }
                LOG.log(Level.DEBUG, "Nothing is copied forward in " + directory + " now: " + e.getMessage());
                return any;
            }
            budget -= mover.moved;
            any |= mover.empty;
        }
        return any;
    }

    private void giveUp(Segment segment, IOException problem) {
        segment.immovable = true;
        LOG.log(
                Level.WARNING,
                "What is needed of " + segment.fileName() + " in " + directory + " cannot be copied forward; it stays",
                problem);
    }

    /** The emptiest first, as many as bring the rest down to what it may be. */
    private List<Candidate> candidates(long before, boolean slack) {
        List<Candidate> old = new ArrayList<>();
        Set<Long> pinned = new HashSet<>();
        long held = 0;
        long needed = 0;
        for (Segment segment : segments.all()) {
            if (segment.end() <= before && segment.liveCount() > 0 && !contents.isStillRead(segment)) {
                Candidate candidate = candidate(segment);
                old.add(candidate);
                held += candidate.held;
                needed += candidate.needed;
            }
            pinned.addAll(segment.pins);
        }
        old.removeIf(candidate -> !isMovable(candidate, pinned));
        old.sort(Comparator.comparingLong(candidate -> candidate.needed * 100 / candidate.held));
        long allowed = 2 * needed + (slack ? SLACK * (long) segments.segmentBytes() : 0);
        List<Candidate> chosen = new ArrayList<>();
        int moved = contents.moved.size();
        for (Candidate candidate : old) {
            moved += (int) candidate.segment.liveCount();
            if (held <= allowed || moved > MOST_MOVED) {
                break;
            }
            held -= candidate.held;
            chosen.add(candidate);
        }
        return chosen;
    }

    private static boolean isMovable(Candidate candidate, Set<Long> pinned) {
        Segment segment = candidate.segment;
        return candidate.needed <= candidate.held / 2
                && segment.openPieces == 0
                && !segment.immovable
                && !pinned.contains(segment.base);
    }

    /** What goes with it if it goes, and about how much of that is needed. */
    private Candidate candidate(Segment segment) {
        long held = segment.size;
        for (long base : segment.pins) {
            Segment pinned = segments.containing(base);
            held += pinned != null && pinned != segment && pinned.liveCount() == 0 ? pinned.size : 0;
        }
        long live = segment.liveCount();
        // Not known after opening: as if records had 1 KiB, until one look at it tells.
        long needed = segment.counted ? (long) ((double) held * live / Math.max(1, segment.records)) : live << 10;
        return new Candidate(segment, held, Math.min(held, Math.max(needed, live * RecordCodec.PREFIX)));
    }

    private record Survivor(PartitionState state, long position, long at, byte @Nullable [] key, LogRecord record) {}

    /** Empties one segment. */
    private final class Mover {
        private final Segment segment;
        private final long most;
        /** By partition, what its owner named of the segment, and when. */
        private final Map<PartitionState, Segment.Named> named = new HashMap<>();

        private final Map<PartitionState, Integer> declarations = new HashMap<>();
        private final List<Survivor> batch = new ArrayList<>();
        private long bound;
        private long moved;
        private int records;
        private boolean empty;

        Mover(Candidate candidate) {
            segment = candidate.segment;
            most = candidate.held / 2;
        }

        void move() throws IOException {
            FrameCursor cursor = new FrameCursor(segments, segment.base, segment.end());
            while (moved <= most && cursor.next()) {
                FrameRecords.visit(cursor, segments, this::look);
            }
            if (moved <= most && segment.end() - cursor.position() >= Frame.HEADER) {
                throw new IOException("there is no valid frame at offset " + (cursor.position() - segment.base));
            }
            append();
            journal.lock.lock();
            try {
                segment.counted = true;
                segment.records = moved <= most ? records : (int) segment.liveCount();
                if (moved <= most && !segment.immovable) {
                    // A count may have been too high; all that is needed was seen and is elsewhere.
                    segment.nothingNeeded();
                    empty = true;
                }
            } finally {
                journal.lock.unlock();
            }
        }

        private void look(long at, ByteBuffer body) {
            records++;
            RecordCodec.Outline outline = RecordCodec.outline(body);
            PartitionState state = contents.partitions.byId(outline.partitionId());
            long position = outline.relocatedFrom() < 0 ? at : outline.relocatedFrom();
            if (state == null || !journal.locked(() -> isNeeded(state, position, at, outline.key()))) {
                return;
            }
            long size = RecordCodec.PREFIX + body.remaining() + 16L;
            if (size > segments.segmentBytes() / 8) {
                segment.immovable = true;
                return;
            }
            if (!batch.isEmpty() && !encoder.fits(bound + size)) {
                append();
            }
            batch.add(new Survivor(state, position, at, outline.key(), RecordCodec.decode(body, state.partition)));
            bound += size;
        }

        private boolean isNeeded(PartitionState state, long position, long at, byte @Nullable [] key) {
            Integer known = declarations.put(state, state.declarations);
            Segment.Named slots = named.get(state);
            if (slots == null || known == null || known != state.declarations) {
                slots = segment.named(state.id);
                named.put(state, slots);
            }
            return contents.isNeeded(state, position, at, key, slots);
        }

        private void append() {
            if (batch.isEmpty()) {
                return;
            }
            List<LogRecord> copied = batch.stream().map(Survivor::record).toList();
            PartitionState[] states = batch.stream().map(Survivor::state).toArray(PartitionState[]::new);
            long[] positions = batch.stream().mapToLong(Survivor::position).toArray();
            Payload payload = encoder.relocation(copied, states, positions);
            Append append = new Append(payload, Durability.WRITTEN, Thread.currentThread(), null);
            journal.submit(append, Set.of(), Batch.Purpose.MOVING);
            journal.await(append);
            if (append.failure != null) {
                throw new MambaException(
                        append.failure.code(), String.valueOf(append.failure.getMessage()), append.failure);
            }
            // Only now, as until it was written the copy could not be read. Durable before the original goes, since the
            // checkpoint forces everything before itself.
            journal.lock.lock();
            try {
                for (int i = 0; i < positions.length; i++) {
                    Survivor survivor = batch.get(i);
                    if (isNeeded(survivor.state, survivor.position, survivor.at, survivor.key)) {
                        long at = append.position + Frame.HEADER + payload.offsets()[i];
                        contents.relocated(survivor.state, survivor.position, survivor.key, at);
                    }
                }
            } finally {
                journal.lock.unlock();
            }
            moved += append.span;
            batch.clear();
            bound = 0;
        }
    }
}
