package io.mamba.jms;

import jakarta.jms.XAQueueSession;
import jakarta.jms.XATopicSession;
import javax.transaction.xa.XAResource;

/** A session whose work belongs to the branch that its XAResource is associated with. */
public final class MambaXASession extends MambaSession implements XAQueueSession, XATopicSession {
    private final XAResource resource;

    MambaXASession(MambaConnection connection, Lease.SessionLease lease, Permissions permissions) {
        super(connection, lease, permissions);
        resource = connection.client().xaResource(lease.session());
    }

    @Override
    public MambaSession getSession() {
        return this;
    }

    @Override
    public MambaSession getQueueSession() {
        return this;
    }

    @Override
    public MambaSession getTopicSession() {
        return this;
    }

    @Override
    public XAResource getXAResource() {
        return resource;
    }
}
