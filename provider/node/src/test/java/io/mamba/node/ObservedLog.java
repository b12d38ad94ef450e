package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.log.TailListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A log that tells what passes through it: what is appended, what is told to the tails before the node sees it, and when
 * a caller would wait, so that a simulation in one thread can let others act meanwhile.
 */
final class ObservedLog extends ForwardingLog {
    /** A batch that the node appended. */
    static final class Entry {
        final Batch batch;
        final Durability level;
        /** What its messages need at least. */
        Durability needed = Durability.NONE;

        boolean committed;
        long[] positions = {};
        /** The ids of the messages in it. */
        final List<String> ids = new ArrayList<>();
        /** Available messages whose end it writes. */
        final List<ModelMessage> leaving = new ArrayList<>();

        Entry(Batch batch, Durability level) {
            this.batch = batch;
            this.level = level;
        }
    }

    /** Who looks on. */
    interface Observer {
        /** It is about to get its place. */
        void placing(Entry entry);

        /** Nothing of it is in the log. */
        void refused(Entry entry);

        /** The node is about to be told of this record. */
        void telling(StoredRecord record);

        /** A caller waits for it. */
        void waiting(CompletableFuture<long[]> append);
    }

    private final Observer observer;
    /** In the order of appending; what was refused is not among them. */
    private final List<Entry> entries;

    /** @param entries what the log holds already, in order */
    ObservedLog(Log log, List<Entry> entries, Observer observer) {
        super(log);
        this.entries = entries;
        this.observer = observer;
    }

    @Override
    public CompletableFuture<long[]> append(Batch batch, Durability level) {
        Entry entry = new Entry(batch, level);
        entries.add(entry);
        observer.placing(entry);
        CompletableFuture<long[]> append;
        try {
            append = super.append(batch, level);
        } catch (MambaException refusal) {
            refused(entry);
            throw refusal;
        }
        return append.handle((positions, failure) -> {
            if (failure == null) {
                entry.positions = positions;
                entry.committed = true;
                return positions;
            }
            MambaException error = Futures.error(failure);
            if (error.code() != ErrorCode.LOG_FAILED) {
                refused(entry); // Else nobody knows whether it is in the log.
            }
            throw error;
        });
    }

    private void refused(Entry entry) {
        entries.remove(entry);
        observer.refused(entry);
    }

    @Override
    public long[] appendAndWait(Batch batch, Durability level) {
        CompletableFuture<long[]> append = append(batch, level);
        if (!append.isDone()) {
            observer.waiting(append);
        }
        try {
            return append.join();
        } catch (CompletionException failure) {
            MambaException error = Futures.error(failure);
            throw new MambaException(error.code(), String.valueOf(error.getMessage()), error);
        }
    }

    @Override
    public Tail tail(Partition partition, long from, TailListener listener) {
        return super.tail(partition, from, (told, records, next) -> {
            if (told.equals(StateRecords.EVENTS)) {
                for (StoredRecord record : records) {
                    observer.telling(record);
                    listener.committed(told, List.of(record), record.position() + 1);
                }
            } else {
                records.forEach(observer::telling);
                listener.committed(told, records, next);
            }
        });
    }
}
