package io.mamba.jms;

import io.mamba.client.Client;
import io.mamba.client.ClientSession;
import jakarta.jms.JMSException;

/**
 * Where a connection takes its client sessions from, and what is to happen when it and its sessions close. In Java SE the
 * connection owns the client; a resource adapter lends what a managed connection owns.
 */
public interface Lease {
    Client client();

    /** Called by createSession. */
    SessionLease openSession(SessionKind kind) throws JMSException;

    /** The connection was closed by the program; its sessions are closed already. Called once. */
    void closed() throws JMSException;

    /**
     * A client session and how it settles.
     *
     * @param kind what the session tells as its mode
     * @param closed called once, when the program closes the session: its receivers are closed, it is stopped and its
     *     settlement was closed; in Java SE the client session is closed here
     */
    record SessionLease(ClientSession session, SessionKind kind, Settlement settlement, Runnable closed) {}
}
