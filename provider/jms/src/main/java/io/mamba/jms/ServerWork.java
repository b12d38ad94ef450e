package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.client.Delivery;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session as that of a server session: its distinguished listener, and what connection consumers have loaded for it.
 * Any thread may load; one at a time runs.
 */
final class ServerWork implements ListenerDispatch.Listening {
    private final MambaSession session;

    /** Guarded by this. */
    private final Deque<Delivery> loaded = new ArrayDeque<>();

    private volatile @Nullable MessageListener listener;

    ServerWork(MambaSession session) {
        this.session = session;
    }

    @Override
    public @Nullable MessageListener activeListener() {
        return listener;
    }

    void listener(@Nullable MessageListener wanted) {
        listener = wanted;
    }

    /** While there is a distinguished listener, the session receives in no other way. */
    void checkUnused() throws JMSException {
        if (listener != null) {
            throw Errors.of(
                    ErrorCode.ILLEGAL_STATE,
                    "The session has a message listener of its own, for server sessions; its consumers do not receive.");
        }
    }

    /** Messages of a connection consumer are this session's from now on, to be given to the listener by the next run. */
    void load(List<Delivery> deliveries) {
        List<Delivery> own = session.clientSession().takeOver(deliveries);
        synchronized (this) {
            loaded.addAll(own);
        }
    }

    /** What no run has begun with goes back. */
    void unload() {
        synchronized (this) {
            session.clientSession().giveBack(List.copyOf(loaded));
            loaded.clear();
        }
    }

    /** The listener gets what was loaded, here and now. What it may not get, because the connection is stopped, goes back. */
    void run() {
        for (Delivery next = next(); next != null; next = next()) {
            session.dispatch().call(this, next);
        }
    }

    private synchronized @Nullable Delivery next() {
        return loaded.poll();
    }
}
