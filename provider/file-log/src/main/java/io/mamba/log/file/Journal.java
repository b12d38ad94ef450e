package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Ownership;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes frames: checks them, gives them their place, notes what they hold and leaves the rest to {@link GroupCommit}.
 * Its lock guards everything that has to do with places. Thread-safe.
 */
final class Journal {
    final ReentrantLock lock = new ReentrantLock();
    final Completions completions;
    private final SegmentStore segments;
    private final Contents contents;
    private final Ownerships ownerships;
    private final JournalThread thread;
    private final FrameQueue queue;
    private final GroupCommit commit;
    private boolean closing;

    Journal(
            SegmentStore segments,
            Contents contents,
            Ownerships ownerships,
            Completions completions,
            JournalThread thread,
            FrameQueue queue,
            JournalWriter writer,
            long synced) {
        this.segments = segments;
        this.contents = contents;
        this.ownerships = ownerships;
        this.completions = completions;
        this.thread = thread;
        this.queue = queue;
        this.commit = new GroupCommit(lock, segments, queue, completions, thread, writer, synced);
        thread.serve(this, commit);
        segments.whenGone(problem -> locked(() -> {
            commit.fail("find the files of", problem);
            return true;
        }));
    }

    // ---- appending ----------------------------------------------------------------------------------------------

    /** Places the frame and sees to it that someone writes it. */
    void submit(Append append, Set<Ownership> relies, Batch.Purpose purpose) {
        boolean reached = append.level == Durability.NONE;
        boolean write = append.level == Durability.WRITTEN && append.waiter == null;
        lock.lock();
        try {
            awaitRoom(append, purpose);
            ownerships.check(relies);
            place(append);
            if (reached) {
                thread.signalIfIdle();
            } else if (append.waiter == null && !write) {
                thread.signal();
            }
        } finally {
            lock.unlock();
        }
        if (write) {
            // A system call, cheaper than waking another thread for it. If it fails, the append's future tells so.
            commit.tryWrite(append.end());
        } else if (reached) {
            commit.complete(append);
        }
    }

    void await(Append append) {
        commit.await(append);
    }

    /** Waits, with the lock held, until the queue is short enough and the segment has room. */
    private void awaitRoom(Append append, Batch.Purpose purpose) {
        while (true) {
            checkUsable();
            if (queue.isFull()) {
                commit.writeOrAwaitWriter();
                continue;
            }
            boolean behindNext = append.payload.kind() == Frame.Kind.PIECE && !segments.hasNext();
            if (!behindNext && queue.fits(append.span) && segments.allows(queue.rest() - append.span, purpose)) {
                return;
            }
            Segment next = queue.fits(append.span) ? null : segments.takeNext(append.span, purpose);
            if (next != null) {
                queue.roll(next);
                continue;
            }
            lock.unlock();
            try {
                if (behindNext) {
                    segments.awaitNext();
                } else {
                    segments.awaitReady(append.span, purpose);
                }
            } finally {
                lock.lock();
            }
        }
    }

    private void place(Append append) {
        queue.add(append);
        switch (append.payload.kind()) {
            case PIECE -> queue.current().openPieces++;
            case BATCH, COMMIT -> placeRecords(append);
            case RELOCATION -> completions.add(append);
            case MARK, END -> {}
        }
    }

    private void placeRecords(Append append) {
        Payload payload = append.payload;
        PartitionState[] states = payload.states();
        append.positions = new long[states.length];
        for (int i = 0; i < states.length; i++) {
            long position = append.position + Frame.HEADER + payload.offsets()[i];
            append.positions[i] = position;
            LogRecord record = payload.records().get(i);
            contents.placed(states[i], position, record.key(), record.value() == null, queue.current());
            states[i].defined = true;
            states[i].underWay++;
        }
        contents.piecesTookEffect(append.pieces, queue.current(), true);
        completions.add(append);
    }

    /** Pieces of a batch that was refused: nothing refers to them. */
    void drop(List<Long> pieces) {
        locked(() -> {
            contents.piecesDropped(pieces);
            return true;
        });
    }

    // ---- for readers and checkpoints ----------------------------------------------------------------------------

    /** Sees to it that everything placed so far is in the hands of the operating system. */
    void flush() {
        commit.write(placed());
    }

    /** Sees to it that everything before the position is durable. */
    void force(long target) {
        commit.force(target);
    }

    /** The append that holds a record not written yet, or null. Lock held. */
    @Nullable
    Append unwritten(long position) {
        return position < commit.written() ? null : queue.covering(position);
    }

    /** Every record of the partition before this is told to its tails. Lock held. */
    long end(PartitionState state) {
        return state.underWay == 0 ? state.end : completions.firstUnderWay(state, state.end);
    }

    long placed() {
        return locked(queue::placed);
    }

    /** Of the next frame. */
    long sequence() {
        return locked(queue::sequence);
    }

    int waiting(Durability level) {
        return locked(() -> completions.waiting(level));
    }

    boolean isMarked() {
        return locked(commit::isMarked);
    }

    long marked() {
        return locked(commit::marked);
    }

    // ---- closing ------------------------------------------------------------------------------------------------

    boolean hasFailed() {
        return locked(commit::hasFailed);
    }

    void checkOpen() {
        locked(() -> {
            checkUsable();
            return true;
        });
    }

    private void checkUsable() {
        commit.checkNotFailed();
        if (closing) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed");
        }
    }

    /** From now on nothing more is taken. False if it was so already. */
    boolean startClosing() {
        return locked(() -> {
            boolean first = !closing;
            closing = true;
            return first;
        });
    }

    /** Makes everything durable, with a mark that says so. */
    void finish() {
        force(placed());
        locked(queue::addMark);
        force(placed());
    }

    <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }
}
