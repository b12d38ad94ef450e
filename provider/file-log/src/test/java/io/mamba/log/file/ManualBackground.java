package io.mamba.log.file;

import java.util.ArrayList;
import java.util.List;

/** A log's own work done step by step, in the thread of the test, by a clock of the test. */
final class ManualBackground implements Background {
    private final List<ManualWorker> workers = new ArrayList<>();
    private long now;

    private final class ManualWorker implements Worker {
        private final Work work;
        private boolean started;
        private boolean working;
        private long due;

        ManualWorker(Work work) {
            this.work = work;
        }

        /** Whether it was its turn; that it has nothing more to do now does not mean that it did nothing. */
        boolean step() {
            if (!started || working || due > now) {
                return false;
            }
            working = true;
            due = UNTIL_WOKEN;
            try {
                long wait = work.step(now);
                if (wait != UNTIL_WOKEN) {
                    due = Math.min(due, now + wait);
                }
                return true;
            } finally {
                working = false;
            }
        }

        @Override
        public void start() {
            started = true;
        }

        @Override
        public void wake() {
            due = now;
        }

        @Override
        public void end() {
            started = false;
        }

        @Override
        public boolean isCurrent() {
            return working;
        }
    }

    @Override
    public Worker worker(Work work) {
        ManualWorker worker = new ManualWorker(work);
        workers.add(worker);
        return worker;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** One step of whoever is due now; false if nobody is. */
    boolean step() {
        for (ManualWorker worker : workers) {
            if (worker.step()) {
                return true;
            }
        }
        return false;
    }

    /** Time passes; what becomes due meanwhile is done when it is due. */
    void pass(long nanos) {
        long until = now + nanos;
        while (true) {
            while (step()) {
                // Until nothing is due.
            }
            long next = workers.stream()
                    .filter(worker -> worker.started)
                    .mapToLong(worker -> worker.due)
                    .min()
                    .orElse(UNTIL_WOKEN);
            if (next > until) {
                now = until;
                return;
            }
            now = Math.max(next, now + 1);
        }
    }
}
