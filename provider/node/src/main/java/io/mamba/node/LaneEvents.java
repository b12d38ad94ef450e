package io.mamba.node;

import io.mamba.queue.QueueEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The events of a shared log's lane that have been told and not applied: messages and events are in different partitions,
 * so an event may come before the message it speaks of, and all that follow it wait with it. Owned by the lane's inbox.
 */
final class LaneEvents {
    /** What one record says, and who wrote it. */
    record Written(long position, long member, List<QueueEvent> events) {}

    private final Deque<Written> waiting = new ArrayDeque<>();

    void add(Written written) {
        waiting.add(written);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The next one whose messages have all come, that is, are in front of this position; null if there is none. */
    @Nullable
    Written next(long told) {
        Written first = waiting.peek();
        return first != null && first.events().stream().allMatch(event -> highest(event) < told)
                ? waiting.poll()
                : null;
    }

    private static long highest(QueueEvent event) {
        if (event instanceof QueueEvent.Settled settled) {
            return highest(settled.positions());
        } else if (event instanceof QueueEvent.Claimed claimed) {
            return highest(claimed.positions());
        } else if (event instanceof QueueEvent.GivenBack back) {
            return highest(back.positions());
        } else if (event instanceof QueueEvent.Prepared prepared) {
            return highest(prepared.positions());
        } else if (event instanceof QueueEvent.Expired expired) {
            return highest(expired.positions());
        } else if (event instanceof QueueEvent.Buried buried) {
            return buried.position();
        } else if (event instanceof QueueEvent.Requeued requeued) {
            return highest(requeued.messages().stream()
                    .mapToLong(QueueEvent.Enqueued::position)
                    .toArray());
        }
        return -1;
    }

    private static long highest(long[] positions) {
        return LongStream.of(positions).max().orElse(-1);
    }
}
