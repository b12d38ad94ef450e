package io.mamba.thread;

import java.util.concurrent.locks.LockSupport;

/** A thread of its own, which ends with its task. */
record PlainThread(Thread thread) implements TaskThread {

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void unpark() {
        LockSupport.unpark(thread);
    }

    @Override
    public void join() {
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
