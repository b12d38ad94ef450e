package io.mamba.jms;

import io.mamba.jms.message.AllowedClasses;
import jakarta.jms.JMSException;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XATopicConnection;
import org.jspecify.annotations.Nullable;

/** A connection that also opens sessions for a transaction manager. */
public final class MambaXAConnection extends MambaConnection implements XAQueueConnection, XATopicConnection {
    public MambaXAConnection(Lease lease, AllowedClasses allowed, @Nullable String clientId, Permissions permissions) {
        super(lease, allowed, clientId, permissions);
    }

    @Override
    public MambaXASession createXASession() throws JMSException {
        return createXaSession(Permissions.ALL);
    }

    @Override
    public MambaXASession createXAQueueSession() throws JMSException {
        return createXaSession(Permissions.QUEUE_DOMAIN);
    }

    @Override
    public MambaXASession createXATopicSession() throws JMSException {
        return createXaSession(Permissions.TOPIC_DOMAIN);
    }
}
