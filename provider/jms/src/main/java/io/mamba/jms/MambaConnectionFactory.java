package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.AllowedClasses;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.XAConnectionFactory;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueConnectionFactory;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicConnectionFactory;
import java.io.Serializable;
import java.util.EnumSet;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of connection to the log that a URL names: {@code mamba:file:/dir} or {@code mamba:kafka://host:port}. A bean:
 * set url, and user, password and clientId where the URL does not say them. To be configured before use; then any thread
 * may use it.
 */
public class MambaConnectionFactory
        implements ConnectionFactory,
                QueueConnectionFactory,
                TopicConnectionFactory,
                XAConnectionFactory,
                XAQueueConnectionFactory,
                XATopicConnectionFactory,
                Referenceable,
                Serializable {
    private static final long serialVersionUID = 1L;

    private static final Permissions NO_SUBSCRIPTION_CONNECTION_CONSUMERS =
            new Permissions(EnumSet.of(Permission.SUBSCRIPTION_CONNECTION_CONSUMER), "in a queue connection");

    private String url;
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable String clientId;

    /** For beans and references; {@link #setUrl} must follow. */
    public MambaConnectionFactory() {
        this("");
    }

    public MambaConnectionFactory(String url) {
        this.url = url;
    }

    public String getUrl() {
        return url;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(@Nullable String user) {
        this.user = user;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    /** The client id that each connection gets; wins over that of the URL. */
    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    private interface Maker<C extends MambaConnection> {
        C of(Lease lease, AllowedClasses allowed, @Nullable String clientId, Permissions permissions);
    }

    private <C extends MambaConnection> C connect(
            @Nullable String user, @Nullable String password, Permissions permissions, Maker<C> maker)
            throws JMSException {
        return Errors.checked(() -> {
            if (url.isEmpty()) {
                throw Errors.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "The connection factory has no url; expected mamba:<engine>:<place>.");
            }
            MambaUrl parsed = MambaUrl.parse(url);
            String id = clientId == null ? parsed.option("clientId").orElse(null) : clientId;
            AllowedClasses allowed =
                    AllowedClasses.of(parsed.option("objectMessageAllow").orElse(null));
            Client client = Client.open(parsed, user, password);
            try {
                if (id != null) {
                    client.claimClientId(id);
                }
                return maker.of(new OwnedLease(client), allowed, id, permissions);
            } catch (MambaException e) {
                client.close();
                throw e;
            }
        });
    }

    @Override
    public MambaConnection createConnection() throws JMSException {
        return createConnection(user, password);
    }

    @Override
    public MambaConnection createConnection(@Nullable String user, @Nullable String password) throws JMSException {
        return connect(user, password, Permissions.ALL, MambaConnection::new);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return createQueueConnection(user, password);
    }

    @Override
    public QueueConnection createQueueConnection(@Nullable String user, @Nullable String password) throws JMSException {
        return connect(user, password, NO_SUBSCRIPTION_CONNECTION_CONSUMERS, MambaConnection::new);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return createConnection(user, password);
    }

    @Override
    public TopicConnection createTopicConnection(@Nullable String user, @Nullable String password) throws JMSException {
        return createConnection(user, password);
    }

    @Override
    public MambaXAConnection createXAConnection() throws JMSException {
        return createXAConnection(user, password);
    }

    @Override
    public MambaXAConnection createXAConnection(@Nullable String user, @Nullable String password) throws JMSException {
        return connect(user, password, Permissions.ALL, MambaXAConnection::new);
    }

    @Override
    public XAQueueConnection createXAQueueConnection() throws JMSException {
        return createXAQueueConnection(user, password);
    }

    @Override
    public XAQueueConnection createXAQueueConnection(@Nullable String user, @Nullable String password)
            throws JMSException {
        return connect(user, password, NO_SUBSCRIPTION_CONNECTION_CONSUMERS, MambaXAConnection::new);
    }

    @Override
    public XATopicConnection createXATopicConnection() throws JMSException {
        return createXAConnection(user, password);
    }

    @Override
    public XATopicConnection createXATopicConnection(@Nullable String user, @Nullable String password)
            throws JMSException {
        return createXAConnection(user, password);
    }

    @Override
    public JMSContext createContext() {
        return createContext(JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(@Nullable String user, @Nullable String password) {
        return createContext(user, password, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return createContext(user, password, sessionMode);
    }

    @Override
    public JMSContext createContext(@Nullable String user, @Nullable String password, int sessionMode) {
        return Errors.unchecked(() -> {
            SessionKind kind = SessionKind.of(sessionMode);
            return MambaContext.owning(createConnection(user, password), kind);
        });
    }

    @Override
    public XAJMSContext createXAContext() {
        return createXAContext(user, password);
    }

    @Override
    public XAJMSContext createXAContext(@Nullable String user, @Nullable String password) {
        return Errors.unchecked(() -> MambaXAContext.owning(createXAConnection(user, password)));
    }

    @Override
    public Reference getReference() {
        Reference reference =
                new Reference(MambaConnectionFactory.class.getName(), "io.mamba.jndi.MambaObjectFactory", null);
        reference.add(new StringRefAddr("url", url));
        if (user != null) {
            reference.add(new StringRefAddr("user", user));
        }
        if (password != null) {
            reference.add(new StringRefAddr("password", password));
        }
        if (clientId != null) {
            reference.add(new StringRefAddr("clientId", clientId));
        }
        return reference;
    }
}
