package io.mamba.shop.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.messages.JsonText;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseBroadcaster;
import jakarta.ws.rs.sse.SseEventSink;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ViewerTest {

    private static final long SECOND = 1_000_000_000L;

    private final Board board = new Board();
    private final Line line = new Line();
    private final Viewer viewer = new Viewer(new Events(), line, board, JsonValue.EMPTY_JSON_OBJECT);
    private final List<Runnable> tasks = new ArrayList<>();

    @Test
    void getsThePastOnceAndThenTheChanges() {
        board.set("inDoubt", JsonText.number(1));
        viewer.wake(Runnable::run, SECOND);
        board.set("inDoubt", JsonText.number(2));
        viewer.wake(Runnable::run, 2 * SECOND);

        assertThat(line.names).containsExactly("past", "state", "state");
    }

    @Test
    void isNotDisturbedWhenNothingChangedButHearsAWordNowAndThen() {
        board.set("inDoubt", JsonText.number(1));
        for (int second = 1; second <= 40; second++) {
            viewer.wake(Runnable::run, second * SECOND);
        }

        assertThat(line.names).containsExactly("past", "state", "alive", "alive");
    }

    @Test
    void hasOneTaskAtATimeHoweverOftenItIsWoken() {
        for (int i = 1; i <= 5; i++) {
            board.set("inDoubt", JsonText.number(i));
            viewer.wake(tasks::add, i * SECOND);
        }
        assertThat(tasks).hasSize(1);

        tasks.get(0).run();

        assertThat(line.names).containsExactly("past", "state");
        viewer.wake(tasks::add, 6 * SECOND);
        assertThat(tasks).hasSize(2);
    }

    @Test
    void triesAgainWhenThereWasNoThread() {
        board.set("inDoubt", JsonText.number(1));
        viewer.wake(
                task -> {
                    throw new RejectedExecutionException("busy");
                },
                SECOND);
        viewer.wake(Runnable::run, 2 * SECOND);

        assertThat(line.names).containsExactly("past", "state");
    }

    @Test
    void isGoneWhenItsLineBroke() {
        board.set("inDoubt", JsonText.number(1));
        line.broken = true;
        viewer.wake(Runnable::run, SECOND);

        assertThat(viewer.gone()).isTrue();
    }

    /** The viewer's end of the connection, by hand. */
    private static final class Line implements SseEventSink {
        private final List<String> names = new ArrayList<>();
        private boolean broken;
        private boolean closed;

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public CompletionStage<?> send(OutboundSseEvent event) {
            if (broken) {
                return CompletableFuture.failedFuture(new java.io.IOException("broken pipe"));
            }
            names.add(event.getName());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Events implements Sse {

        @Override
        public OutboundSseEvent.Builder newEventBuilder() {
            return new Event();
        }

        @Override
        public SseBroadcaster newBroadcaster() {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    private static final class Event implements OutboundSseEvent, OutboundSseEvent.Builder {
        private String name = "";
        private Object data = "";

        @Override
        public Builder id(String id) {
            return this;
        }

        @Override
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        @Override
        public Builder reconnectDelay(long milliseconds) {
            return this;
        }

        @Override
        public Builder mediaType(MediaType mediaType) {
            return this;
        }

        @Override
        public Builder comment(String comment) {
            return this;
        }

        @Override
        public Builder data(@SuppressWarnings("rawtypes") Class type, Object newData) {
            data = newData;
            return this;
        }

        @Override
        public Builder data(@SuppressWarnings("rawtypes") GenericType type, Object newData) {
            return data(Object.class, newData);
        }

        @Override
        public Builder data(Object newData) {
            return data(Object.class, newData);
        }

        @Override
        public OutboundSseEvent build() {
            return this;
        }

        @Override
        public Class<?> getType() {
            return String.class;
        }

        @Override
        public Type getGenericType() {
            return String.class;
        }

        @Override
        public MediaType getMediaType() {
            return MediaType.TEXT_PLAIN_TYPE;
        }

        @Override
        public Object getData() {
            return data;
        }

        @Override
        public @Nullable String getId() {
            return null;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public @Nullable String getComment() {
            return null;
        }

        @Override
        public long getReconnectDelay() {
            return RECONNECT_NOT_SET;
        }

        @Override
        public boolean isReconnectDelaySet() {
            return false;
        }
    }
}
