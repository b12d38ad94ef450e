package io.mamba.log.file;

import io.mamba.thread.TaskThread;
import io.mamba.thread.Threads;
import java.util.concurrent.locks.LockSupport;

/** A thread for each work, parked while nothing is due. */
final class BackgroundThreads implements Background {
    private final Threads threads;

    BackgroundThreads(Threads threads) {
        this.threads = threads;
    }

    @Override
    public Worker worker(Work work) {
        return new ThreadWorker(work);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    private final class ThreadWorker implements Worker, Runnable {
        private final Work work;
        private final TaskThread thread;
        private volatile boolean ended;

        @SuppressWarnings("this-escape") // The thread is not started yet.
        ThreadWorker(Work work) {
            this.work = work;
            this.thread = threads.forTask(this);
        }

        @Override
        public void run() {
            while (!ended) {
                long wait = work.step(System.nanoTime());
                // Whatever the step waited for may have used up the permit that end gave: look at the flag last.
                if (wait > 0 && !ended) {
                    if (wait == UNTIL_WOKEN) {
                        LockSupport.park(this);
                    } else {
                        LockSupport.parkNanos(this, wait);
                    }
                    // Nobody may interrupt these threads; if somebody does, parking must go on to work.
                    Thread.interrupted();
                }
            }
        }

        @Override
        public void start() {
            thread.start();
        }

        @Override
        public void wake() {
            thread.unpark();
        }

        @Override
        public void end() {
            ended = true;
            wake();
            thread.join();
        }

        @Override
        public boolean isCurrent() {
            return thread.isCurrent();
        }
    }
}
