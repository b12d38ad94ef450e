package io.mamba.client;

import io.mamba.node.Acquired;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver has claimed of a shared log and not handed out yet: a claim is a round trip to the cluster, so a busy
 * receiver claims as many at once as it is likely to hand out in {@link #KEPT}. What is left then goes back, as somebody
 * idle may want it. Thread-safe by its monitor.
 */
final class Prefetched {
    /** So long a message is kept that others could have. */
    static final Duration KEPT = Duration.ofMillis(50);

    private static final int LARGEST = 32;
    /** So many have to follow each other quickly before more than one is claimed. */
    private static final int IN_A_ROW = 16;

    private final Deque<Acquired> messages = new ArrayDeque<>();
    private long lastHandedOut;
    private int inARow;
    /** Between two messages, in nanoseconds, on average. */
    private long interval;

    /** How many to claim next. */
    synchronized int wanted() {
        return inARow < IN_A_ROW ? 1 : (int) Math.max(1, Math.min(LARGEST, KEPT.toNanos() / Math.max(1, interval)));
    }

    /** A message is handed out, from here or just claimed. */
    synchronized void handedOut(long nanoTime) {
        long since = nanoTime - lastHandedOut;
        lastHandedOut = nanoTime;
        if (inARow == 0 || since > KEPT.toNanos()) {
            interval = KEPT.toNanos();
            inARow = 1;
        } else {
            interval = (7 * interval + since) / 8;
            inARow++;
        }
    }

    synchronized void add(List<Acquired> claimed) {
        messages.addAll(claimed);
    }

    @Nullable
    synchronized Acquired poll() {
        return messages.poll();
    }

    /** All that is here: they go back. */
    synchronized List<Acquired> takeAll() {
        List<Acquired> all = List.copyOf(messages);
        messages.clear();
        return all;
    }

    /** Those of these messages that are still here: they go back, and one at a time is claimed for a while. */
    synchronized List<Acquired> takeBack(List<Acquired> claimed) {
        List<Acquired> left = claimed.stream().filter(messages::remove).toList();
        if (!left.isEmpty()) {
            inARow = 0;
        }
        return left;
    }
}
