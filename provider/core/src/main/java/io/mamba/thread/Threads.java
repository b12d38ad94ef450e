package io.mamba.thread;

import java.util.concurrent.ThreadFactory;

/** Lends the threads in which a log and its node do their own work. Thread-safe. */
public interface Threads {
    /** A thread for this task, which may last as long as the log is open; not started yet. */
    TaskThread forTask(Runnable task);

    /** A new thread of Mamba's own for each task. */
    static Threads own() {
        return of(OwnThreads::thread);
    }

    /** A new thread for each task. They should be daemons. */
    static Threads of(ThreadFactory factory) {
        return task -> new PlainThread(factory.newThread(task));
    }
}
