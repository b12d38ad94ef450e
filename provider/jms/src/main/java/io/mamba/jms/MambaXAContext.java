package io.mamba.jms;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.XAJMSContext;
import javax.transaction.xa.XAResource;

/** A context whose work belongs to the branch that its XAResource is associated with. */
public final class MambaXAContext extends MambaContext implements XAJMSContext {
    private final XAResource resource;

    private MambaXAContext(ContextConnection shared, MambaXASession session) {
        super(shared, session);
        resource = session.getXAResource();
    }

    static MambaXAContext owning(MambaXAConnection connection) throws JMSException {
        return new MambaXAContext(
                new ContextConnection(connection), opened(connection, () -> connection.openXaSession(Permissions.ALL)));
    }

    @Override
    public JMSContext getContext() {
        return this;
    }

    @Override
    public XAResource getXAResource() {
        return resource;
    }
}
