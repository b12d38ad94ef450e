package io.mamba.ra.fake;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A server's pool: enlists what it hands out in the thread's transaction, and cleans up when that has ended. */
public final class FakeConnections implements ConnectionManager {
    private static final long serialVersionUID = 1L;

    private final transient Set<ManagedConnection> idle = new HashSet<>();
    private final transient Map<ManagedConnection, FakeTransaction> busy = new HashMap<>();
    private int created;

    /** How many connections were ever made. */
    public synchronized int created() {
        return created;
    }

    @Override
    public synchronized Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        ManagedConnection connection = factory.matchManagedConnections(idle, null, request);
        if (connection == null) {
            connection = factory.createManagedConnection(null, request);
            connection.addConnectionEventListener(new Listener(connection));
            created++;
        }
        idle.remove(connection);
        Object handle = connection.getConnection(null, request);
        FakeTransaction transaction = FakeTransaction.current();
        if (transaction != null) {
            ManagedConnection enlisted = connection;
            transaction.enlist(connection.getXAResource());
            busy.put(connection, transaction);
            transaction.afterwards(() -> {
                synchronized (this) {
                    busy.remove(enlisted);
                }
                takeBack(enlisted);
            });
        }
        return handle;
    }

    private synchronized void takeBack(ManagedConnection connection) {
        if (busy.containsKey(connection)) {
            return; // it is the transaction's until that has ended
        }
        try {
            connection.cleanup();
            idle.add(connection);
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends what is idle. */
    public synchronized void clear() throws ResourceException {
        for (ManagedConnection connection : idle) {
            connection.destroy();
        }
        idle.clear();
    }

    /** Hears of closed handles and broken connections. */
    private final class Listener implements ConnectionEventListener {
        private final ManagedConnection connection;

        Listener(ManagedConnection connection) {
            this.connection = connection;
        }

        @Override
        public void connectionClosed(ConnectionEvent event) {
            takeBack(connection);
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            synchronized (FakeConnections.this) {
                idle.remove(connection);
            }
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}
    }
}
