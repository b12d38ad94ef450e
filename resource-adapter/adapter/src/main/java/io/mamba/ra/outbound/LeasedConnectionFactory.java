package io.mamba.ra.outbound;

import io.mamba.MambaUrl;
import io.mamba.jms.MambaConnection;
import io.mamba.jms.MambaContext;
import io.mamba.jms.Permissions;
import io.mamba.jms.SessionKind;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.AllowedClasses;
import io.mamba.ra.ConnectionSettings;
import io.mamba.ra.LogAccess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.resource.Referenceable;
import jakarta.resource.spi.ConnectionManager;
import java.io.Serializable;
import javax.naming.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The connection factory that programs in a server look up. Its connections are Mamba's own, restricted as a container
 * demands, and take what they need from the server's pool.
 */
public class LeasedConnectionFactory implements ConnectionFactory, ConnectionSettings, Serializable, Referenceable {
    private static final long serialVersionUID = 1L;

    private final MambaManagedConnectionFactory factory;
    private final ConnectionManager connections;
    private @Nullable Reference reference;

    LeasedConnectionFactory(MambaManagedConnectionFactory factory, ConnectionManager connections) {
        this.factory = factory;
        this.connections = connections;
    }

    /** A connection; with a name of its own, name and password are tried at once. */
    final MambaConnection open(@Nullable String user, @Nullable String password) throws JMSException {
        ConnectionLease lease = new ConnectionLease(
                factory, connections, user == null ? ConnectionRequest.NONE : new ConnectionRequest(user, password));
        if (user != null) {
            lease.check();
        }
        return Errors.checked(() -> {
            MambaUrl target = log().target();
            String own = clientId();
            MambaConnection connection = new MambaConnection(
                    lease,
                    AllowedClasses.of(target.option("objectMessageAllow").orElse(null)),
                    own != null ? own : target.option("clientId").orElse(null),
                    Permissions.CONTAINER);
            lease.serve(connection);
            return connection;
        });
    }

    private JMSContext context(@Nullable String user, @Nullable String password, int sessionMode) {
        return Errors.unchecked(() -> MambaContext.owning(open(user, password), SessionKind.of(sessionMode)));
    }

    @Override
    public final LogAccess log() {
        return factory.log();
    }

    @Override
    public final @Nullable String clientId() {
        return factory.clientId();
    }

    @Override
    public Connection createConnection() throws JMSException {
        return open(null, null);
    }

    @Override
    public Connection createConnection(String userName, String password) throws JMSException {
        return open(userName, password);
    }

    @Override
    public JMSContext createContext() {
        return context(null, null, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return context(null, null, sessionMode);
    }

    @Override
    public JMSContext createContext(String userName, String password) {
        return context(userName, password, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(String userName, String password, int sessionMode) {
        return context(userName, password, sessionMode);
    }

    /** Set by the server when it puts the factory into JNDI. */
    @Override
    public @Nullable Reference getReference() {
        return reference;
    }

    @Override
    public void setReference(@Nullable Reference reference) {
        this.reference = reference;
    }
}
