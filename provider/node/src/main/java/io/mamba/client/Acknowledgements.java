package io.mamba.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledgements of a session that are on their way into a shared log: a killed process may see these messages again,
 * so there is a bound to them. Thread-safe by its monitor.
 */
final class Acknowledgements {
    private static final int MOST = 1024;

    private final Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    /** Waits for the oldest one if there are too many. */
    void add(CompletableFuture<Void> acknowledgement) {
        CompletableFuture<Void> oldest = enter(acknowledgement);
        if (oldest != null) {
            oldest.join();
        }
    }

    private synchronized @Nullable CompletableFuture<Void> enter(CompletableFuture<Void> acknowledgement) {
        for (CompletableFuture<Void> oldest = underWay.peek();
                oldest != null && oldest.isDone();
                oldest = underWay.peek()) {
            underWay.remove();
        }
        underWay.add(acknowledgement);
        return underWay.size() > MOST ? underWay.poll() : null;
    }

    /** Returns when all of them are in the log, or have been refused. */
    void await() {
        for (CompletableFuture<Void> next = poll(); next != null; next = poll()) {
            next.join();
        }
    }

    private synchronized @Nullable CompletableFuture<Void> poll() {
        return underWay.poll();
    }
}
