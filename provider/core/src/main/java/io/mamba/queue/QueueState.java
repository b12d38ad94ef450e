package io.mamba.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;

/**
 * One lane: who waits, who is with whom, what is done. Owned by the thread that runs the partition's inbox; not
 * thread-safe. Pure: time comes in as an argument.
 */
public final class QueueState {
    public static final int NO_SELECTOR = -1;

    public QueueState(QueueSettings settings) {
        throw new UnsupportedOperationException("under construction");
    }

    /** What follows from the command; changes nothing. Refusals are MambaExceptions with category CALLER. */
    public Decision decide(QueueCommand command, Instant now) {
        throw new UnsupportedOperationException("under construction");
    }

    /** The only mutator. */
    public void apply(QueueEvent event) {
        throw new UnsupportedOperationException("under construction");
    }

    /** When Tick has something to do: delay, expiry, back-off. Empty while nothing waits for a time. */
    public Optional<Instant> nextDeadline() {
        throw new UnsupportedOperationException("under construction");
    }

    public QueueCounts counts() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Makes room for a selector's results: one bit a waiting message. The number is reused after unregistering. */
    public int registerSelector() {
        throw new UnsupportedOperationException("under construction");
    }

    public void unregisterSelector(int selector) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Whether the lane still needs the message: it is in any state but settled, expired or buried. */
    public boolean holds(long position) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Positions the lane still needs, ascending. */
    public PrimitiveIterator.OfLong live() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Up to {@code max} available and visible (not delayed, not expired) positions in delivery order, for a browser. */
    public PrimitiveIterator.OfLong browse(Instant now) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Branches that have prepared messages here. */
    public List<String> preparedBranches() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * The durable state in pieces of at most {@code pieceSize} bytes; soft states count as AVAILABLE. Restored by
     * {@link #restore}.
     */
    public List<byte[]> snapshot(int pieceSize) {
        throw new UnsupportedOperationException("under construction");
    }

    public static QueueState restore(QueueSettings settings, List<byte[]> pieces) {
        throw new UnsupportedOperationException("under construction");
    }
}
