package io.mamba.client;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages for its session, one at a time. A delivery it returns is acquired but bears no mark yet: call {@link
 * Delivery#mark} before user code sees the message, or give it back.
 */
public final class Receiver implements AutoCloseable {
    Receiver() {}

    /** Waits up to the timeout (null: for ever); null when it has passed or the receiver is closed. */
    public @Nullable Delivery receive(@Nullable Duration timeout) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Null if nothing is deliverable now. Whatever a send or commit returned before is seen. */
    public @Nullable Delivery receiveNow() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * From now on {@link #demand} is answered through the sink; null ends that and takes an open demand back. The sink is
     * called by a thread of Mamba's and must only pass the delivery on (to an executor, a WorkManager).
     */
    public void sink(@Nullable Consumer<Delivery> sink) {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * Asks for one more delivery through the sink; at most one demand is open, a second is a no-op. It stays open over
     * stop and start of the session.
     */
    public void demand() {
        throw new UnsupportedOperationException("under construction");
    }

    public boolean isClosed() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * Frees a blocked receive, which returns null; what was taken but not handed out goes back. Deliveries handed out
     * stay the session's. A PLAIN subscription ends. Idempotent.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException("under construction");
    }
}
