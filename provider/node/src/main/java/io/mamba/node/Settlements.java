package io.mamba.node;

import io.mamba.queue.Decision;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Settlements of a shared log that nobody waits for one by one. The first of a lane is written at once; what comes while one is
 * being written goes together, in one record, when that is done: a round trip is for all of them. Thread-safe by its monitor.
 */
final class Settlements {
    private final Function<LaneWork, CompletableFuture<Void>> log;
    private final Executor executor;
    /** Of each lane of which some are being written, those that wait for it. */
    private final Map<Lane, Gathered> gathered = new HashMap<>();

    private static final class Gathered {
        final List<LaneWork> works = new ArrayList<>();
        final CompletableFuture<Void> written = new CompletableFuture<>();
    }

    /**
     * @param log completes when it has taken a settlement, or has refused it
     * @param executor for what goes on then
     */
    Settlements(Function<LaneWork, CompletableFuture<Void>> log, Executor executor) {
        this.log = log;
        this.executor = executor;
    }

    /** Completed when the log has taken it, or has refused it: then its messages come back. */
    CompletableFuture<Void> add(LaneWork work) {
        synchronized (this) {
            Gathered waiting = gathered.get(work.lane());
            if (waiting != null) {
                waiting.works.add(work);
                return waiting.written;
            }
            gathered.put(work.lane(), new Gathered());
        }
        return write(work.lane(), List.of(work));
    }

    private CompletableFuture<Void> write(Lane lane, List<LaneWork> works) {
        return CompletableFuture.allOf(together(lane, works).stream().map(log).toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> written(lane));
    }

    private void written(Lane lane) {
        synchronized (this) {
            Gathered waiting = gathered.get(lane);
            if (waiting == null || waiting.works.isEmpty()) {
                gathered.remove(lane);
                return;
            }
        }
        executor.execute(() -> writeNext(lane));
    }

    private void writeNext(Lane lane) {
        Gathered next;
        synchronized (this) {
            next = gathered.put(lane, new Gathered());
        }
        if (next == null) {
            throw new IllegalStateException("settlements of " + lane.id() + " were lost");
        }
        var unused = write(lane, next.works).whenComplete((nothing, failure) -> next.written.complete(null));
    }

    /** One for each member as which they were decided: hardly ever more than one. */
    private static List<LaneWork> together(Lane lane, List<LaneWork> works) {
        if (works.size() == 1) {
            return works;
        }
        return works.stream()
                .map(LaneWork::member)
                .distinct()
                .map(member -> new LaneWork(
                        lane,
                        QueueState.MEMBER_ITSELF,
                        new Decision(
                                events(works, member, Decision::soft),
                                events(works, member, Decision::events),
                                List.of(),
                                List.of()),
                        member))
                .toList();
    }

    private static List<QueueEvent> events(
            List<LaneWork> works, long member, Function<Decision, List<QueueEvent>> which) {
        return works.stream()
                .filter(work -> work.member() == member)
                .flatMap(work -> which.apply(work.decision()).stream())
                .toList();
    }
}
