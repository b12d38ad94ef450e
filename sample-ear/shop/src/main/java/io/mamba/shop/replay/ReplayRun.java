package io.mamba.shop.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One replay and how far it is. Shared by the threads that submit and the bean that pays; thread-safe. */
final class ReplayRun {

    /** A run that nothing happens to any more for this long is over, whatever is missing. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final int requested;
    private final Instant started;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger submitted = new AtomicInteger();
    private final Set<String> paid = ConcurrentHashMap.newKeySet();
    private volatile Instant lastStep;
    private volatile @Nullable Instant allSubmitted;
    private volatile boolean stopped;

    ReplayRun(String name, int requested, Instant now) {
        this.name = name;
        this.requested = requested;
        this.started = now;
        this.lastStep = now;
    }

    String name() {
        return name;
    }

    int requested() {
        return requested;
    }

    /** The number of the next order to submit; at or above {@link #requested} there is none. */
    int take() {
        return stopped ? requested : next.getAndIncrement();
    }

    void submitted(Instant now) {
        lastStep = now;
        if (submitted.incrementAndGet() == requested) {
            allSubmitted = now;
        }
    }

    void paid(String orderId, Instant now) {
        lastStep = now;
        paid.add(orderId);
    }

    void stop() {
        stopped = true;
    }

    int submittedCount() {
        return submitted.get();
    }

    int paidCount() {
        return paid.size();
    }

    /** Orders submitted per second, so far or over the whole run. */
    double rate(Instant now) {
        Instant end = allSubmitted == null ? now : allSubmitted;
        double seconds = Duration.between(started, end).toMillis() / 1000.0;
        return seconds <= 0 ? 0 : Math.round(submitted.get() / seconds * 10) / 10.0;
    }

    boolean running(Instant now) {
        boolean complete = submitted.get() >= requested && paid.size() >= requested;
        return !complete && !stopped && Duration.between(lastStep, now).compareTo(PATIENCE) < 0;
    }
}
