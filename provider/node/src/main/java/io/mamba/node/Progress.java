package io.mamba.node;

import io.mamba.log.Log;
import io.mamba.log.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * How far the tails of a shared log have been told, for those who must see what has returned before. In a log of one node
 * there is nothing to wait for. Thread-safe by its monitor.
 */
final class Progress {
    private record Waiting(Partition partition, long fence, CompletableFuture<Void> passed) {}

    private final Log log;
    private final Map<Partition, Long> told = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    Progress(Log log) {
        this.log = log;
    }

    /** A tail of this partition begins here. */
    synchronized void begin(Partition partition, long from) {
        told.merge(partition, from, Math::max);
    }

    /** A tail of this partition has been told of everything before this position. */
    void told(Partition partition, long next) {
        List<CompletableFuture<Void>> passed = new ArrayList<>();
        synchronized (this) {
            told.computeIfPresent(partition, (same, before) -> Math.max(before, next));
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting one = all.next();
                if (one.partition.equals(partition) && one.fence <= next) {
                    all.remove();
                    passed.add(one.passed);
                }
            }
        }
        passed.forEach(future -> future.complete(null));
    }

    /** How far this partition's tail has been told; 0 if it has none. */
    synchronized long toldOf(Partition partition) {
        return told.getOrDefault(partition, 0L);
    }

    /** Returns when everything that any node completed in those of these partitions that have tails has been told here. */
    void await(Collection<Partition> partitions) {
        if (log.shared()) {
            log.fence(partitions).forEach((partition, fence) -> Futures.await(passing(partition, fence)));
        }
    }

    /** The partition has no tail any more: there is nothing to wait for. */
    void ended(Partition partition) {
        List<CompletableFuture<Void>> left = new ArrayList<>();
        synchronized (this) {
            told.remove(partition);
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting one = all.next();
                if (one.partition.equals(partition)) {
                    all.remove();
                    left.add(one.passed);
                }
            }
        }
        left.forEach(future -> future.complete(null));
    }

    private synchronized CompletableFuture<Void> passing(Partition partition, long fence) {
        Long here = told.get(partition);
        if (here == null || here >= fence) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> passed = new CompletableFuture<>();
        waiting.add(new Waiting(partition, fence, passed));
        return passed;
    }

    /** Nothing more will be told: whoever waits goes on, and finds the log closed. */
    void end() {
        List<Waiting> left;
        synchronized (this) {
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(one -> one.passed.complete(null));
    }
}
