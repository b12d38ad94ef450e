package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives frames their place, writes and forces them for everyone at once, and completes them in order.
 *
 * <p>Three roles, each held by one thread at a time, whoever needs it: <em>writing</em> (hands the queue to the
 * operating system), <em>forcing</em> (leads one group: writes what is queued and forces it) and <em>completing</em>
 * (tells tails and waiters). A caller takes the role it needs if it is free, does one round for all, and hands it over;
 * otherwise it parks. Writing never waits for forcing. {@link JournalThread} takes roles for those who do not wait.
 */
final class Journal {
    private static final int SPINS = 100;
    private static final long QUEUE_LIMIT = 16L << 20;
    private static final int WRITE_LIMIT = 4 << 20;
    private static final int SMALL = 4 << 10;
    private static final long SYNC_WITHIN_NANOS = 50_000_000;

    final ReentrantLock lock = new ReentrantLock();
    private final Condition writerFree = lock.newCondition();
    private final Condition forced = lock.newCondition();
    private final SegmentStore segments;
    private final Contents contents;
    private final Ownerships ownerships;
    private final JournalWriter writer;
    final Completions completions;
    private final JournalThread thread;

    // All guarded by the lock.
    private final Deque<Append> toWrite = new ArrayDeque<>();
    private long queuedBytes;
    private Segment current;
    private long sequence;
    private long placed;
    private long written;
    private boolean writing;
    private boolean forcing;
    private boolean completing;
    private boolean closing;
    private @Nullable MambaException failed;
    /** Read without the lock as a hint. */
    private volatile long forcedTo;
    /** The highest known-durable position that some written frame tells. */
    private long marked;
    /** Whether there is written data, other than marks, that no force has covered. */
    private boolean unsynced;

    private long unsyncedSince;

    Journal(
            SegmentStore segments,
            Contents contents,
            Ownerships ownerships,
            Tails tails,
            JournalThread thread,
            Recovery.Found found,
            Segment current,
            int epoch) {
        this.segments = segments;
        this.contents = contents;
        this.ownerships = ownerships;
        this.completions = new Completions(tails);
        this.thread = thread;
        this.writer = new JournalWriter(epoch);
        this.current = current;
        this.sequence = (long) epoch << 40;
        this.placed = found.end();
        this.written = found.end();
        this.forcedTo = found.end();
        this.marked = found.synced();
    }

    // ---- appending ----------------------------------------------------------------------------------------------

    /** Places the frame and sees to it that someone writes it. */
    void submit(Append append, Set<Ownership> relies) {
        boolean complete;
        lock.lock();
        try {
            awaitRoom(append);
            ownerships.check(relies);
            place(append);
            complete = append.level == Durability.NONE && append.payload.kind() != Frame.Kind.PIECE;
            if (append.waiter == null || complete) {
                thread.signal();
            }
        } finally {
            lock.unlock();
        }
        if (complete) {
            completeReached(append);
        }
    }

    /** Waits until the append is complete, and works for it where a role is free. Keeps an interrupt pending. */
    void await(Append append) {
        boolean interrupted = false;
        int spins = 0;
        while (!append.done) {
            if (advance(append)) {
                spins = 0;
            } else if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does one round of what the append waits for; false if others are at it. */
    private boolean advance(Append append) {
        lock.lock();
        try {
            if (append.done) {
                return true;
            }
            if (failed == null && !Completions.reached(append, written, forcedTo)) {
                if (append.level == Durability.DURABLE) {
                    return !forcing && forceRound();
                }
                return !writing && writeRound();
            }
            if (completing) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        completeReached(append);
        return true;
    }

    /** Waits, with the lock held, until the queue is short enough and the segment has room. */
    private void awaitRoom(Append append) {
        while (true) {
            checkUsable();
            if (queuedBytes > QUEUE_LIMIT) {
                if (writing) {
                    writerFree.awaitUninterruptibly();
                } else {
                    writeRound();
                }
                continue;
            }
            if (current.end() - placed >= append.span) {
                return;
            }
            boolean small = append.span <= SMALL;
            Segment next = segments.takeNext(small);
            if (next != null) {
                roll(next);
                continue;
            }
            lock.unlock();
            try {
                segments.awaitReady(small);
            } finally {
                lock.lock();
            }
        }
    }

    private void roll(Segment next) {
        long rest = current.end() - placed;
        if (rest >= Frame.HEADER) {
            enqueue(Append.header(Frame.Kind.END, (int) rest));
        }
        if (next.base != current.end()) {
            throw new IllegalStateException(next.fileName() + " does not follow " + current.fileName());
        }
        current = next;
        placed = next.base;
    }

    private void enqueue(Append append) {
        append.position = placed;
        append.sequence = sequence++;
        append.segment = current;
        placed += append.span;
        toWrite.add(append);
        queuedBytes += append.span;
    }

    private void place(Append append) {
        enqueue(append);
        Payload payload = append.payload;
        PartitionState[] states = payload.states();
        switch (payload.kind()) {
            case PIECE -> current.openPieces++;
            case BATCH, COMMIT -> {
                append.positions = new long[states.length];
                for (int i = 0; i < states.length; i++) {
                    long position = append.position + Frame.HEADER + payload.offsets()[i];
                    append.positions[i] = position;
                    LogRecord record = payload.records().get(i);
                    contents.placed(states[i], position, record.key(), record.value() == null, current);
                    states[i].defined = true;
                    states[i].underWay++;
                }
                contents.piecesTookEffect(append.pieces, current, true);
                completions.add(append);
            }
            case RELOCATION -> {
                for (int i = 0; i < states.length; i++) {
                    long at = append.position + Frame.HEADER + payload.offsets()[i];
                    contents.relocated(
                            states[i],
                            append.relocated[i],
                            payload.records().get(i).key(),
                            at);
                }
                completions.add(append);
            }
            case MARK, END -> {}
        }
    }

    private void checkUsable() {
        if (failed != null) {
            throw failed;
        }
        if (closing) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed");
        }
    }

    // ---- the roles: called with the lock held, which is released for the work ------------------------------------

    /** Writes what is queued. Always true. */
    boolean writeRound() {
        List<Append> round = new ArrayList<>();
        long bytes = 0;
        for (Append append : toWrite) {
            round.add(append);
            bytes += append.span;
            if (bytes >= WRITE_LIMIT) {
                break;
            }
        }
        long synced = forcedTo;
        writing = true;
        Exception problem = null;
        lock.unlock();
        try {
            writer.write(round, synced);
        } catch (IOException | RuntimeException e) {
            problem = e;
        } finally {
            lock.lock();
            writing = false;
        }
        if (problem != null) {
            fail("write to", problem);
        } else {
            wrote(round, bytes, synced);
        }
        writerFree.signalAll();
        Append next = completions.oldestWritten();
        if (next != null && next.waiter != null && next.waiter != Thread.currentThread()) {
            LockSupport.unpark(next.waiter);
        }
        thread.signalIfIdle();
        return true;
    }

    private void wrote(List<Append> round, long bytes, long synced) {
        boolean before = unsynced;
        for (Append append : round) {
            toWrite.remove();
            Segment segment = append.segment;
            if (segment != null) {
                segment.dirty = true;
            }
            unsynced |= append.payload.kind() != Frame.Kind.MARK;
            written = append.end();
            marked = synced;
        }
        if (unsynced && !before) {
            unsyncedSince = System.nanoTime();
        }
        queuedBytes -= bytes;
        if (toWrite.isEmpty()) {
            written = placed;
        }
    }

    /** Leads one group: writes what is queued by now and forces it. Always true. */
    boolean forceRound() {
        forcing = true;
        long target = placed;
        while (written < target && failed == null) {
            if (writing) {
                writerFree.awaitUninterruptibly();
            } else {
                writeRound();
            }
        }
        if (failed == null) {
            long reached = written;
            List<Segment> dirty = takeDirty();
            boolean hadUnsynced = unsynced;
            unsynced = false;
            Exception problem = null;
            lock.unlock();
            try {
                for (Segment segment : dirty) {
                    segment.file.force(false);
                }
            } catch (IOException | RuntimeException e) {
                problem = e;
            } finally {
                lock.lock();
            }
            if (problem != null) {
                unsynced |= hadUnsynced;
                fail("force", problem);
            } else {
                forcedTo = Math.max(forcedTo, reached);
            }
        }
        forcing = false;
        forced.signalAll();
        Append next = nextToLead();
        if (next != null && next.waiter == null) {
            thread.signal();
        } else if (next != null && next.waiter != Thread.currentThread()) {
            LockSupport.unpark(next.waiter);
        }
        thread.signalIfIdle();
        return true;
    }

    private List<Segment> takeDirty() {
        List<Segment> dirty = new ArrayList<>();
        for (Segment segment : segments.from(forcedTo)) {
            if (segment.dirty) {
                segment.dirty = false;
                dirty.add(segment);
            }
        }
        return dirty;
    }

    /** The oldest that the last force did not cover. */
    private @Nullable Append nextToLead() {
        return completions.oldestNotForced(forcedTo);
    }

    /**
     * Completes what has reached its level, unless someone is at it. Ends when {@code own} is done, or after a round if
     * it is null, and hands the rest over; the journal's own thread goes on to the end.
     */
    private void completeReached(@Nullable Append own) {
        boolean stay = thread.isCurrent();
        lock.lock();
        try {
            if (completing) {
                return;
            }
            completing = true;
            while (true) {
                Completions.Round round = completions.take(written, forcedTo, failed);
                if (round.isEmpty()) {
                    completing = false;
                    return;
                }
                lock.unlock();
                try {
                    round.tell();
                } finally {
                    lock.lock();
                }
                completions.told(round);
                lock.unlock();
                try {
                    round.complete();
                } finally {
                    lock.lock();
                }
                Append next = completions.next(written, forcedTo, failed);
                if (next != null && !stay && (own == null || own.done)) {
                    completing = false;
                    if (next.waiter == null) {
                        thread.signal();
                    } else {
                        LockSupport.unpark(next.waiter);
                    }
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(String action, Exception problem) {
        if (failed == null) {
            failed = new MambaException(
                    ErrorCode.LOG_FAILED,
                    "Could not " + action + " the journal; nothing after that can be trusted: repair the disk and"
                            + " open the log again",
                    problem);
        }
        thread.signal();
        writerFree.signalAll();
        forced.signalAll();
    }

    // ---- what nobody waits for: called by the journal's own thread -----------------------------------------------

    /** Takes a role for those who do not wait; false if there is nothing to do now. */
    boolean work(long now, boolean quiet) {
        lock.lock();
        try {
            if (failed == null) {
                Append next = completions.oldestNotForced(forcedTo);
                boolean due = unsynced && now - unsyncedSince >= SYNC_WITHIN_NANOS;
                if (!forcing && (due || (next != null && next.waiter == null))) {
                    return forceRound();
                }
                if (!writing && !toWrite.isEmpty()) {
                    return writeRound();
                }
                if (quiet && !writing && !unsynced && forcedTo > marked && markFits()) {
                    enqueue(Append.header(Frame.Kind.MARK, Frame.HEADER));
                    return writeRound();
                }
            }
            if (completing || completions.next(written, forcedTo, failed) == null) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        completeReached(null);
        return true;
    }

    /** Whether {@link #work} would find something at once. Lock held. */
    boolean hasWorkFor() {
        if (failed == null) {
            Append next = completions.oldestNotForced(forcedTo);
            if ((!forcing && next != null && next.waiter == null) || (!writing && !toWrite.isEmpty())) {
                return true;
            }
        }
        return !completing && completions.next(written, forcedTo, failed) != null;
    }

    int waiting(Durability level) {
        lock.lock();
        try {
            return completions.waiting(level);
        } finally {
            lock.unlock();
        }
    }

    boolean isMarked() {
        lock.lock();
        try {
            return !unsynced && forcedTo == marked;
        } finally {
            lock.unlock();
        }
    }

    long placedNow() {
        lock.lock();
        try {
            return placed;
        } finally {
            lock.unlock();
        }
    }

    private boolean markFits() {
        return current.end() - placed >= Frame.HEADER;
    }

    /** Whether something will be due without a further call: a sync or a mark. Lock held. */
    boolean somethingDueLater() {
        return failed == null && (unsynced || (forcedTo > marked && markFits()));
    }

    /** From now on nothing more is taken. False if it was so already. */
    boolean startClosing() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything durable, with a mark that says so. */
    void finish() {
        force(placedNow());
        lock.lock();
        try {
            if (markFits()) {
                enqueue(Append.header(Frame.Kind.MARK, Frame.HEADER));
            }
        } finally {
            lock.unlock();
        }
        force(placedNow());
    }

    boolean hasFailed() {
        lock.lock();
        try {
            return failed != null;
        } finally {
            lock.unlock();
        }
    }

    // ---- for readers and checkpoints ----------------------------------------------------------------------------

    /** Sees to it that everything placed so far is in the hands of the operating system; returns up to where. */
    long flush() {
        lock.lock();
        try {
            long target = placed;
            while (written < target) {
                throwIfFailed();
                if (writing) {
                    writerFree.awaitUninterruptibly();
                } else {
                    writeRound();
                }
            }
            return target;
        } finally {
            lock.unlock();
            completeReached(null);
        }
    }

    /** Sees to it that everything before the position is durable, and works for it where the role is free. */
    void force(long target) {
        lock.lock();
        try {
            while (forcedTo < target) {
                throwIfFailed();
                if (forcing) {
                    forced.awaitUninterruptibly();
                } else {
                    forceRound();
                }
            }
        } finally {
            lock.unlock();
            completeReached(null);
        }
    }

    /** Pieces of a batch that was refused: nothing refers to them. */
    void drop(List<Long> pieces) {
        lock.lock();
        try {
            contents.piecesDropped(pieces);
        } finally {
            lock.unlock();
        }
    }

    private void throwIfFailed() {
        if (failed != null) {
            throw failed;
        }
    }

    void checkOpen() {
        lock.lock();
        try {
            checkUsable();
        } finally {
            lock.unlock();
        }
    }

    /** The append that holds a record not written yet, or null. */
    @Nullable
    Append unwritten(long position) {
        if (position < written) {
            return null;
        }
        for (Append append : toWrite) {
            if (position < append.end()) {
                return position >= append.position ? append : null;
            }
        }
        return null;
    }

    /** Every record of the partition before this is told to its tails. Lock held. */
    long end(PartitionState state) {
        return state.underWay == 0 ? state.end : completions.firstUnderWay(state, state.end);
    }

    long placed() {
        return placed;
    }

    long sequence() {
        return sequence;
    }

    long written() {
        return written;
    }

    long forcedTo() {
        return forcedTo;
    }
}
