package io.mamba.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time by hand: a clock that stands still, and tasks that run when it is moved over them. Moved by one thread, read and given tasks by any. */
final class ManualTimers extends Clock implements Timers {
    private record Task(Instant at, Runnable run) {}

    private final List<Task> tasks = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void at(Instant when, Runnable task) {
        tasks.add(new Task(when, task));
    }

    @Override
    public void after(Duration delay, Runnable task) {
        at(now.plus(delay), task);
    }

    @Override
    public void every(Duration period, Runnable task) {
        // Checkpoints are called by name in these tests.
    }

    /** Moves the clock step by step over what is due. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Task next = tasks.stream()
                    .filter(task -> !task.at().isAfter(end))
                    .min(Comparator.comparing(Task::at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            tasks.remove(next);
            now = next.at().isAfter(now) ? next.at() : now;
            next.run().run();
        }
        now = end;
    }

    @Override
    public void close() {
        tasks.clear();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("tests use UTC");
    }
}
