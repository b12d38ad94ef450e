package io.mamba.ra.outbound;

import io.mamba.MambaException;
import io.mamba.client.Client;
import io.mamba.jms.Lease;
import io.mamba.jms.MambaConnection;
import io.mamba.jms.SessionKind;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import jakarta.jms.ResourceAllocationException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What one JMS connection in a server has of the server's pool: nothing, or, while it has a session, one pooled
 * connection. So a connection that a bean keeps takes part in each of its transactions: every session is allocated, and
 * enlisted, anew. Thread-safe.
 */
final class ConnectionLease implements Lease {
    private static final Logger LOG = System.getLogger(ConnectionLease.class.getName());

    private final MambaManagedConnectionFactory factory;
    private final ConnectionManager connections;
    private final ConnectionRequest request;

    private @Nullable SessionHandle handle;
    private @Nullable MambaConnection connection;

    ConnectionLease(MambaManagedConnectionFactory factory, ConnectionManager connections, ConnectionRequest request) {
        this.factory = factory;
        this.connections = connections;
        this.request = request;
    }

    /** The connection that stands on this lease, to be closed if the server takes everything back. */
    synchronized void serve(MambaConnection served) {
        connection = served;
    }

    /** Fails if name and password are not accepted. */
    void check() throws JMSException {
        allocate().close();
    }

    private SessionHandle allocate() throws JMSException {
        try {
            return (SessionHandle) connections.allocateConnection(factory, request);
        } catch (ResourceException e) {
            throw translate(e);
        }
    }

    /** What Mamba said, if it was Mamba; servers wrap it. */
    private static JMSException translate(ResourceException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MambaException mamba) {
                return Errors.of(mamba);
            }
        }
        JMSException failure = new ResourceAllocationException("The server gives no connection: " + e.getMessage());
        failure.initCause(e);
        failure.setLinkedException(e);
        return failure;
    }

    private synchronized SessionHandle handle() throws JMSException {
        if (handle == null) {
            SessionHandle allocated = allocate();
            allocated.onRevoked(() -> revoked(allocated));
            handle = allocated;
        }
        return handle;
    }

    @Override
    public Client client() {
        try {
            return handle().client();
        } catch (JMSException e) {
            throw new MambaException(
                    io.mamba.ErrorCode.UNAVAILABLE, "The server gives no connection: " + e.getMessage(), e);
        }
    }

    /** The container's transaction decides; a session outside of one is as the specification recommends for any other kind. */
    @Override
    public SessionLease openSession(SessionKind kind) throws JMSException {
        SessionKind told = kind == SessionKind.DUPS_OK ? SessionKind.DUPS_OK : SessionKind.AUTO;
        SessionHandle current = handle();
        return new SessionLease(current.session(), told, current.settlement(), this::sessionClosed);
    }

    /** The server gets its connection back, unless temporary destinations stand on it, which end with the connection. */
    private void sessionClosed() {
        MambaConnection served;
        synchronized (this) {
            served = connection;
        }
        if (served == null || !served.hasTemporaries()) {
            giveBack();
        }
    }

    @Override
    public void closed() {
        giveBack();
    }

    private void giveBack() {
        SessionHandle last;
        synchronized (this) {
            last = handle;
            handle = null;
        }
        if (last != null) {
            last.close();
        }
    }

    private void revoked(SessionHandle lost) {
        MambaConnection served;
        synchronized (this) {
            if (handle != lost) {
                return;
            }
            served = connection;
        }
        LOG.log(Level.DEBUG, "The server takes back a connection that is still open; it is closed.");
        if (served == null) {
            return;
        }
        try {
            served.close();
        } catch (JMSException e) {
            LOG.log(Level.WARNING, "A connection that the server took back did not close.", e);
        }
    }
}
