package io.mamba.jms;

import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import jakarta.jms.MessageListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives messages to the listeners of one session, one at a time over all its consumers, in one thread. A consumer has at
 * most one message on its way: it asks for the next when its listener has returned.
 */
final class ListenerDispatch {
    private static final System.Logger LOG = System.getLogger(ListenerDispatch.class.getName());

    private final ClientSession session;
    private final SerialThread thread = new SerialThread("mamba-listener");

    // Guarded by this.
    private boolean running;
    private long round;
    private @Nullable MambaConsumer current;

    ListenerDispatch(ClientSession session) {
        this.session = session;
    }

    /** A message for a consumer with a listener; called by a thread of the client's. */
    void offer(MambaConsumer consumer, Delivery delivery) {
        long offered;
        synchronized (this) {
            offered = round;
        }
        thread.execute(() -> deliver(consumer, delivery, offered));
    }

    private void deliver(MambaConsumer consumer, Delivery delivery, long offered) {
        try {
            MessageListener listener = enter(consumer, offered);
            if (listener == null) {
                session.giveBack(List.of(delivery));
            } else {
                try {
                    consumer.deliver(delivery, listener);
                } finally {
                    leave();
                }
            }
            consumer.demandNext();
        } catch (Throwable e) {
            // The top of this thread's loop: an error of one message must not end the delivery of all.
            LOG.log(System.Logger.Level.WARNING, "Delivering a message to a listener failed.", e);
        }
    }

    /** The listener to call, or null if the message must go back. */
    private synchronized @Nullable MessageListener enter(MambaConsumer consumer, long offered) {
        MessageListener listener = running && offered == round ? consumer.activeListener() : null;
        if (listener != null) {
            current = consumer;
        }
        return listener;
    }

    private synchronized void leave() {
        current = null;
        notifyAll();
    }

    synchronized void resume() {
        running = true;
    }

    /** No listener is called after this has returned. Not to be called by a listener. */
    synchronized void pause() {
        running = false;
        Waiting.until(this, () -> current == null);
    }

    /** Messages on their way go back first: the session has given back older ones. */
    synchronized void restart() {
        round++;
    }

    /** Waits until this consumer's listener has returned, unless it is the caller. */
    synchronized void awaitIdle(MambaConsumer consumer) {
        if (!thread.isCurrent()) {
            Waiting.until(this, () -> !consumer.equals(current));
        }
    }

    /** Whether a listener of this session calls. */
    boolean isCurrent() {
        return thread.isCurrent();
    }

    void shutdown() {
        thread.shutdown();
    }
}
