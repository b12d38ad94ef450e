package io.mamba.queue;

import io.mamba.queue.Decision.Acquisition;
import io.mamba.queue.Decision.Burial;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision in the making. */
final class Outcome {
    private final List<QueueEvent> soft = new ArrayList<>();
    private final List<QueueEvent> events = new ArrayList<>();
    private final List<Burial> burials = new ArrayList<>();
    private final List<Acquisition> acquired = new ArrayList<>();

    void soft(QueueEvent event) {
        soft.add(event);
    }

    void event(QueueEvent event) {
        events.add(event);
    }

    void expire(long[] positions) {
        if (positions.length > 0) {
            soft.add(new QueueEvent.Committing(positions));
            events.add(new QueueEvent.Expired(positions));
        }
    }

    /** An available message goes to the dead-letter queue. */
    void bury(Touched message, @Nullable String cause) {
        soft.add(new QueueEvent.Committing(new long[] {message.position}));
        buryAfterEvents(message, cause);
    }

    /** An available message goes to the dead-letter queue. */
    void bury(long position, int attempts, String cause) {
        soft.add(new QueueEvent.Committing(new long[] {position}));
        events.add(new QueueEvent.Buried(position));
        burials.add(new Burial(position, attempts, cause));
    }

    /** A message that the events so far make available goes to the dead-letter queue. */
    void buryAfterEvents(Touched message, @Nullable String cause) {
        events.add(new QueueEvent.Buried(message.position));
        String reason = cause != null ? cause : message.cause;
        burials.add(new Burial(
                message.position,
                message.count,
                reason != null ? reason : "delivered " + message.count + " times without being settled"));
    }

    /** These available messages are claimed, for the holder. */
    void claim(long holder, long[] positions, boolean delivers) {
        if (positions.length > 0) {
            soft.add(new QueueEvent.Claiming(holder, positions));
            events.add(new QueueEvent.Claimed(positions, delivers));
        }
    }

    void acquire(Candidate candidate) {
        acquired.add(new Acquisition(candidate.position(), candidate.count() + 1));
    }

    int acquired() {
        return acquired.size();
    }

    long[] acquiredPositions() {
        return acquired.stream().mapToLong(Acquisition::position).toArray();
    }

    Decision decision() {
        return soft.isEmpty() && events.isEmpty()
                ? Decision.NOTHING
                : new Decision(List.copyOf(soft), List.copyOf(events), List.copyOf(burials), List.copyOf(acquired));
    }
}
