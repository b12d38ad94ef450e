package io.mamba.ra.outbound;

import io.mamba.MambaException;
import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.jms.EnlistedSettlement;
import io.mamba.ra.AdapterUser;
import io.mamba.ra.LogAccess;
import io.mamba.ra.StandIn;
import io.mamba.thread.Threads;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.CommException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * What the server pools and enlists: one connection to the log with one session and its XA resource, opened when first
 * needed and kept to the end. Programs use it through handles, several at once where the server shares it inside a
 * transaction. The server serialises calls; failures come from a thread of the node's.
 */
final class PooledConnection implements ManagedConnection, AdapterUser {
    private final LogAccess access;
    private final @Nullable Threads threads;
    private final Opening onOpened;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private final List<AssociatedHandle> handles = new CopyOnWriteArrayList<>();

    private @Nullable Opened opened;
    /** For the server's transaction manager, which may finish branches with it after the connection is destroyed. */
    private @Nullable StandIn standIn;

    private @Nullable PrintWriter logWriter;
    private volatile @Nullable MambaException failure;
    private volatile boolean stopped;
    private boolean destroyed;
    private boolean inLocalTransaction;

    /** What there is once the log is open. */
    record Opened(Client client, ClientSession session, XAResource resource, EnlistedSettlement settlement) {}

    /** Hears that a connection has opened the log, and may refuse. */
    interface Opening {
        void opened(PooledConnection connection) throws ResourceException;
    }

    /** @param threads in which the log does its own work, or null for those of Mamba's own */
    PooledConnection(LogAccess access, @Nullable Threads threads, Opening onOpened, @Nullable PrintWriter logWriter) {
        this.access = access;
        this.threads = threads;
        this.onOpened = onOpened;
        this.logWriter = logWriter;
    }

    boolean fits(LogAccess wanted) {
        return !isBroken() && access.equals(wanted);
    }

    boolean isBroken() {
        return failure != null || stopped;
    }

    synchronized Opened opened() throws ResourceException {
        if (destroyed) {
            throw new jakarta.resource.spi.IllegalStateException("The connection is destroyed.");
        }
        if (opened == null) {
            try {
                opened = open();
                onOpened.opened(this);
            } catch (MambaException e) {
                throw translate(e);
            } catch (ResourceException e) {
                end();
                throw e;
            }
        }
        return opened;
    }

    private Opened open() {
        Client client = access.open(threads);
        try {
            client.onFailure(this::failed);
            ClientSession session = client.openSession();
            StandIn made = new StandIn(client.xaResource(session));
            standIn = made;
            return new Opened(client, session, made.resource(), EnlistedSettlement.inContainer(session));
        } catch (MambaException e) {
            client.close();
            throw e;
        }
    }

    static ResourceException translate(MambaException e) {
        ResourceException translated = switch (e.code()) {
            case SECURITY -> new jakarta.resource.spi.SecurityException(e.getMessage(), e);
            case LOG_IN_USE, UNAVAILABLE, OUTCOME_UNKNOWN, RESOURCE_LIMIT -> new CommException(e.getMessage(), e);
            default -> new ResourceException(e.getMessage(), e);
        };
        translated.setErrorCode(e.code().name());
        return translated;
    }

    /**
     * By a thread of the node's, which must not close the node: the server would. So it hears of it when a handle closes,
     * asks for the invalid ones, or finds that this one fits nobody.
     */
    private void failed(MambaException cause) {
        failure = cause;
    }

    @Override
    public SessionHandle getConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        AssociatedHandle handle = new AssociatedHandle(this, opened());
        handles.add(handle);
        return handle;
    }

    /** The program is done with this handle. */
    void closed(AssociatedHandle handle) {
        if (!handles.remove(handle)) {
            return;
        }
        MambaException cause = failure;
        if (cause == null && !stopped) {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
            event.setConnectionHandle(handle);
            listeners.forEach(listener -> listener.connectionClosed(event));
        } else {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_ERROR_OCCURRED, cause);
            event.setConnectionHandle(handle);
            listeners.forEach(listener -> listener.connectionErrorOccurred(event));
        }
    }

    /** A handle whose program has begun to use it stands on receivers of its session and cannot move. */
    @Override
    public void associateConnection(Object handle) throws ResourceException {
        if (!(handle instanceof AssociatedHandle associated)) {
            throw new ResourceException("Expected a handle of Mamba, but got " + handle + ".");
        }
        associated.move(this, opened());
        handles.add(associated);
    }

    void left(AssociatedHandle handle) {
        handles.remove(handle);
    }

    /** Open handles end with whatever stands on them; a local transaction left open is rolled back. */
    @Override
    public void cleanup() throws ResourceException {
        List<AssociatedHandle> open = new ArrayList<>(handles);
        handles.clear();
        open.forEach(AssociatedHandle::revoke);
        Opened present;
        boolean leftOpen;
        synchronized (this) {
            present = opened;
            leftOpen = inLocalTransaction;
            inLocalTransaction = false;
        }
        if (present == null || isBroken()) {
            return;
        }
        try {
            if (leftOpen) {
                present.settlement().end(false);
            }
            present.session().forgetCutOff();
            present.session().stop();
        } catch (MambaException e) {
            throw translate(e);
        }
    }

    @Override
    public void destroy() throws ResourceException {
        cleanup();
        end();
    }

    /** The server should have destroyed it; a program that forgot to close it must not keep the log open. */
    @Override
    public void adapterStopped() {
        stopped = true;
        StandIn known;
        synchronized (this) {
            known = standIn;
        }
        if (known != null) {
            known.end();
        }
        end();
    }

    private void end() {
        Opened last;
        synchronized (this) {
            last = opened;
            opened = null;
            destroyed = true;
        }
        if (last != null) {
            last.client().close();
        }
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        return opened().resource();
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        EnlistedSettlement settlement = opened().settlement();
        return new LocalTransaction() {
            @Override
            public void begin() throws ResourceException {
                run(true, settlement::begin);
            }

            @Override
            public void commit() throws ResourceException {
                run(false, () -> settlement.end(true));
            }

            @Override
            public void rollback() throws ResourceException {
                run(false, () -> settlement.end(false));
            }
        };
    }

    /** One step of a local transaction, after which one is under way or not. */
    private void run(boolean underWay, Runnable step) throws ResourceException {
        synchronized (this) {
            inLocalTransaction = underWay;
        }
        try {
            step.run();
        } catch (MambaException e) {
            throw translate(e);
        }
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new ProductMetaData(access.user() == null ? "" : access.user());
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter logWriter) {
        this.logWriter = logWriter;
    }
}
