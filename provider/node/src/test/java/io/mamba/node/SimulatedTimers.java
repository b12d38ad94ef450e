package io.mamba.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Time by hand, and a node's background work, one task at a time, when the simulation wants it. */
final class SimulatedTimers extends Clock implements Timers {
    private record Task(Instant at, long number, Runnable work) {}

    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::number));
    private final List<Runnable> ready = new ArrayList<>();
    private Instant now;
    private long number;

    SimulatedTimers(Instant now) {
        this.now = now;
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
        while (!waiting.isEmpty() && !waiting.element().at().isAfter(now)) {
            ready.add(waiting.remove().work());
        }
    }

    synchronized boolean hasReady() {
        return !ready.isEmpty();
    }

    /** One of the two that are due longest, as there are two threads. */
    void runOne(Random random) {
        Runnable task;
        synchronized (this) {
            task = ready.remove(random.nextInt(Math.min(2, ready.size())));
        }
        task.run();
    }

    @Override
    public synchronized void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public synchronized void at(Instant when, Runnable task) {
        if (when.isAfter(now)) {
            waiting.add(new Task(when, number++, task));
        } else {
            ready.add(task);
        }
    }

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        at(now.plus(delay), task);
    }

    @Override
    public void every(Duration period, Runnable task) {
        // Checkpoints are steps of the program.
    }

    @Override
    public synchronized void close() {
        waiting.clear();
        ready.clear();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("simulations use UTC");
    }
}
