package io.mamba.log.file;

import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns batches into frames and submits them: small ones as one frame, large ones in pieces. Thread-safe. */
final class Appender {
    private final Journal journal;
    private final BatchEncoder encoder;

    Appender(Journal journal, BatchEncoder encoder) {
        this.journal = journal;
        this.encoder = encoder;
    }

    /** Refuses what no batch could hold. */
    void check(LogRecord record) {
        encoder.states(List.of(record));
        encoder.checkSize(RecordCodec.bound(record));
    }

    /** Returns when the batch has its place. Of a large one, all but the last small frame is durable by then. */
    Append submit(Batch batch, Durability level, @Nullable Thread waiter, @Nullable CompletableFuture<long[]> future) {
        List<LogRecord> records = batch.records();
        PartitionState[] states = encoder.states(records);
        long bound = BatchEncoder.bound(records);
        if (encoder.fits(bound)) {
            Append append = new Append(encoder.batch(records, states, bound), level, waiter, future);
            journal.submit(append, batch.relies(), batch.purpose());
            return append;
        }
        BatchEncoder.Stream stream = encoder.stream(records, states, bound);
        List<Long> pieces = new ArrayList<>();
        boolean placed = false;
        try {
            writeAhead(stream, batch, pieces);
            long[] at = pieces.stream().mapToLong(Long::longValue).toArray();
            Append append = new Append(encoder.commit(records, states, stream, at), level, waiter, future);
            append.pieces = at;
            journal.submit(append, batch.relies(), batch.purpose());
            placed = true;
            return append;
        } finally {
            if (!placed) {
                journal.drop(pieces);
            }
        }
    }

    /** Each piece is synced before the next is written, so that others never wait for more than one. */
    private void writeAhead(BatchEncoder.Stream stream, Batch batch, List<Long> pieces) {
        int size = encoder.pieceBytes();
        encoder.checkFits(batch.records().size(), (stream.length() + size - 1) / size);
        for (int at = 0; at < stream.length(); at += size) {
            int length = Math.min(size, stream.length() - at);
            Payload payload = Payload.bare(Frame.Kind.PIECE, stream.bytes(), at, length);
            Append piece = new Append(payload, Durability.DURABLE, null, null);
            journal.submit(piece, batch.relies(), batch.purpose());
            pieces.add(piece.position);
            journal.force(piece.end());
        }
    }
}
