package io.mamba.log.kafka;

import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.kafka.SurvivorRecords.Mark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the survivors' topic holds: for each partition its mark, and where the survivors in front of it are. Read by whoever
 * asks, up to the topic's fence; one who asks while another reads waits for that. Thread-safe; guarded by itself, which is
 * never held while the cluster is asked.
 */
final class Survivors {
    /** How many are held in memory. */
    private static final int AT_A_TIME = 500;

    private final Engine engine;
    private final Map<Partition, Known> known = new HashMap<>();
    private final ReentrantLock reading = new ReentrantLock();
    /** Guarded by {@code reading}. */
    private long next;

    private static final class Known {
        @Nullable
        Mark mark;

        /** Position to position in the survivors' topic. Those behind the mark are of a trim that was not finished. */
        final NavigableMap<Long, Long> copies = new TreeMap<>();
    }

    Survivors(Engine engine) {
        this.engine = engine;
    }

    /** Reads what is new. */
    void catchUp() {
        reading.lock();
        try {
            if (engine.topics().exists(Trimmer.SURVIVORS)) {
                next = engine.readers()
                        .read(Map.of(Trimmer.SURVIVORS, next), this::fold)
                        .getOrDefault(Trimmer.SURVIVORS, next);
            }
        } finally {
            reading.unlock();
        }
    }

    private synchronized void fold(StoredRecord stored) {
        LogRecord record = stored.record();
        SurvivorRecords.Place place = SurvivorRecords.Place.of(record.key());
        if (place == null) {
            return;
        }
        Known at = known.computeIfAbsent(place.partition(), p -> new Known());
        if (place.isMark()) {
            at.mark = record.value() == null ? null : SurvivorRecords.mark(record.value());
        } else if (record.value() == null) {
            at.copies.remove(place.position());
        } else {
            at.copies.put(place.position(), stored.position());
        }
        if (at.mark == null && at.copies.isEmpty()) {
            known.remove(place.partition());
        }
    }

    synchronized Map<Partition, Mark> marks() {
        Map<Partition, Mark> marks = new HashMap<>();
        known.forEach((partition, at) -> {
            if (at.mark != null) {
                marks.put(partition, at.mark);
            }
        });
        return marks;
    }

    /** In front of which a record is a survivor or gone; 0 if there is no mark. */
    synchronized long mark(Partition partition) {
        return position(known.get(partition));
    }

    private static long position(@Nullable Known at) {
        return at == null || at.mark == null ? 0 : at.mark.position();
    }

    /** Of which there are copies, whether in front of the mark or not. */
    synchronized List<Long> copied(Partition partition) {
        Known at = known.get(partition);
        return at == null ? List.of() : List.copyOf(at.copies.keySet());
    }

    synchronized boolean isCopied(Partition partition, long position) {
        Known at = known.get(partition);
        return at != null && at.copies.containsKey(position);
    }

    /** Those at {@code from} or behind it and in front of the mark, in order. */
    void read(Partition partition, long from, Consumer<StoredRecord> consumer) {
        NavigableMap<Long, Long> some = copies(partition, from);
        while (!some.isEmpty()) {
            // In the order of copying one fetch serves many; they are given in that of their positions.
            NavigableMap<Long, StoredRecord> found = new TreeMap<>();
            engine.readers()
                    .get(
                            Trimmer.SURVIVORS,
                            some.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sorted()
                                    .toArray(),
                            stored -> {
                                StoredRecord original = original(stored);
                                if (original != null) {
                                    found.put(original.position(), original);
                                }
                                return true;
                            },
                            releasedMeanwhile -> true);
            found.values().forEach(consumer);
            some = copies(partition, some.lastKey() + 1);
        }
    }

    private synchronized NavigableMap<Long, Long> copies(Partition partition, long from) {
        NavigableMap<Long, Long> some = new TreeMap<>();
        Known at = known.get(partition);
        if (at != null && from < position(at)) {
            at.copies.subMap(from, position(at)).entrySet().stream()
                    .limit(AT_A_TIME)
                    .forEach(copy -> some.put(copy.getKey(), copy.getValue()));
        }
        return some;
    }

    @Nullable
    StoredRecord get(Partition partition, long position) {
        Long copy;
        synchronized (this) {
            Known at = known.get(partition);
            copy = at == null ? null : at.copies.get(position);
        }
        if (copy == null) {
            return null;
        }
        StoredRecord[] found = new StoredRecord[1];
        engine.readers()
                .get(
                        Trimmer.SURVIVORS,
                        new long[] {copy},
                        stored -> {
                            found[0] = original(stored);
                            return false;
                        },
                        gone -> true);
        return found[0];
    }

    private static @Nullable StoredRecord original(StoredRecord stored) {
        SurvivorRecords.Place place = SurvivorRecords.Place.of(stored.record().key());
        return place == null || stored.record().value() == null
                ? null
                : SurvivorRecords.original(place, stored.record());
    }
}
