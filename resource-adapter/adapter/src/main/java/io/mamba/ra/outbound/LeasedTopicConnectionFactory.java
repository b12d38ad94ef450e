package io.mamba.ra.outbound;

import jakarta.jms.JMSException;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.resource.spi.ConnectionManager;

/** As its parent, for programs that know topics only. */
public final class LeasedTopicConnectionFactory extends LeasedConnectionFactory implements TopicConnectionFactory {
    private static final long serialVersionUID = 1L;

    LeasedTopicConnectionFactory(MambaManagedConnectionFactory factory, ConnectionManager connections) {
        super(factory, connections);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return open(null, null);
    }

    @Override
    public TopicConnection createTopicConnection(String userName, String password) throws JMSException {
        return open(userName, password);
    }
}
