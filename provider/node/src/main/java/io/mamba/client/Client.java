package io.mamba.client;

import io.mamba.MambaUrl;
import io.mamba.message.Address;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the log's node in this JVM, which is opened with the first client of a URL and closed with the last.
 * Any thread may call. After {@link #close} every method but close throws ILLEGAL_STATE.
 */
public final class Client implements AutoCloseable {
    /**
     * @param user null for the URL's or the default user
     * @throws io.mamba.MambaException SECURITY, LOG_IN_USE, CORRUPT, UNAVAILABLE, NOT_SUPPORTED
     */
    public static Client open(MambaUrl url, @Nullable String user, @Nullable String password) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Unique among all connections; messages sent here carry it as {@code origin}. */
    public String id() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Takes a client id; INVALID_CLIENT_ID if another connection of this log has it. Given back by {@link #close}. */
    public void claimClientId(String clientId) {
        throw new UnsupportedOperationException("under construction");
    }

    /** A session; it starts stopped. */
    public ClientSession openSession() {
        throw new UnsupportedOperationException("under construction");
    }

    /** Makes sure the destination exists, creating it if that is allowed: else INVALID_DESTINATION. */
    public void ensureExists(Address destination) {
        throw new UnsupportedOperationException("under construction");
    }

    /** @param kind TEMPORARY_QUEUE or TEMPORARY_TOPIC; the destination ends with this client */
    public Address createTemporary(Address.Kind kind) {
        throw new UnsupportedOperationException("under construction");
    }

    /** INVALID_DESTINATION if this client did not create it, ILLEGAL_STATE while it has receivers. */
    public void deleteTemporary(Address destination) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Ends a durable subscription: INVALID_DESTINATION if unknown, ILLEGAL_STATE while it has an active receiver. */
    public void unsubscribe(SubscriptionName name) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Told once, by a thread of Mamba's, when the node has stopped because of a failure. */
    public void onFailure(@Nullable Consumer<io.mamba.MambaException> listener) {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * The XA view of the log, the same resource manager for every client of it: any of these finishes and recovers any
     * branch. {@code session} is the one whose work is enlisted; null for one that only recovers.
     */
    public javax.transaction.xa.XAResource xaResource(@Nullable ClientSession session) {
        throw new UnsupportedOperationException("under construction");
    }

    /** Closes sessions (giving back what they hold), deletes temporary destinations. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("under construction");
    }
}
