package io.mamba.jms;

import io.mamba.client.Delivery;
import io.mamba.jms.message.MambaMessage;
import jakarta.jms.MessageListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives messages to the listeners of one session, one at a time over all its consumers, in one thread of its own; those of a
 * server session in the thread that runs it. A consumer has at most one message on its way: it asks for the next when its
 * listener has returned.
 */
final class ListenerDispatch {
    private static final System.Logger LOG = System.getLogger(ListenerDispatch.class.getName());

    /** Who has a listener. */
    interface Listening {
        /** The listener that is to get messages; null if there is none (any more). */
        @Nullable
        MessageListener activeListener();
    }

    private final MambaSession session;
    private final SerialThread thread = new SerialThread("mamba-listener");

    // Guarded by this.
    private boolean running;
    private @Nullable Listening current;

    /** The thread that is in a listener. */
    private volatile @Nullable Thread caller;

    ListenerDispatch(MambaSession session) {
        this.session = session;
    }

    /** A message for a consumer with a listener; called by a thread of the client's. */
    void offer(MambaConsumer consumer, Delivery delivery) {
        thread.execute(() -> {
            try {
                call(consumer, delivery);
            } catch (Throwable e) {
                // The top of this thread's loop: an error of one message must not end the delivery of all.
                LOG.log(System.Logger.Level.WARNING, "Delivering a message to a listener failed.", e);
            }
            try {
                consumer.demandNext();
            } catch (Throwable e) {
                LOG.log(System.Logger.Level.WARNING, "A listener gets no more messages.", e);
            }
        });
    }

    /** In this thread: the listener gets the message, or it goes back if the listener may not. */
    void call(Listening receiver, Delivery delivery) {
        MessageListener listener = enter(receiver, delivery);
        if (listener == null) {
            session.clientSession().giveBack(List.of(delivery));
        } else {
            try {
                deliver(delivery, listener);
            } finally {
                leave();
            }
        }
    }

    private void deliver(Delivery delivery, MessageListener to) {
        Settlement settlement = session.settlement();
        MambaMessage message = prepare(delivery, settlement);
        try {
            to.onMessage(message);
        } catch (Throwable e) {
            // Whatever the program throws, its message must be settled one way or the other.
            LOG.log(System.Logger.Level.WARNING, "A message listener failed with " + message + ".", e);
            settlement.failed(delivery, e.toString());
            return;
        }
        settlement.delivered(delivery);
    }

    /** A message that cannot be handed out now, because the log does not answer, comes again. */
    private MambaMessage prepare(Delivery delivery, Settlement settlement) {
        boolean prepared = false;
        try {
            MambaMessage message = session.message(delivery);
            settlement.delivering(delivery);
            prepared = true;
            return message;
        } finally {
            if (!prepared) {
                session.clientSession().giveBack(List.of(delivery));
            }
        }
    }

    /** The listener to call, or null if the message must go back. */
    private synchronized @Nullable MessageListener enter(Listening receiver, Delivery delivery) {
        MessageListener listener = running && !delivery.isOvertaken() ? receiver.activeListener() : null;
        if (listener != null) {
            current = receiver;
            caller = Thread.currentThread();
        }
        return listener;
    }

    private synchronized void leave() {
        current = null;
        caller = null;
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

    /** Waits until this one's listener has returned, unless it is the caller. */
    synchronized void awaitIdle(Listening receiver) {
        if (!isCurrent()) {
            Waiting.until(this, () -> !receiver.equals(current));
        }
    }

    /** Whether a listener of this session calls. */
    boolean isCurrent() {
        return Thread.currentThread().equals(caller);
    }

    void shutdown() {
        thread.shutdown();
    }
}
