package io.mamba.log.kafka;

import io.mamba.log.Partition;
import io.mamba.log.kafka.SurvivorRecords.Mark;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Deletes what is in front of the marks. Used by the trimmer's thread. */
final class TrimmedTopics {
    /** Who has begun to read in front of a mark when it was moved has passed it by then. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Engine engine;
    private final Map<Partition, Mark> deleted = new HashMap<>();
    private final Map<Partition, Seen> seen = new HashMap<>();
    private volatile boolean waiting;

    /** A mark, and when this node has seen it first. */
    private record Seen(Mark mark, long nanos) {}

    TrimmedTopics(Engine engine) {
        this.engine = engine;
    }

    /**
     * The positions, but not behind what is readable: behind that there may be records of a transaction that is still open, and
     * deleting does not spare them.
     */
    Map<Partition, Long> readable(Map<Partition, Long> positions) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        positions.keySet().stream()
                .filter(partition -> engine.topics().exists(partition))
                .forEach(partition -> asked.put(engine.topics().names().kafka(partition), OffsetSpec.latest()));
        Map<Partition, Long> limits = new HashMap<>();
        if (!asked.isEmpty()) {
            Map<TopicPartition, ListOffsetsResultInfo> ends = Clients.ask(
                    engine.clients()
                            .admin()
                            .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all(),
                    Doing.READ,
                    positions.keySet().toString());
            positions.forEach((partition, position) -> {
                ListOffsetsResultInfo end = ends.get(engine.topics().names().kafka(partition));
                if (end != null) {
                    limits.put(partition, Math.min(position, end.offset()));
                }
            });
        }
        return limits;
    }

    /** Whether there is a mark in front of which nothing was deleted yet. Any thread. */
    boolean isWaiting() {
        return waiting;
    }

    /** What is in front of the marks, a moment after they were seen first. */
    void delete(Map<Partition, Mark> marks) {
        long now = System.nanoTime();
        deleted.keySet().retainAll(marks.keySet());
        seen.keySet().retainAll(marks.keySet());
        marks.forEach((partition, mark) -> {
            Seen last = seen.get(partition);
            if (last == null || (!last.mark.equals(mark) && last.mark.equals(deleted.get(partition)))) {
                seen.put(partition, new Seen(mark, now));
            } else if (!last.mark.equals(deleted.get(partition)) && now - last.nanos >= GRACE.toNanos()) {
                delete(partition, last.mark.position());
                deleted.put(partition, last.mark);
            }
        });
        waiting = !deleted.equals(marks);
    }

    private void delete(Partition partition, long before) {
        DeleteRecordsResult result = engine.clients()
                .admin()
                .deleteRecords(Map.of(engine.topics().names().kafka(partition), RecordsToDelete.beforeOffset(before)));
        Clients.ask(result.all(), Doing.TRIM, partition.toString());
    }
}
