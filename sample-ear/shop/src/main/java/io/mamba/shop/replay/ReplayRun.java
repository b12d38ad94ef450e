package io.mamba.shop.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One replay and how far it is: as submitted by this instance of the shop, or as heard of from what customers are told when another
 * submits. Its name says when it was started and of how many orders, so that all know. Thread-safe.
 */
final class ReplayRun {

    /** A run that nothing happens to any more for this long is over, whatever is missing. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** As long, for one that is only heard of: it may be of an instance that is gone. */
    private static final Duration PATIENCE_AFAR = Duration.ofSeconds(10);

    private static final Pattern NAME = Pattern.compile("r([0-9a-z]{1,10})-([0-9]{1,7})");

    private final String name;
    private final int requested;
    private final Instant started;
    private final boolean here;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger submitted = new AtomicInteger();
    private final Set<String> created = ConcurrentHashMap.newKeySet();
    private final Set<String> paid = ConcurrentHashMap.newKeySet();
    private volatile Instant lastStep;
    private volatile @Nullable Instant allSubmitted;
    private volatile boolean stopped;

    private ReplayRun(String name, int requested, Instant started, boolean here, Instant now) {
        this.name = name;
        this.requested = requested;
        this.started = started;
        this.here = here;
        this.lastStep = now;
    }

    /** One that this instance submits. */
    static ReplayRun begun(int requested, Instant now) {
        return new ReplayRun("r" + Long.toString(now.toEpochMilli(), 36) + "-" + requested, requested, now, true, now);
    }

    /** One that another instance submits, or this one before it was started again; empty if it is none's name. */
    static Optional<ReplayRun> heardOf(String name, Instant now) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Instant started = Instant.ofEpochMilli(Long.parseLong(parts.group(1), 36));
        return Optional.of(new ReplayRun(name, Integer.parseInt(parts.group(2)), started, false, now));
    }

    String name() {
        return name;
    }

    /** Whether this instance submits it. */
    boolean here() {
        return here;
    }

    boolean isNewerThan(@Nullable ReplayRun other) {
        return other == null || started.isAfter(other.started);
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

    /** A customer was told of an order of this replay, by whichever instance. */
    void told(String orderId, String state, Instant now) {
        lastStep = now;
        if (!state.equals("CREATED")) {
            paid.add(orderId);
        } else if (!here && created.add(orderId)) {
            submitted(now);
        }
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
        return !complete && !stopped && Duration.between(lastStep, now).compareTo(here ? PATIENCE : PATIENCE_AFAR) < 0;
    }
}
