package io.mamba.shop.live;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One open page. It is sent to by at most one task at a time, so a slow one holds up nobody: when it is ready again it gets
 * what changed meanwhile, in one event. {@link #wake} is safe from any thread, the rest belongs to the task.
 */
final class Viewer {

    /** After so much silence a word is sent: a page that is gone is noticed, and one that is there knows that the shop is. */
    private static final long SILENCE = Duration.ofSeconds(15).toNanos();

    private final Sse sse;
    private final SseEventSink sink;
    private final Board board;
    private final AtomicInteger calls = new AtomicInteger();
    private @Nullable JsonObject past;
    private long seen;
    private long lastSent;

    /** @param past the history that the first event brings */
    Viewer(Sse sse, SseEventSink sink, Board board, JsonObject past) {
        this.sse = sse;
        this.sink = sink;
        this.board = board;
        this.past = past;
    }

    /** Lets a task send what is new, unless one is at it, which then goes on. */
    void wake(Executor executor, long nanos) {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        try {
            executor.execute(() -> sendAll(nanos));
        } catch (RejectedExecutionException busy) {
            calls.set(0); // the next tick tries again
        }
    }

    boolean gone() {
        return sink.isClosed();
    }

    void close() {
        sink.close();
    }

    private void sendAll(long nanos) {
        int answered = calls.get();
        do {
            try {
                send(nanos);
            } catch (IllegalStateException | CompletionException closed) {
                sink.close();
            }
            answered = calls.addAndGet(-answered);
        } while (answered != 0);
    }

    private void send(long nanos) {
        JsonObject changes = board.since(seen);
        if (changes == null && nanos - lastSent < SILENCE) {
            return;
        }
        lastSent = nanos;
        if (changes == null) {
            deliver(event("alive", JsonValue.EMPTY_JSON_OBJECT));
            return;
        }
        if (past != null) {
            deliver(event("past", past));
            past = null;
        }
        deliver(event("state", changes));
        seen = changes.getJsonNumber("version").longValueExact();
    }

    private OutboundSseEvent event(String name, JsonObject data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(String.class, data.toString())
                .build();
    }

    private void deliver(OutboundSseEvent event) {
        sink.send(event).toCompletableFuture().join();
    }
}
