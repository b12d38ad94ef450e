package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.access.Right;
import io.mamba.client.Client;
import io.mamba.client.Source;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.AllowedClasses;
import io.mamba.jms.message.MessageFactory;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection, general or of a legacy domain. Any thread may call; a new one is stopped.
 *
 * <p>What a temporary destination needs to end with its connection is done here, since a resource adapter lends one client
 * to many connections, one after the other.
 */
public class MambaConnection implements QueueConnection, TopicConnection {
    private final Lease lease;
    private final Permissions permissions;
    private final MessageFactory messages;
    private final Set<MambaSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<MambaConnectionConsumer> consumers = ConcurrentHashMap.newKeySet();
    private final Temporaries temporaries;
    private final SerialThread exceptions = new SerialThread("mamba-exception");

    /** One start, stop or close at a time; not held while sessions are used. */
    private final Object lifecycle = new Object();

    private volatile @Nullable ExceptionListener exceptionListener;
    private volatile @Nullable String clientId;
    private volatile boolean used;
    private volatile boolean started;
    private volatile boolean closed;

    /**
     * @param allowed what received ObjectMessages may contain
     * @param clientId the administratively set client id, which the lease's client has claimed already; null for none
     */
    public MambaConnection(Lease lease, AllowedClasses allowed, @Nullable String clientId, Permissions permissions) {
        this.lease = lease;
        this.clientId = clientId;
        this.permissions = permissions;
        temporaries = new Temporaries(lease);
        messages = new MessageFactory(address -> MambaDestination.of(address, temporaries), allowed);
    }

    final Client client() {
        return lease.client();
    }

    final MessageFactory messages() {
        return messages;
    }

    final @Nullable String currentClientId() {
        return clientId;
    }

    final Permissions permissions() {
        return permissions;
    }

    private void checkOpen() throws JMSException {
        if (closed) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The connection is closed.");
        }
    }

    /** From now on the client id is settled. */
    final void use() throws JMSException {
        checkOpen();
        used = true;
    }

    @Override
    public MambaSession createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        use();
        return openSession(SessionKind.of(transacted, acknowledgeMode), Permissions.ALL);
    }

    @Override
    public MambaSession createSession(int sessionMode) throws JMSException {
        use();
        return openSession(SessionKind.of(sessionMode), Permissions.ALL);
    }

    @Override
    public MambaSession createSession() throws JMSException {
        use();
        return openSession(SessionKind.AUTO, Permissions.ALL);
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        use();
        return openSession(SessionKind.of(transacted, acknowledgeMode), Permissions.QUEUE_DOMAIN);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        use();
        return openSession(SessionKind.of(transacted, acknowledgeMode), Permissions.TOPIC_DOMAIN);
    }

    /** Opens a session without counting as use, for contexts, which open theirs before the program can set a client id. */
    final MambaSession openSession(SessionKind kind, Permissions domain) throws JMSException {
        return Errors.checked(() -> register(new MambaSession(this, lent(kind), permissions.and(domain))));
    }

    /** As openSession for a program's XASession. */
    final MambaXASession createXaSession(Permissions domain) throws JMSException {
        use();
        return openXaSession(domain);
    }

    final MambaXASession openXaSession(Permissions domain) throws JMSException {
        return Errors.checked(() -> register(new MambaXASession(this, lent(SessionKind.XA), permissions.and(domain))));
    }

    private Lease.SessionLease lent(SessionKind kind) throws JMSException {
        checkOpen();
        if (!sessions.isEmpty()) {
            permissions.check(Permission.SEVERAL_SESSIONS);
        }
        return lease.openSession(kind);
    }

    private <S extends MambaSession> S register(S session) throws JMSException {
        synchronized (lifecycle) {
            sessions.add(session);
            if (!closed) {
                if (started) {
                    session.start();
                }
                return session;
            }
        }
        session.close();
        throw closedMeanwhile();
    }

    private static JMSException closedMeanwhile() {
        return Errors.of(ErrorCode.ILLEGAL_STATE, "The connection was closed meanwhile.");
    }

    final void forget(MambaSession session) {
        sessions.remove(session);
    }

    /** Whether there are temporary destinations, which need the lease's client to the end. */
    public final boolean hasTemporaries() {
        return !temporaries.isEmpty();
    }

    final Temporaries temporaries() {
        return temporaries;
    }

    @Override
    public @Nullable String getClientID() throws JMSException {
        checkOpen();
        return clientId;
    }

    @Override
    public void setClientID(String clientId) throws JMSException {
        checkOpen();
        permissions.check(Permission.SET_CLIENT_ID);
        if (this.clientId != null) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The client id is '" + this.clientId + "' already.");
        }
        if (used) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "A client id must be set before the connection is used.");
        }
        if (clientId == null || clientId.isEmpty()) {
            throw Errors.of(ErrorCode.INVALID_CLIENT_ID, "Expected a client id that is not null or empty.");
        }
        Errors.check(() -> client().claimClientId(clientId));
        this.clientId = clientId;
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        checkOpen();
        return new MetaData();
    }

    @Override
    public @Nullable ExceptionListener getExceptionListener() throws JMSException {
        checkOpen();
        return exceptionListener;
    }

    @Override
    public void setExceptionListener(@Nullable ExceptionListener listener) throws JMSException {
        use();
        permissions.check(Permission.EXCEPTION_LISTENER);
        exceptionListener = listener;
        Errors.check(() -> {
            client().onFailure(listener == null ? null : this::failed);
            client().onSilence(listener == null ? null : this::failed);
        });
    }

    private void failed(MambaException failure) {
        failed(Errors.of(failure));
    }

    /** In a thread of its own, since the listener may close the connection. */
    final void failed(JMSException failure) {
        exceptions.execute(() -> {
            ExceptionListener listener = exceptionListener;
            if (listener != null) {
                listener.onException(failure);
            }
        });
    }

    @Override
    public void start() throws JMSException {
        use();
        Errors.check(() -> {
            synchronized (lifecycle) {
                started = true;
                for (MambaSession session : sessions) {
                    session.start();
                }
                consumers.forEach(MambaConnectionConsumer::start);
            }
        });
    }

    @Override
    public void stop() throws JMSException {
        use();
        permissions.check(Permission.STOP);
        checkNotInListener("stop");
        Errors.check(() -> {
            List<MambaSession> stopping;
            synchronized (lifecycle) {
                started = false;
                consumers.forEach(MambaConnectionConsumer::stop);
                stopping = List.copyOf(sessions);
            }
            for (MambaSession session : stopping) {
                session.stop();
            }
        });
    }

    private void checkNotInListener(String what) throws JMSException {
        for (MambaSession session : sessions) {
            session.checkNotInCallback(what + " its connection");
        }
    }

    /** Closes the sessions, deletes temporary destinations, gives the client back; all of it even if a part fails. */
    @Override
    public void close() throws JMSException {
        checkNotInListener("close");
        synchronized (lifecycle) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<Errors.Action> steps = new ArrayList<>();
        for (MambaSession session : sessions) {
            steps.add(session::halt); // What the first gives back when it is closed must not go to the next.
        }
        for (MambaConnectionConsumer consumer : consumers) {
            steps.add(consumer::close);
        }
        for (MambaSession session : sessions) {
            steps.add(session::close);
        }
        steps.add(temporaries::deleteAll);
        steps.add(exceptions::shutdown);
        steps.add(lease::closed);
        Steps.all(steps);
    }

    // Connection consumers

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, @Nullable String selector, ServerSessionPool pool, int maxMessages)
            throws JMSException {
        return connectionConsumer(
                Permission.CONNECTION_CONSUMER, () -> Sources.of(destination, selector, false), pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, @Nullable String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        return createConnectionConsumer((Destination) queue, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, @Nullable String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        return createConnectionConsumer((Destination) topic, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String name, @Nullable String selector, ServerSessionPool pool, int maxMessages)
            throws JMSException {
        return connectionConsumer(topic, Source.Kind.SHARED, name, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String name, @Nullable String selector, ServerSessionPool pool, int maxMessages)
            throws JMSException {
        return connectionConsumer(topic, Source.Kind.DURABLE, name, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String name, @Nullable String selector, ServerSessionPool pool, int maxMessages)
            throws JMSException {
        return connectionConsumer(topic, Source.Kind.SHARED_DURABLE, name, selector, pool, maxMessages);
    }

    private ConnectionConsumer connectionConsumer(
            Topic topic,
            Source.Kind kind,
            String name,
            @Nullable String selector,
            ServerSessionPool pool,
            int maxMessages)
            throws JMSException {
        return connectionConsumer(
                Permission.SUBSCRIPTION_CONNECTION_CONSUMER,
                () -> Sources.subscription(topic, kind, Sources.name(clientId, name), selector, false),
                pool,
                maxMessages);
    }

    private ConnectionConsumer connectionConsumer(
            Permission permission, Errors.Call<Source> source, @Nullable ServerSessionPool pool, int maxMessages)
            throws JMSException {
        use();
        permissions.check(permission);
        if (pool == null || maxMessages < 1) {
            throw Errors.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "Expected a server session pool and at least one message at a time, but got " + pool + " and "
                            + maxMessages + ".");
        }
        MambaConnectionConsumer consumer = Errors.checked(() -> {
            Source from = Errors.checked(source);
            client().use(from.destination(), Right.RECEIVE);
            return new MambaConnectionConsumer(this, from, pool, maxMessages);
        });
        synchronized (lifecycle) {
            consumers.add(consumer);
            if (!closed) {
                if (started) {
                    consumer.start();
                }
                return consumer;
            }
        }
        consumer.close();
        throw closedMeanwhile();
    }

    final void forget(MambaConnectionConsumer consumer) {
        consumers.remove(consumer);
    }
}
