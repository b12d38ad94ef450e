package io.mamba.thread;

/** The thread in which one task runs. Any thread may call. */
public interface TaskThread {
    /** Once. */
    void start();

    /** As {@link java.util.concurrent.locks.LockSupport#unpark}; without effect unless the task runs. */
    void unpark();

    /** Returns when the task has ended. Not disturbed by an interrupt, which the caller finds set afterwards. */
    void join();

    /** Whether it is the task who calls. */
    boolean isCurrent();
}
