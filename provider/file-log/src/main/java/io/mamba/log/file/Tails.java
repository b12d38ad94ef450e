package io.mamba.log.file;

import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.TailListener;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who wants to be told of which partition's new records. Told by whoever has the completing role, one at a time. */
final class Tails {
    private static final System.Logger LOG = System.getLogger(Tails.class.getName());

    private final Map<Partition, List<FileTail>> byPartition = new ConcurrentHashMap<>();

    void add(FileTail tail) {
        byPartition
                .computeIfAbsent(tail.partition, p -> new CopyOnWriteArrayList<>())
                .add(tail);
    }

    void remove(FileTail tail) {
        List<FileTail> tails = byPartition.get(tail.partition);
        if (tails != null) {
            tails.remove(tail);
        }
    }

    /** Whom an append concerns: decided under the journal's lock, told without it. */
    @Nullable
    List<FileTail> listening(Append append) {
        if (byPartition.isEmpty()) {
            return null;
        }
        List<FileTail> found = null;
        PartitionState last = null;
        for (PartitionState state : append.payload.states()) {
            if (state != last) {
                last = state;
                List<FileTail> tails = byPartition.get(state.partition);
                if (tails != null && !tails.isEmpty()) {
                    if (found == null) {
                        found = new ArrayList<>();
                    }
                    for (FileTail tail : tails) {
                        if (!found.contains(tail)) {
                            found.add(tail);
                        }
                    }
                }
            }
        }
        return found;
    }

    /** What these appends hold, to each listener at once. */
    static void tell(List<Append> appends, List<FileTail> listening) {
        Map<Partition, List<StoredRecord>> byPartition = new LinkedHashMap<>();
        Partition last = null;
        List<StoredRecord> ofLast = List.of();
        for (Append append : appends) {
            List<LogRecord> records = append.payload.records();
            for (int i = 0; i < records.size(); i++) {
                LogRecord record = records.get(i);
                if (!record.partition().equals(last)) {
                    last = record.partition();
                    ofLast = byPartition.computeIfAbsent(last, p -> new ArrayList<>());
                }
                ofLast.add(new StoredRecord(append.positions[i], record));
            }
        }
        for (FileTail tail : listening) {
            List<StoredRecord> stored = byPartition.get(tail.partition);
            if (stored != null) {
                tail.committed(stored);
            }
        }
    }

    /** One listener. What comes while it is still being told the past is kept for it. */
    static final class FileTail {
        final Partition partition;
        private final long from;
        private final TailListener listener;
        private @Nullable List<StoredRecord> kept = new ArrayList<>();
        private boolean ended;

        FileTail(Partition partition, long from, TailListener listener) {
            this.partition = partition;
            this.from = from;
            this.listener = listener;
        }

        /** Also makes {@link #end} wait for a call under way. */
        synchronized void committed(List<StoredRecord> stored) {
            if (stored.stream().anyMatch(record -> record.position() < from)) {
                List<StoredRecord> wanted = stored.stream()
                        .filter(record -> record.position() >= from)
                        .toList();
                if (!wanted.isEmpty()) {
                    committed(wanted);
                }
            } else if (kept != null) {
                kept.addAll(stored);
            } else {
                tell(stored);
            }
        }

        synchronized void past(List<StoredRecord> stored) {
            tell(stored);
        }

        synchronized void caughtUp() {
            List<StoredRecord> meanwhile = kept;
            kept = null;
            if (meanwhile != null && !meanwhile.isEmpty()) {
                tell(meanwhile);
            }
        }

        private void tell(List<StoredRecord> stored) {
            if (ended) {
                return;
            }
            try {
                listener.committed(
                        partition, stored, stored.get(stored.size() - 1).position() + 1);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener of " + partition + " failed; it goes on with the next record", e);
            }
        }

        synchronized void end() {
            ended = true;
        }
    }
}
