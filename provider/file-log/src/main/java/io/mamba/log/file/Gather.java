package io.mamba.log.file;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the leader of a group waits a moment for senders that were there a moment ago, so that all share one force
 * instead of taking turns in two groups. Never for a lone sender; not for large crowds, who cannot all be back in so
 * short a time; ever more rarely where it was in vain, or where the processors have so much else to do that a moment
 * becomes long. Guarded by the journal's lock.
 */
final class Gather {
    private static final int CROWD = 16;
    private static final long LONGEST_NANOS = 60_000;
    private static final int RAREST = 6;
    /** Whoever came back that late had given its processor to others, for a time slice of theirs. */
    private static final long LATE_NANOS = 500_000;

    private static final int RAREST_WHEN_LATE = 10;

    private final Completions completions;
    /** How many waiting senders the forces so far have served. */
    private long served;
    /** How many senders were there at the end of the last force. */
    private long expected;

    private long forceNanos;
    private int inVain;
    private int skip;

    Gather(Completions completions) {
        this.completions = completions;
    }

    /** Lets the lock go while it waits. */
    @SuppressWarnings("ThreadPriorityCheck") // Parking takes longer than the whole wait may.
    void await(ReentrantLock lock) {
        if (expected < 2 || expected > CROWD) {
            return;
        }
        if (skip > 0) {
            skip--;
            return;
        }
        long start = System.nanoTime();
        long longest = Math.min(LONGEST_NANOS, forceNanos / 2);
        while (present() < expected && System.nanoTime() - start < longest) {
            lock.unlock();
            try {
                Thread.yield();
            } finally {
                lock.lock();
            }
        }
        if (System.nanoTime() - start > LATE_NANOS) {
            inVain = Math.min(Math.max(inVain, RAREST) + 1, RAREST_WHEN_LATE);
        } else if (inVain > RAREST) {
            inVain--;
        } else {
            inVain = present() < expected ? Math.min(inVain + 1, RAREST) : 0;
        }
        skip = (1 << inVain) - 1;
    }

    private long present() {
        return completions.durableSenders() - served;
    }

    /** A force has ended that served so many senders of all that ever came. */
    void forced(long servedNow, long nanos) {
        expected = completions.durableSenders() - served;
        served = servedNow;
        forceNanos = nanos;
    }
}
