package io.mamba.log.file;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The journal's own thread: competes for the journal's roles on behalf of those who do not wait, syncs what was written
 * without a force, and leaves a mark when the journal falls idle. Parks without a deadline while nothing is due.
 */
final class JournalThread implements Runnable {
    private static final long TICK_NANOS = 25_000_000;

    private volatile boolean stopped;
    private volatile @Nullable Thread runner;
    private @Nullable Journal journal;
    private @Nullable GroupCommit commit;
    // Guarded by the journal's lock.
    private boolean parked;
    private boolean withDeadline;

    void serve(Journal served, GroupCommit roles) {
        journal = served;
        commit = roles;
    }

    boolean isCurrent() {
        return Thread.currentThread() == runner;
    }

    /** There is something to do now. Called with the journal's lock held. */
    void signal() {
        if (parked) {
            parked = false;
            LockSupport.unpark(runner);
        }
    }

    /** There will be something to do within a tick. Called with the journal's lock held. */
    void signalIfIdle() {
        if (parked && !withDeadline) {
            signal();
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(runner);
    }

    @Override
    public void run() {
        Journal served = journal;
        GroupCommit roles = commit;
        if (served == null || roles == null) {
            throw new IllegalStateException("no journal to serve");
        }
        runner = Thread.currentThread();
        long placedAtTick = -1;
        long tick = System.nanoTime();
        while (!stopped) {
            long now = System.nanoTime();
            boolean quiet = false;
            if (now - tick >= TICK_NANOS) {
                tick = now;
                long placed = served.placed();
                quiet = placed == placedAtTick;
                placedAtTick = placed;
            }
            // Waiting for the lock may have used up the permit that stop gave: look at the flag last.
            if (!roles.work(now, quiet) && served.locked(() -> prepareToPark(roles)) && !stopped) {
                if (withDeadline) {
                    LockSupport.parkNanos(this, Math.max(1, tick + TICK_NANOS - now));
                } else {
                    LockSupport.park(this);
                }
                Thread.interrupted();
            }
        }
    }

    private boolean prepareToPark(GroupCommit roles) {
        parked = !roles.hasWork();
        withDeadline = roles.hasWorkLater();
        return parked;
    }
}
