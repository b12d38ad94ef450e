package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.queue.QueueEvent.Enqueued;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** One lane in several members of a shared log; what is told is told to all at once. The clock is set by hand. */
final class SharedLane {
    private static final int[] NO_MATCHES = {};

    private final Map<Long, QueueState> states = new LinkedHashMap<>();
    private long lastMember = 100;
    long now = 1_000_000;

    SharedLane(long... members) {
        for (long member : members) {
            states.put(member, new QueueState(TestLane.SETTINGS));
            of(member).join(member);
        }
    }

    QueueState of(long member) {
        return Objects.requireNonNull(states.get(member));
    }

    /** One more member, which knows what another one knows. */
    void join(long member) {
        QueueState known = states.values().iterator().next();
        QueueState copy = QueueState.restore(TestLane.SETTINGS, TestLane.snapshot(known, 1000));
        copy.join(member);
        states.put(member, copy);
    }

    void replace(long member, QueueState state) {
        states.put(member, state);
    }

    /** The member has a new number from now on, as after an opening. */
    long joinAnew(long member) {
        QueueState state = Objects.requireNonNull(states.remove(member));
        state.join(++lastMember);
        states.put(lastMember, state);
        return lastMember;
    }

    void enqueue(long... positions) {
        enqueueInGroup(0, positions);
    }

    void enqueueInGroup(long group, long... positions) {
        for (long position : positions) {
            enqueue(new Enqueued(position, 4, group, 0, 0, NO_MATCHES));
        }
    }

    void enqueueExpiring(long position, long expireAt) {
        enqueue(new Enqueued(position, 4, 0, 0, expireAt, NO_MATCHES));
    }

    private void enqueue(Enqueued message) {
        states.values().forEach(state -> state.apply(message));
    }

    /** Decides, and applies the soft events: the batch is under way. */
    Decision decide(long member, QueueCommand command) {
        Decision decision = of(member).decide(command, Instant.ofEpochMilli(now));
        decision.soft().forEach(of(member)::apply);
        return decision;
    }

    void tell(long member, Decision decision) {
        List<QueueEvent> events = QueueEventCodec.decode(QueueEventCodec.encode(member, decision.events()))
                .events();
        events.forEach(event -> tell(member, event));
    }

    void tell(long member, QueueEvent event) {
        states.values().forEach(state -> state.apply(event, member));
    }

    Decision run(long member, QueueCommand command) {
        Decision decision = decide(member, command);
        tell(member, decision);
        return decision;
    }

    /** What the session has of what it asked for. */
    List<Long> acquire(long member, long session, int max) {
        Decision decision = run(member, new QueueCommand.Acquire(session, QueueState.NO_SELECTOR, max));
        return decision.acquired().stream()
                .map(Decision.Acquisition::position)
                .filter(position -> of(member).isAcquired(session, position))
                .toList();
    }

    void giveBack(long member, long session, long... positions) {
        run(member, new QueueCommand.Release(session, positions, null, false));
    }

    void gone(long member) {
        states.remove(member);
        tell(0, new QueueEvent.Gone(member));
    }

    String fingerprint(long member) {
        return of(member).fingerprint(Instant.ofEpochMilli(now));
    }

    void isAlikeEverywhere() {
        assertThat(LongStream.of(states.keySet().stream()
                                .mapToLong(Long::longValue)
                                .toArray())
                        .mapToObj(this::fingerprint)
                        .distinct())
                .hasSize(1);
    }
}
