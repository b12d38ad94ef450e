package io.mamba.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.resource.spi.ConnectionManager;

/** As its parent, for programs that know queues only. */
public final class LeasedQueueConnectionFactory extends LeasedConnectionFactory implements QueueConnectionFactory {
    private static final long serialVersionUID = 1L;

    LeasedQueueConnectionFactory(MambaManagedConnectionFactory factory, ConnectionManager connections) {
        super(factory, connections);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return open(null, null);
    }

    @Override
    public QueueConnection createQueueConnection(String userName, String password) throws JMSException {
        return open(userName, password);
    }
}
