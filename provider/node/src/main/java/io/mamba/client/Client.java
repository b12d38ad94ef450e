package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.access.Access;
import io.mamba.access.Right;
import io.mamba.access.UsersFile;
import io.mamba.message.Address;
import io.mamba.node.Node;
import io.mamba.node.Nodes;
import io.mamba.node.Subscriptions;
import io.mamba.thread.Threads;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the log's node in this JVM, which is opened with the first client of a URL and closed with the last.
 * Any thread may call. After {@link #close} every method but close throws ILLEGAL_STATE.
 */
public final class Client implements AutoCloseable {
    private final Nodes.Lease lease;
    private final Access access;
    private final String connection = UUID.randomUUID().toString();
    private final Set<ClientSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Address> temporaries = ConcurrentHashMap.newKeySet();
    private final AtomicLong temporaryCount = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<MambaException> failureListener = this::failed;
    private final Consumer<MambaException> silenceListener = this::silent;
    private volatile @Nullable Consumer<MambaException> onFailure;
    private volatile @Nullable Consumer<MambaException> onSilence;
    private volatile @Nullable String clientId;

    private Client(Nodes.Lease lease, Access access) {
        this.lease = lease;
        this.access = access;
        lease.node().onFailure(failureListener);
        lease.node().watch().onSilence(silenceListener);
    }

    /**
     * Any name and password is accepted as long as no users are configured.
     *
     * @param user null for the URL's user and password
     * @throws MambaException LOG_IN_USE, CORRUPT, UNAVAILABLE, NOT_SUPPORTED, SECURITY
     */
    public static Client open(MambaUrl url, @Nullable String user, @Nullable String password) {
        return over(Nodes.lease(url), url, user, password);
    }

    /**
     * As {@link #open(MambaUrl, String, String)}.
     *
     * @param threads in which the log and its node do their own work, if this opens them
     */
    public static Client open(MambaUrl url, @Nullable String user, @Nullable String password, Threads threads) {
        return over(Nodes.lease(url, threads), url, user, password);
    }

    private static Client over(Nodes.Lease lease, MambaUrl url, @Nullable String user, @Nullable String password) {
        try {
            return new Client(lease, login(lease.users(), url, user, password));
        } catch (MambaException refused) {
            lease.close();
            throw refused;
        }
    }

    /** A client of a node that its caller has opened, and closes after it. */
    public static Client over(Node node) {
        return new Client(Nodes.Lease.of(node), Access.UNRESTRICTED);
    }

    private static Access login(
            @Nullable UsersFile users, MambaUrl url, @Nullable String user, @Nullable String password) {
        if (users == null) {
            return Access.UNRESTRICTED;
        }
        return user == null
                ? users.login(
                        url.option("user").orElse(null), url.option("password").orElse(null))
                : users.login(user, password);
    }

    /** Unique among all connections, and that of the client id if one was claimed; messages sent here carry it as origin. */
    public String id() {
        String claimed = clientId;
        return claimed == null ? connection : "client:" + claimed;
    }

    /** Takes a client id; INVALID_CLIENT_ID if another connection of this log has it. Given back by {@link #close}. */
    public void claimClientId(String wanted) {
        if (!node().claimClientId(wanted)) {
            throw new MambaException(
                    ErrorCode.INVALID_CLIENT_ID, "Client id '" + wanted + "' is in use by another connection.");
        }
        clientId = wanted;
    }

    /** A session; it starts stopped. */
    public ClientSession openSession() {
        ClientSession session = new ClientSession(this, node());
        sessions.add(session);
        return session;
    }

    /**
     * Makes sure that the user may do this with the destination and that it exists, creating it if that is allowed: else
     * SECURITY or INVALID_DESTINATION.
     */
    public void use(Address destination, Right right) {
        check(right, destination);
        node().destinations().use(destination);
    }

    /** SECURITY if the user may not do this with the destination, or may not create it where it does not exist. */
    void check(Right right, Address destination) {
        if (!access.isUnrestricted()) {
            access.check(right, destination);
            if (!node().destinations().exists(destination)) {
                access.check(Right.CREATE, destination);
            }
        }
    }

    /** @param kind TEMPORARY_QUEUE or TEMPORARY_TOPIC; the destination ends with this client */
    public Address createTemporary(Address.Kind kind) {
        if (!kind.isTemporary()) {
            throw new MambaException(ErrorCode.INVALID_ARGUMENT, kind + " is not a kind of temporary destination.");
        }
        Node node = node();
        Address destination = node.temporary(kind, connection + "-" + temporaryCount.incrementAndGet());
        node.destinations().ensure(destination);
        temporaries.add(destination);
        return destination;
    }

    /** INVALID_DESTINATION if this client did not create it, ILLEGAL_STATE while it has receivers. */
    public void deleteTemporary(Address destination) {
        Node node = node();
        if (!temporaries.contains(destination)) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    destination + " was not created by this connection, or is deleted already.");
        }
        boolean used = sessions.stream()
                .flatMap(session -> session.receivers().stream())
                .anyMatch(receiver -> receiver.isFrom(destination));
        if (used) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE, destination + " has an active consumer; close that before you delete it.");
        }
        temporaries.remove(destination);
        node.destinations().end(destination);
    }

    /** Ends a durable subscription: INVALID_DESTINATION if unknown, ILLEGAL_STATE while it has an active receiver. */
    public void unsubscribe(SubscriptionName name) {
        Subscriptions subscriptions = node().subscriptions();
        subscriptions.topicOf(name.clientId(), name.name()).ifPresent(topic -> check(Right.RECEIVE, topic));
        subscriptions.unsubscribe(name.clientId(), name.name());
    }

    /** Told once, by a thread of Mamba's, when the node has stopped because of a failure. */
    public void onFailure(@Nullable Consumer<MambaException> listener) {
        node();
        onFailure = listener;
    }

    /**
     * Told, by a thread of Mamba's, when the log does not answer, once each time. Nothing has to be opened again: all goes on
     * when it is back.
     */
    public void onSilence(@Nullable Consumer<MambaException> listener) {
        node();
        onSilence = listener;
    }

    /**
     * The XA view of the log, the same resource manager for every client of it: any of these finishes and recovers any
     * branch, this client being closed or not. {@code session} is the one whose work is enlisted; null for one that only recovers.
     */
    public XAResource xaResource(@Nullable ClientSession session) {
        return new BranchResource(this, session);
    }

    /** Closes sessions (giving back what they hold), deletes temporary destinations. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Node node = lease.node();
        try {
            node.removeFailureListener(failureListener);
            node.watch().remove(silenceListener);
            sessions.forEach(ClientSession::close);
            temporaries.forEach(node.destinations()::end);
            String claimed = clientId;
            if (claimed != null) {
                node.releaseClientId(claimed);
            }
        } finally {
            lease.close();
        }
    }

    boolean owns(Address temporary) {
        return temporaries.contains(temporary);
    }

    void forget(ClientSession session) {
        sessions.remove(session);
    }

    /** One more share in the node, also if this is closed: a branch outlives the connection that worked in it. */
    Nodes.Lease share() {
        return lease.again();
    }

    Node node() {
        if (closed.get()) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "This connection is closed.");
        }
        return lease.node();
    }

    private void silent(MambaException reason) {
        Consumer<MambaException> listener = onSilence;
        if (listener != null) {
            listener.accept(reason);
        }
    }

    /** Tells the program. */
    void failed(MambaException failure) {
        Consumer<MambaException> listener = onFailure;
        if (listener != null) {
            listener.accept(failure);
        }
    }
}
