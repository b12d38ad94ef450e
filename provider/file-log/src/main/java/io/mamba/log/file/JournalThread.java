package io.mamba.log.file;

import org.jspecify.annotations.Nullable;

/**
 * The journal's own work: competes for the journal's roles on behalf of those who do not wait, syncs what was written
 * without a force, and leaves a mark when the journal falls idle. Wants to be called without a deadline while nothing is
 * due.
 */
final class JournalThread implements Background.Work {
    private static final long TICK_NANOS = 25_000_000;

    private final Background background;
    private final Background.Worker worker;
    private @Nullable Journal journal;
    private @Nullable GroupCommit commit;
    // Owned by the worker.
    private long placedAtTick = -1;
    private long tick;
    // Guarded by the journal's lock.
    private boolean parked;
    private boolean withDeadline;

    @SuppressWarnings("this-escape") // The worker is started later.
    JournalThread(Background background) {
        this.background = background;
        this.worker = background.worker(this);
        this.tick = background.nanoTime();
    }

    void serve(Journal served, GroupCommit roles) {
        journal = served;
        commit = roles;
    }

    void start() {
        worker.start();
    }

    void end() {
        worker.end();
    }

    boolean isCurrent() {
        return worker.isCurrent();
    }

    long nanoTime() {
        return background.nanoTime();
    }

    /** There is something to do now. Called with the journal's lock held. */
    void signal() {
        if (parked) {
            parked = false;
            worker.wake();
        }
    }

    /** There will be something to do within a tick. Called with the journal's lock held. */
    void signalIfIdle() {
        if (parked && !withDeadline) {
            signal();
        }
    }

    @Override
    public long step(long now) {
        Journal served = journal;
        GroupCommit roles = commit;
        if (served == null || roles == null) {
            throw new IllegalStateException("no journal to serve");
        }
        boolean quiet = false;
        if (now - tick >= TICK_NANOS) {
            tick = now;
            long placed = served.placed();
            quiet = placed == placedAtTick;
            placedAtTick = placed;
        }
        if (roles.work(now, quiet) || !served.locked(() -> prepareToPark(roles))) {
            return 0;
        }
        return withDeadline ? Math.max(1, tick + TICK_NANOS - now) : Background.UNTIL_WOKEN;
    }

    private boolean prepareToPark(GroupCommit roles) {
        parked = !roles.hasWork();
        withDeadline = roles.hasWorkLater();
        return parked;
    }
}
