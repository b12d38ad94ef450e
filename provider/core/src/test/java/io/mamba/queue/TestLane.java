package io.mamba.queue;

import io.mamba.queue.Decision.Acquisition;
import io.mamba.queue.QueueEvent.Enqueued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;

/** A lane whose log accepts everything at once, with a clock set by hand. */
final class TestLane {
    static final QueueSettings SETTINGS = new QueueSettings(3, Duration.ofMillis(100), 2.0, Duration.ofMillis(350));
    private static final int[] NO_MATCHES = {};

    final List<QueueEvent> log = new ArrayList<>();
    QueueState state = new QueueState(SETTINGS);
    long now = 1_000_000;

    static List<byte[]> snapshot(QueueState state, int pieceSize) {
        List<byte[]> pieces = new ArrayList<>();
        state.beginSnapshot(pieceSize).forEachRemaining(pieces::add);
        state.endSnapshot();
        return pieces;
    }

    void enqueue(long... positions) {
        for (long position : positions) {
            enqueue(new Enqueued(position, 4, 0, 0, 0, NO_MATCHES));
        }
    }

    void enqueueWithPriority(int priority, long... positions) {
        for (long position : positions) {
            enqueue(new Enqueued(position, priority, 0, 0, 0, NO_MATCHES));
        }
    }

    void enqueueInGroup(long group, long... positions) {
        for (long position : positions) {
            enqueue(new Enqueued(position, 4, group, 0, 0, NO_MATCHES));
        }
    }

    void enqueueDelayed(long position, long deliverAt) {
        enqueue(new Enqueued(position, 4, 0, deliverAt, 0, NO_MATCHES));
    }

    void enqueueExpiring(long position, long expireAt) {
        enqueue(new Enqueued(position, 4, 0, 0, expireAt, NO_MATCHES));
    }

    void enqueueMatching(int selector, long... positions) {
        for (long position : positions) {
            enqueue(new Enqueued(position, 4, 0, 0, 0, new int[] {selector}));
        }
    }

    void enqueue(Enqueued event) {
        log.add(event);
        state.apply(event);
    }

    Decision decide(QueueCommand command) {
        return state.decide(command, Instant.ofEpochMilli(now));
    }

    /** Decides, and applies the soft events: the batch is under way. */
    Decision begin(QueueCommand command) {
        Decision decision = decide(command);
        decision.soft().forEach(state::apply);
        return decision;
    }

    void accept(Decision decision) {
        log.addAll(decision.events());
        decision.events().forEach(state::apply);
    }

    Decision run(QueueCommand command) {
        Decision decision = begin(command);
        accept(decision);
        return decision;
    }

    List<Long> acquire(long holder, int max) {
        return acquire(holder, QueueState.NO_SELECTOR, max);
    }

    List<Long> acquire(long holder, int selector, int max) {
        return run(new QueueCommand.Acquire(holder, selector, max)).acquired().stream()
                .map(Acquisition::position)
                .toList();
    }

    void mark(long holder, long position) {
        run(new QueueCommand.Mark(holder, position));
    }

    /** Acquires the message, which has to be the next one, and hands it out. */
    void handOut(long holder, long position) {
        if (!acquire(holder, 1).equals(List.of(position))) {
            throw new AssertionError(position + " is not the next message");
        }
        mark(holder, position);
    }

    Decision settle(long holder, long... positions) {
        return run(new QueueCommand.Settle(holder, positions));
    }

    Decision giveBack(long holder, long... positions) {
        return run(new QueueCommand.Release(holder, positions, null, false));
    }

    Decision fail(long holder, long... positions) {
        return run(new QueueCommand.Release(holder, positions, "the listener failed", true));
    }

    Decision tick() {
        return run(new QueueCommand.Tick());
    }

    List<Long> browse() {
        return list(state.browse(Instant.ofEpochMilli(now)));
    }

    String fingerprint() {
        return state.fingerprint(Instant.ofEpochMilli(now));
    }

    /** As after a crash: only what was written is known. */
    void restart() {
        state = new QueueState(SETTINGS);
        log.forEach(state::apply);
    }

    static List<Long> list(PrimitiveIterator.OfLong positions) {
        List<Long> list = new ArrayList<>();
        positions.forEachRemaining((long position) -> list.add(position));
        return list;
    }
}
