package io.mamba.jms;

import io.mamba.client.Client;
import io.mamba.client.ClientSession;

/** Java SE: the connection owns its client, each session its client session. */
record OwnedLease(Client client) implements Lease {
    @Override
    public SessionLease openSession(SessionKind kind) {
        ClientSession session = client.openSession();
        return new SessionLease(session, kind, Settlement.of(kind, session), session::close);
    }

    @Override
    public void closed() {
        client.close();
    }
}
