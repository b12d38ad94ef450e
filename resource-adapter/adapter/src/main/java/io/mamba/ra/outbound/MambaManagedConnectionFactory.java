package io.mamba.ra.outbound;

import io.mamba.ra.LogAccess;
import io.mamba.ra.LogProperties;
import io.mamba.ra.MambaResourceAdapter;
import jakarta.jms.ConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The bean behind a {@code jakarta.jms.ConnectionFactory} in a server. What it leaves open about the log, the resource
 * adapter says. Equal by configuration.
 */
public class MambaManagedConnectionFactory extends LogProperties
        implements ManagedConnectionFactory, ResourceAdapterAssociation, ValidatingManagedConnectionFactory {
    private static final long serialVersionUID = 1L;

    private @Nullable MambaResourceAdapter resourceAdapter;
    private transient @Nullable PrintWriter logWriter;

    /** Its own configuration, by which it is equal to another. */
    private record Settings(LogAccess access, @Nullable String clientId) {}

    private Settings settings() {
        given.ignore("useTryLock", "it belongs to another adapter and says nothing that Mamba needs");
        return new Settings(access(), clientId());
    }

    /** The client id of its connections, or null. */
    final @Nullable String clientId() {
        return given.resolve("clientId", "clientID");
    }

    /** Which log, and as whom, unless a program says otherwise. */
    final LogAccess log() {
        LogAccess own = access();
        return resourceAdapter == null ? own : own.orElse(resourceAdapter.log());
    }

    /** A {@code jakarta.jms.ConnectionFactory} (or of the domain of a subclass). */
    ConnectionFactory factory(ConnectionManager connections) {
        return new LeasedConnectionFactory(this, connections);
    }

    @Override
    public final Object createConnectionFactory(ConnectionManager connections) {
        return factory(connections);
    }

    /** For use without a server. */
    @Override
    public final Object createConnectionFactory() {
        return factory(new UnpooledConnections());
    }

    /** Opens nothing: servers fill pools ahead. */
    @Override
    public final ManagedConnection createManagedConnection(
            @Nullable Subject subject, @Nullable ConnectionRequestInfo request) throws ResourceException {
        return new PooledConnection(
                access(subject, request),
                resourceAdapter == null ? null : resourceAdapter.threads(),
                this::opened,
                logWriter);
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // the connector API is older than generics
    public final @Nullable ManagedConnection matchManagedConnections(
            Set candidates, @Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        LogAccess wanted = access(subject, request);
        for (Object candidate : (Set<Object>) candidates) {
            if (candidate instanceof PooledConnection connection && connection.fits(wanted)) {
                return connection;
            }
        }
        return null;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // the connector API is older than generics
    public final Set getInvalidConnections(Set candidates) {
        return ((Set<Object>) candidates)
                .stream()
                        .filter(candidate -> candidate instanceof PooledConnection connection && connection.isBroken())
                        .collect(Collectors.toSet());
    }

    private void opened(PooledConnection connection) throws ResourceException {
        if (resourceAdapter != null) {
            resourceAdapter.usedBy(connection);
            if (access().url() == null) {
                resourceAdapter.keepOpen();
            }
        }
    }

    private LogAccess access(@Nullable Subject subject, @Nullable ConnectionRequestInfo request) {
        LogAccess configured = log();
        if (subject != null) {
            for (PasswordCredential credential : subject.getPrivateCredentials(PasswordCredential.class)) {
                if (equals(credential.getManagedConnectionFactory())) {
                    return configured.as(credential.getUserName(), new String(credential.getPassword()));
                }
            }
        }
        return request instanceof ConnectionRequest given ? configured.as(given.user(), given.password()) : configured;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter logWriter) {
        this.logWriter = logWriter;
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
        if (!(adapter instanceof MambaResourceAdapter mamba)) {
            throw new ResourceException("Expected Mamba's resource adapter, but got " + adapter + ".");
        }
        resourceAdapter = mamba;
    }

    public @Nullable String getClientId() {
        return given.text("clientId");
    }

    public void setClientId(@Nullable String clientId) {
        given.set("clientId", clientId);
    }

    public @Nullable String getClientID() {
        return given.text("clientID");
    }

    public void setClientID(@Nullable String clientID) {
        given.set("clientID", clientID);
    }

    public @Nullable String getSessionDefaultType() {
        return given.text("sessionDefaultType");
    }

    public void setSessionDefaultType(@Nullable String sessionDefaultType) {
        given.set("sessionDefaultType", sessionDefaultType);
    }

    public @Nullable Integer getUseTryLock() {
        return given.integer("useTryLock");
    }

    public void setUseTryLock(@Nullable Integer useTryLock) {
        given.set("useTryLock", useTryLock);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof MambaManagedConnectionFactory factory
                && getClass() == factory.getClass()
                && settings().equals(factory.settings());
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), settings());
    }
}
