package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Asks a shared log each second whether it answers, tells those who want to hear of it when it does not, once each time, and does
 * then what a node of a shared log has to look after. {@link #run} is called by one thread at a time, the rest by any.
 */
public final class LogWatch {
    private static final System.Logger LOGGER = System.getLogger(LogWatch.class.getName());

    private final Node node;
    private final Log log;
    private final List<Consumer<MambaException>> listeners = new CopyOnWriteArrayList<>();
    private boolean silent;

    LogWatch(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** Told by a thread of the node's own. The node goes on by itself when the log answers again. */
    public void onSilence(Consumer<MambaException> listener) {
        listeners.add(listener);
    }

    public void remove(Consumer<MambaException> listener) {
        listeners.remove(listener);
    }

    /** Blocks as long as the log tries. */
    void run() {
        try {
            log.fence(StateRecords.EVENTS);
        } catch (MambaException refused) {
            notice(refused);
            return;
        }
        if (silent) {
            silent = false;
            LOGGER.log(System.Logger.Level.INFO, "The log " + node.url() + " answers again.");
        }
        orLater(node.participation()::tryAgain);
        orLater(node.events()::lookAfterStrays);
        if (node.participation().isKeeper()) {
            orLater(node.subscriptions()::sweep);
        }
    }

    private void notice(MambaException refused) {
        if (!silent) {
            silent = true;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "The log " + node.url() + " does not answer: " + refused.getMessage()
                            + " What needs it waits or fails until it is back, and goes on by itself then.");
            listeners.forEach(listener -> node.execute(() -> listener.accept(refused)));
        }
    }

    /** Runs what is tried again each second: that the log does not take it now is no defect. */
    static void orLater(Runnable task) {
        try {
            task.run();
        } catch (MambaException refused) {
            ErrorCode.Category category = refused.code().category();
            if (category != ErrorCode.Category.RETRY && category != ErrorCode.Category.FENCED) {
                throw refused;
            }
            LOGGER.log(System.Logger.Level.WARNING, "Tried again in a second: " + refused.getMessage());
        }
    }
}
