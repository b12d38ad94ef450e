package io.mamba.node;

import io.mamba.queue.Decision;
import io.mamba.queue.QueueEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a decision wants written for a lane.
 *
 * @param holder whose messages they are, to whom they go back if the log refuses; 0 for nobody's
 * @param member as which member of a shared log it was decided: under another it may not be written
 */
record LaneWork(Lane lane, long holder, Decision decision, long member) {
    /** What was just decided, by the thread that decided it or while the node does not become another member. */
    LaneWork(Lane lane, long holder, Decision decision) {
        this(lane, holder, decision, lane.member());
    }

    /** The same in several parts, each with so many expired messages at most. */
    List<LaneWork> parts(int expiredAtOnce) {
        List<LaneWork> parts = new ArrayList<>();
        List<QueueEvent> soft = new ArrayList<>(decision.soft());
        List<QueueEvent> events = new ArrayList<>();
        for (QueueEvent event : decision.events()) {
            if (event instanceof QueueEvent.Expired expired) {
                soft.removeIf(other -> other instanceof QueueEvent.Committing committing
                        && Arrays.equals(committing.positions(), expired.positions()));
                for (int from = 0; from < expired.positions().length; from += expiredAtOnce) {
                    parts.add(expiring(Arrays.copyOfRange(
                            expired.positions(), from, Math.min(expired.positions().length, from + expiredAtOnce))));
                }
            } else {
                events.add(event);
            }
        }
        if (!events.isEmpty()) {
            parts.add(new LaneWork(
                    lane, holder, new Decision(soft, events, decision.burials(), decision.acquired()), member));
        }
        return parts;
    }

    private LaneWork expiring(long[] positions) {
        return new LaneWork(
                lane,
                holder,
                new Decision(
                        List.of(new QueueEvent.Committing(positions)),
                        List.of(new QueueEvent.Expired(positions)),
                        List.of(),
                        List.of()),
                member);
    }

    /** Positions of the messages that expire by it. */
    long[] expired() {
        return decision.events().stream()
                .flatMapToLong(event -> event instanceof QueueEvent.Expired expired
                        ? LongStream.of(expired.positions())
                        : LongStream.empty())
                .toArray();
    }

    /** The messages that are COMMITTING until it is written. */
    long[] committing() {
        return decision.soft().stream()
                .filter(event -> event instanceof QueueEvent.Committing)
                .flatMapToLong(LaneWork::positions)
                .toArray();
    }

    /** The messages that are neither here nor there until it is written: COMMITTING, or CLAIMING. */
    long[] open() {
        return decision.soft().stream().flatMapToLong(LaneWork::positions).toArray();
    }

    private static LongStream positions(QueueEvent event) {
        if (event instanceof QueueEvent.Committing committing) {
            return LongStream.of(committing.positions());
        }
        return event instanceof QueueEvent.Claiming claiming ? LongStream.of(claiming.positions()) : LongStream.empty();
    }
}
