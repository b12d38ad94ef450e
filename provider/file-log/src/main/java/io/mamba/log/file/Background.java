package io.mamba.log.file;

/** Who does the log's own work, that none of its callers does: threads, or a test step by step. */
interface Background {
    /** What a {@link Work#step} returns that has nothing to do until it is woken. */
    long UNTIL_WOKEN = Long.MAX_VALUE;

    /** To be done again and again, by one thread at a time. */
    interface Work {
        /** Does what is due by now, and gives how many nanoseconds later it wants to be called again. */
        long step(long now);
    }

    /** Does one work. */
    interface Worker {
        void start();

        /** There is something to do now. Never blocks. */
        void wake();

        /** Returns when the work is not under way any more, and never will be. Not disturbed by an interrupt. */
        void end();

        /** Whether it is the worker who calls. */
        boolean isCurrent();
    }

    Worker worker(Work work);

    /** As {@link System#nanoTime}. */
    long nanoTime();
}
