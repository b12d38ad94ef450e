package io.mamba.log.file;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** A thread for each work, parked while nothing is due. */
final class BackgroundThreads implements Background {
    private final ThreadFactory threads;

    BackgroundThreads(ThreadFactory threads) {
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
        private final Thread thread;
        private volatile boolean ended;

        @SuppressWarnings("this-escape") // The thread is not started yet.
        ThreadWorker(Work work) {
            this.work = work;
            this.thread = threads.newThread(this);
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
            LockSupport.unpark(thread);
        }

        @Override
        public void end() {
            ended = true;
            wake();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == thread;
        }
    }
}
