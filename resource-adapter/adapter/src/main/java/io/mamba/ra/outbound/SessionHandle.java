package io.mamba.ra.outbound;

import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import io.mamba.jms.Settlement;

/**
 * What the server hands over for one JMS session: the use of a pooled connection until {@link #close}. An interface, since
 * some servers put a proxy before it.
 */
public interface SessionHandle {
    Client client();

    ClientSession session();

    Settlement settlement();

    /** Told when the server takes the connection back while this is open: whatever stands on it must close. */
    void onRevoked(Runnable action);

    /** The program needs it no more. Idempotent. */
    void close();
}
