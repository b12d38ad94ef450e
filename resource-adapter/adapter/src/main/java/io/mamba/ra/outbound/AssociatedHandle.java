package io.mamba.ra.outbound;

import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.jms.Settlement;
import jakarta.resource.ResourceException;
import org.jspecify.annotations.Nullable;

/** A handle on one pooled connection at a time. Thread-safe. */
final class AssociatedHandle implements SessionHandle {
    private PooledConnection connection;
    private PooledConnection.Opened opened;
    private @Nullable Runnable onRevoked;
    private boolean used;
    private boolean ended;

    AssociatedHandle(PooledConnection connection, PooledConnection.Opened opened) {
        this.connection = connection;
        this.opened = opened;
    }

    @Override
    public synchronized Client client() {
        return opened.client();
    }

    @Override
    public synchronized ClientSession session() {
        used = true;
        return opened.session();
    }

    @Override
    public synchronized Settlement settlement() {
        return opened.settlement();
    }

    @Override
    public synchronized void onRevoked(Runnable action) {
        onRevoked = action;
    }

    @Override
    public void close() {
        PooledConnection owner;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            owner = connection;
        }
        owner.closed(this);
    }

    /** The server takes the connection back. */
    void revoke() {
        Runnable action;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            action = onRevoked;
        }
        if (action != null) {
            action.run();
        }
    }

    synchronized void move(PooledConnection target, PooledConnection.Opened there) throws ResourceException {
        if (ended || used) {
            throw new ResourceException("A JMS session in use cannot move to another connection; open a new one.");
        }
        connection.left(this);
        connection = target;
        opened = there;
    }
}
