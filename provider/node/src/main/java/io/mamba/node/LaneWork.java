package io.mamba.node;

import io.mamba.queue.Decision;
import io.mamba.queue.QueueEvent;
import java.util.stream.LongStream;

/**
 * What a decision wants written for a lane.
 *
 * @param holder whose messages they are, to whom they go back if the log refuses; 0 for nobody's
 */
record LaneWork(Lane lane, long holder, Decision decision) {
    /** The messages that are COMMITTING until it is written. */
    long[] committing() {
        return decision.soft().stream()
                .flatMapToLong(event -> event instanceof QueueEvent.Committing committing
                        ? LongStream.of(committing.positions())
                        : LongStream.empty())
                .toArray();
    }
}
