package io.mamba.node;

import java.time.Duration;
import java.time.Instant;

/** Deadlines and background work of a node: the only place where time passes by itself. Tasks must not throw. */
interface Timers extends AutoCloseable {
    /** Soon, on another thread; also if this is closed meanwhile, then perhaps by the caller. */
    void execute(Runnable task);

    /**
     * As {@link #execute}, for what never waits for anything: it is run although all that was given to the others waits, perhaps
     * for this.
     */
    default void drain(Runnable task) {
        execute(task);
    }

    void at(Instant when, Runnable task);

    void after(Duration delay, Runnable task);

    void every(Duration period, Runnable task);

    /** What runs is let finish, what waits for its time is dropped. */
    @Override
    void close();
}
