package io.mamba.log.file;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A frame on its way into the journal. Guarded by the journal's lock, but for {@link #done}. */
final class Append {
    final Payload payload;
    final int crc;
    final Durability level;
    /** Who waits for it, or null if the future is all. */
    final @Nullable Thread waiter;

    final @Nullable CompletableFuture<long[]> future;
    long position = -1;
    long sequence;

    @Nullable
    Segment segment;

    long[] positions = {};
    /** Of a large batch: where its pieces are. */
    long[] pieces = {};

    @Nullable
    MambaException failure;
    /** Set last, when its tails have been told. */
    volatile boolean done;

    /** How much of the journal it takes. */
    final int span;

    Append(Payload payload, Durability level, @Nullable Thread waiter, @Nullable CompletableFuture<long[]> future) {
        this(payload, level, waiter, future, Frame.span(payload.length()));
    }

    private Append(
            Payload payload,
            Durability level,
            @Nullable Thread waiter,
            @Nullable CompletableFuture<long[]> future,
            int span) {
        this.payload = payload;
        this.span = span;
        this.crc = payload.crc();
        this.level = level;
        this.waiter = waiter;
        this.future = future;
    }

    /** Nothing but a header. A segment's end covers what is left of the segment, all other marks just themselves. */
    static Append header(Frame.Kind kind, int span) {
        return new Append(Payload.bare(kind, new byte[0], 0, 0), Durability.NONE, null, null, span);
    }

    long end() {
        return position + span;
    }
}
