package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes and forces frames for everyone at once, and completes them in order.
 *
 * <p>Three roles, each held by one thread at a time, whoever needs it: <em>writing</em> (hands the queue to the
 * operating system), <em>forcing</em> (leads one group: writes what is queued and forces it) and <em>completing</em>
 * (tells tails and waiters). A caller takes the role it needs if it is free, does one round for all, and hands it over;
 * otherwise it parks. Writing never waits for forcing. {@link JournalThread} takes roles for those who do not wait.
 *
 * <p>All state is guarded by the journal's lock, which is released while a role does its work.
 */
final class GroupCommit {
    private static final long SYNC_WITHIN_NANOS = 50_000_000;
    /**
     * So often a waiter lets others run before it parks. With many senders its append is often done when it runs again, and
     * parking and being woken would cost it more than all the rest of a send. Spinning instead takes the processor from
     * those it waits for.
     */
    private static final int YIELDS = 2;

    private final ReentrantLock lock;
    private final Condition writerFree;
    private final Condition forceEnded;
    private final SegmentStore segments;
    private final FrameQueue queue;
    private final Completions completions;
    private final JournalWriter writer;
    private final JournalThread thread;

    private final Gather gather;

    // Changed with the lock only; volatile for a first look without it.
    private volatile long written;
    private volatile long forced;
    private volatile boolean writing;
    private volatile boolean forcing;

    private boolean completing;
    private @Nullable MambaException failed;
    /** The highest known-durable position that some written frame tells. */
    private long marked;
    /** Whether there is written data, other than marks, that no force has covered. */
    private boolean unsynced;

    private long unsyncedSince;

    GroupCommit(
            ReentrantLock lock,
            SegmentStore segments,
            FrameQueue queue,
            Completions completions,
            JournalThread thread,
            JournalWriter writer,
            long synced) {
        this.lock = lock;
        this.writerFree = lock.newCondition();
        this.forceEnded = lock.newCondition();
        this.segments = segments;
        this.queue = queue;
        this.completions = completions;
        this.gather = new Gather(completions);
        this.thread = thread;
        this.writer = writer;
        this.written = queue.placed();
        this.forced = queue.placed();
        this.marked = synced;
    }

    // ---- what callers want: called without the lock --------------------------------------------------------------

    /** Waits until the append is complete, and works for it where a role is free. Keeps an interrupt pending. */
    @SuppressWarnings("ThreadPriorityCheck") // See YIELDS.
    void await(Append append) {
        boolean interrupted = false;
        int yields = 0;
        while (!append.done) {
            if (advance(append)) {
                continue;
            }
            if (yields < YIELDS) {
                yields++;
                Thread.yield();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does one round of what the append waits for; false if others are at it. While someone has the role, the lock is
     * left to those who have work to do: whoever gives the role up sees this append in the queue.
     */
    private boolean advance(Append append) {
        if ((append.level == Durability.DURABLE ? forcing : writing) && !Completions.reached(append, written, forced)) {
            return false;
        }
        lock.lock();
        try {
            if (append.done) {
                return true;
            }
            if (failed == null && !Completions.reached(append, written, forced)) {
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
        complete(append);
        return true;
    }

    /** Sees to it that everything before the position is in the hands of the operating system. */
    void write(long target) {
        tryWrite(target);
        lock.lock();
        try {
            if (written < target) {
                checkNotFailed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #write}, unless the journal fails. */
    void tryWrite(long target) {
        lock.lock();
        try {
            while (written < target && failed == null) {
                writeOrAwaitWriter();
            }
        } finally {
            lock.unlock();
            complete(null);
        }
    }

    /** Sees to it that everything before the position is durable, and works for it where the role is free. */
    void force(long target) {
        lock.lock();
        try {
            while (forced < target) {
                checkNotFailed();
                if (forcing) {
                    forceEnded.awaitUninterruptibly();
                } else {
                    forceRound();
                }
            }
        } finally {
            lock.unlock();
            complete(null);
        }
    }

    /**
     * Completes what has reached its level, unless someone is at it. Ends when {@code own} is done, or after a round if
     * it is null, and hands the rest over; the journal's own thread goes on to the end.
     */
    void complete(@Nullable Append own) {
        boolean stay = thread.isCurrent();
        lock.lock();
        try {
            if (completing) {
                return;
            }
            completing = true;
            while (true) {
                Completions.Round round = completions.take(written, forced, failed);
                if (round.isEmpty()) {
                    completing = false;
                    return;
                }
                unlocked(round::tell);
                completions.told(round);
                unlocked(round::complete);
                Append next = completions.next(written, forced, failed);
                if (next != null && !stay && (own == null || own.done)) {
                    completing = false;
                    handOver(next);
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void unlocked(Runnable work) {
        lock.unlock();
        try {
            work.run();
        } finally {
            lock.lock();
        }
    }

    // ---- the roles: called with the lock, which is released for the work ------------------------------------------

    @SuppressWarnings("WaitNotInLoop") // Callers loop, each over a condition of its own.
    void writeOrAwaitWriter() {
        if (writing) {
            writerFree.awaitUninterruptibly();
        } else {
            writeRound();
        }
    }

    /** Writes what is queued. Always true. */
    private boolean writeRound() {
        List<Append> round = queue.round();
        long synced = forced;
        writing = true;
        Exception problem = null;
        lock.unlock();
        try {
            writeOut(round, synced);
        } catch (IOException | RuntimeException e) {
            problem = e;
        } finally {
            lock.lock();
            writing = false;
        }
        if (problem != null) {
            fail("write to", problem);
        } else {
            wrote(round, synced);
        }
        writerFree.signalAll();
        Append next = completions.oldestWritten();
        if (next != null && next.waiter != null) {
            handOver(next);
        }
        thread.signalIfIdle();
        return true;
    }

    /**
     * Where even a place filled ahead takes new blocks (file systems that copy on write), a write may find none. Nothing
     * of it counts before all of it is written, so it is written again until there are some: no caller was told anything.
     */
    private void writeOut(List<Append> round, long synced) throws IOException {
        while (true) {
            try {
                writer.write(round, synced);
                segments.endStall();
                return;
            } catch (IOException e) {
                if (!segments.stall(e)) {
                    throw e;
                }
            }
        }
    }

    private void wrote(List<Append> round, long synced) {
        boolean before = unsynced;
        for (Append frame : round) {
            if (frame.segment != null) {
                frame.segment.dirty = true;
            }
            unsynced |= frame.payload.kind() != Frame.Kind.MARK;
            marked = synced;
        }
        if (unsynced && !before) {
            unsyncedSince = thread.nanoTime();
        }
        written = queue.wrote(round);
    }

    /** Leads one group: writes what is queued by now and forces it. Always true. */
    private boolean forceRound() {
        forcing = true;
        gather.await(lock);
        long target = queue.placed();
        long senders = completions.durableSenders();
        while (written < target && failed == null) {
            writeOrAwaitWriter();
        }
        if (failed == null) {
            long reached = written;
            List<Segment> dirty = takeDirty();
            unsynced = false;
            Exception problem = null;
            long start = thread.nanoTime();
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
                fail("force", problem);
            } else {
                forced = Math.max(forced, reached);
                gather.forced(senders, thread.nanoTime() - start);
            }
        }
        forcing = false;
        forceEnded.signalAll();
        Append next = completions.oldestNotForced(forced);
        if (next != null) {
            handOver(next);
        }
        thread.signalIfIdle();
        return true;
    }

    private List<Segment> takeDirty() {
        List<Segment> dirty = new ArrayList<>();
        for (Segment segment : segments.from(forced)) {
            if (segment.dirty) {
                segment.dirty = false;
                dirty.add(segment);
            }
        }
        return dirty;
    }

    /** A role is free and this one needs it. */
    private void handOver(Append next) {
        if (next.waiter == null) {
            thread.signal();
        } else if (next.waiter != Thread.currentThread()) {
            LockSupport.unpark(next.waiter);
        }
    }

    /** Nothing works from now on. Lock held. */
    void fail(String action, Exception problem) {
        if (failed == null) {
            failed = new MambaException(
                    ErrorCode.LOG_FAILED,
                    "Could not " + action + " the journal; nothing after that can be trusted: repair the disk and"
                            + " open the log again",
                    problem);
        }
        thread.signal();
        writerFree.signalAll();
        forceEnded.signalAll();
    }

    // ---- what nobody waits for: called by the journal's own thread ------------------------------------------------

    /** Takes a role for those who do not wait; false if there is nothing to do now. */
    boolean work(long now, boolean quiet) {
        lock.lock();
        try {
            if (failed == null) {
                boolean due = unsynced && now - unsyncedSince >= SYNC_WITHIN_NANOS;
                if (!forcing && (due || nobodyLeads())) {
                    return forceRound();
                }
                if (!writing && !queue.isEmpty()) {
                    return writeRound();
                }
                if (quiet && !writing && !unsynced && forced > marked && queue.addMark()) {
                    return writeRound();
                }
            }
            if (completing || completions.next(written, forced, failed) == null) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        complete(null);
        return true;
    }

    private boolean nobodyLeads() {
        Append next = completions.oldestNotForced(forced);
        return next != null && next.waiter == null;
    }

    /** Whether {@link #work} would find something at once. Lock held. */
    boolean hasWork() {
        if (failed == null && ((!forcing && nobodyLeads()) || (!writing && !queue.isEmpty()))) {
            return true;
        }
        return !completing && completions.next(written, forced, failed) != null;
    }

    /** Whether something will be due without a further call: a sync or a mark. Lock held. */
    boolean hasWorkLater() {
        return failed == null && (unsynced || (forced > marked && queue.fits(Frame.HEADER)));
    }

    // ---- state: called with the lock -----------------------------------------------------------------------------

    long written() {
        return written;
    }

    /** The position up to which the journal itself tells that it is durable. */
    long marked() {
        return marked;
    }

    /** Whether the journal itself tells that all of it is durable. */
    boolean isMarked() {
        return !unsynced && forced == marked;
    }

    boolean hasFailed() {
        return failed != null;
    }

    void checkNotFailed() {
        if (failed != null) {
            throw failed;
        }
    }
}
