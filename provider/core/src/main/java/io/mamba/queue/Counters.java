package io.mamba.queue;

import static io.mamba.queue.MessageState.ACQUIRED;
import static io.mamba.queue.MessageState.AVAILABLE;
import static io.mamba.queue.MessageState.BURIED;
import static io.mamba.queue.MessageState.CLAIMING;
import static io.mamba.queue.MessageState.COMMITTING;
import static io.mamba.queue.MessageState.ELSEWHERE;
import static io.mamba.queue.MessageState.EXPIRED;
import static io.mamba.queue.MessageState.PREPARED;
import static io.mamba.queue.MessageState.SETTLED;

import java.util.EnumMap;
import java.util.Map;

/** How many messages are in each state, counted as they move. */
final class Counters {
    private final Map<MessageState, Long> inState = new EnumMap<>(MessageState.class);
    private long enqueued;

    void enqueued() {
        enqueued++;
        add(AVAILABLE, 1);
    }

    void moved(MessageState from, MessageState to) {
        add(from, -1);
        add(to, 1);
    }

    private void add(MessageState state, long number) {
        inState.merge(state, number, Long::sum);
    }

    /** Messages that came and went before the state was restored. */
    void restoreDone(long settled, long expired, long buried) {
        add(SETTLED, settled);
        add(EXPIRED, expired);
        add(BURIED, buried);
        enqueued += settled + expired + buried;
    }

    long in(MessageState state) {
        return inState.getOrDefault(state, 0L);
    }

    /** How many are in a state that the lane needs them in. */
    long live() {
        return in(AVAILABLE) + acquired() + in(COMMITTING) + in(PREPARED);
    }

    /** Those that are on their way to a holder or with one, in this member or another. */
    private long acquired() {
        return in(ACQUIRED) + in(CLAIMING) + in(ELSEWHERE);
    }

    QueueCounts counts(long scheduled) {
        return new QueueCounts(
                enqueued,
                in(AVAILABLE),
                acquired(),
                in(COMMITTING),
                in(PREPARED),
                in(SETTLED),
                in(EXPIRED),
                in(BURIED),
                scheduled);
    }
}
