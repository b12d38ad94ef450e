package io.mamba.jms;

import io.mamba.jms.error.Errors;
import jakarta.jms.CompletionListener;
import jakarta.jms.Message;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Calls the completion listeners of one session, one at a time, in the order of sending, never in the sender's thread. */
final class Completions {
    private static final System.Logger LOG = System.getLogger(Completions.class.getName());

    private final SerialThread thread = new SerialThread("mamba-completion");

    /** Sends whose listener has not returned. Guarded by this. */
    private int pending;

    /** Done when all sends so far are: those in a transaction are at once, but their turn comes after earlier ones. */
    private CompletableFuture<?> earlier = CompletableFuture.completedFuture(null);

    /** Tells the listener when the send is done. */
    void track(CompletableFuture<Void> sent, Message message, CompletionListener listener) {
        CompletableFuture<Void> inTurn;
        synchronized (this) {
            pending++;
            inTurn = earlier.handle((done, failure) -> null).thenCompose(any -> sent);
            earlier = inTurn;
        }
        CompletableFuture<Void> unused =
                inTurn.whenComplete((done, failure) -> thread.execute(() -> complete(message, failure, listener)));
    }

    private void complete(Message message, @Nullable Throwable failure, CompletionListener listener) {
        try {
            if (failure == null) {
                listener.onCompletion(message);
            } else {
                listener.onException(message, Errors.ofAny(failure));
            }
        } catch (Throwable e) {
            // The top of this thread's loop: the next listeners must be called whatever this one does.
            LOG.log(System.Logger.Level.WARNING, "A CompletionListener failed.", e);
        } finally {
            synchronized (this) {
                pending--;
                notifyAll();
            }
        }
    }

    /** Returns when all listeners of earlier sends have returned. Not to be called by one. */
    synchronized void await() {
        Waiting.until(this, () -> pending == 0);
    }

    /** Whether a completion listener of this session calls. */
    boolean isCurrent() {
        return thread.isCurrent();
    }

    void shutdown() {
        thread.shutdown();
    }
}
