package io.mamba.jms;

import java.util.function.BooleanSupplier;

/** Waiting that an interrupt does not end, since stop, close and commit must not return before their work is done. */
final class Waiting {
    private Waiting() {}

    /** The caller holds the monitor, which is notified when the condition may have changed. */
    @SuppressWarnings("WaitNotInLoop")
    static void until(Object monitor, BooleanSupplier condition) {
        boolean interrupted = false;
        while (!condition.getAsBoolean()) {
            try {
                monitor.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
