package io.mamba.failures;

import org.jspecify.annotations.Nullable;

/** Stops the threads of a JVM at a chosen point of their transactions until it is told to go on. Thread-safe. */
final class Holding {
    /** A point in a transaction. */
    enum Where {
        /** All received and sent, nothing committed or prepared. */
        OPEN,
        /** Both branches prepared: one of the threads before its decision is written, the others behind. */
        PREPARED
    }

    private @Nullable Where where;

    synchronized void hold(Where point) {
        where = point;
    }

    synchronized void go() {
        where = null;
        notifyAll();
    }

    /** @param what is held, for the starter */
    synchronized void at(Where point, String what) {
        if (where == point) {
            Traffic.say("held " + what);
            while (where == point) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted while held", e);
                }
            }
        }
    }
}
