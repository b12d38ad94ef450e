package io.mamba.node;

import io.mamba.log.LogRecord;
import io.mamba.log.StoredRecord;
import io.mamba.queue.Load;
import io.mamba.queue.Sizes;
import java.util.PrimitiveIterator;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Tells a destination's gate what is done with; knows the sizes of messages where they count. Owned by the inbox. */
final class Backlog {
    private final Gate gate;
    private @Nullable Sizes sizes;

    Backlog(Gate gate) {
        this.gate = gate;
    }

    /** A message that came in by the gate. */
    void arrived(StoredRecord record, boolean wanted) {
        if (!wanted) {
            gate.free(Admission.load(record.record()));
        } else if (sizes != null) {
            sizes.put(record.position(), Admission.bytes(record.record()));
        }
    }

    /** Nobody needs these any more. */
    void done(long[] positions) {
        if (positions.length == 0) {
            return;
        }
        long bytes = 0;
        if (sizes != null) {
            for (long position : positions) {
                bytes += sizes.remove(position);
            }
        }
        gate.free(new Load(positions.length, bytes));
    }

    /** How much these are; no bytes where they do not count. */
    Load load(long[] positions) {
        long bytes = 0;
        if (sizes != null) {
            for (long position : positions) {
                bytes += sizes.get(position);
            }
        }
        return new Load(positions.length, bytes);
    }

    /** Counts anew what is here, reading each message if bytes count. */
    Load count(boolean bytesCount, PrimitiveIterator.OfLong held, LongFunction<@Nullable LogRecord> reader) {
        Sizes fresh = bytesCount ? new Sizes() : null;
        long messages = 0;
        long bytes = 0;
        while (held.hasNext()) {
            long position = held.nextLong();
            messages++;
            LogRecord record = fresh == null ? null : reader.apply(position);
            if (fresh != null && record != null) {
                int size = Admission.bytes(record);
                fresh.put(position, size);
                bytes += size;
            }
        }
        sizes = fresh;
        return new Load(messages, bytes);
    }
}
