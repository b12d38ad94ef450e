package io.mamba.node;

import io.mamba.thread.TaskThread;
import io.mamba.thread.Threads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The timers of a real node, on two threads that were lent, which no executor of the JDK would use, and two for what {@link
 * #drain} runs. What was given to that or to {@link #execute} is run in any case, if need be by the thread that closes or by
 * the caller: an inbox counts on it. Thread-safe.
 */
final class ScheduledTimers implements Timers {
    private static final Logger LOG = System.getLogger(ScheduledTimers.class.getName());
    private static final int THREADS = 2;
    /** What is later is looked at again then. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Clock clock;
    private final Pool tasks;
    /** A node that takes part again waits for inboxes, while the other thread waits for it: inboxes need threads of their own. */
    private final Pool drains;

    ScheduledTimers(Clock clock, Threads lent) {
        this.clock = clock;
        tasks = new Pool(lent);
        drains = new Pool(lent);
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public void drain(Runnable task) {
        drains.execute(task);
    }

    @Override
    public void at(Instant when, Runnable task) {
        after(Duration.between(clock.instant(), when), task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.after(delay.compareTo(LONGEST) > 0 ? LONGEST : delay, task);
    }

    @Override
    public void every(Duration period, Runnable task) {
        after(period, () -> {
            try {
                task.run();
            } finally {
                every(period, task);
            }
        });
    }

    /** Ends all threads; what runs is let finish, what waits for its time is dropped. */
    @Override
    public void close() {
        tasks.close();
        drains.close();
    }

    /** Two lent threads and what they have to run. Thread-safe. */
    private static final class Pool {
        private final DelayQueue<Due> waiting = new DelayQueue<>();
        private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
        private final List<TaskThread> threads;
        private volatile boolean closing;
        private volatile boolean closed;

        Pool(Threads lent) {
            threads = Stream.generate(() -> lent.forTask(this::runWhatIsDue))
                    .limit(THREADS)
                    .toList();
            threads.forEach(TaskThread::start);
        }

        private void runWhatIsDue() {
            while (!closing) {
                try {
                    waiting.take().run();
                } catch (InterruptedException e) {
                    // Nobody may interrupt these threads; if somebody does, taking must go on to work.
                    LOG.log(Level.DEBUG, "A thread of the node's timers was interrupted.");
                } catch (RuntimeException | Error e) {
                    LOG.log(Level.ERROR, "A task of the node's timers has failed.", e);
                }
            }
        }

        void execute(Runnable task) {
            ready.add(task);
            after(Duration.ZERO, this::runOne);
            if (closed) {
                runOne();
            }
        }

        private void runOne() {
            Runnable task = ready.poll();
            if (task != null) {
                task.run();
            }
        }

        void after(Duration delay, Runnable task) {
            if (!closing) {
                waiting.put(new Due(System.nanoTime() + (delay.isNegative() ? 0 : delay.toNanos()), task));
            }
        }

        void close() {
            closing = true;
            waiting.clear();
            threads.forEach(thread -> waiting.put(new Due(System.nanoTime(), () -> {})));
            threads.forEach(TaskThread::join);
            closed = true;
            while (!ready.isEmpty()) {
                runOne();
            }
        }
    }

    /** @param when as {@link System#nanoTime} */
    private record Due(long when, Runnable task) implements Delayed {
        void run() {
            task.run();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(when - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(when - ((Due) other).when);
        }
    }
}
