package io.mamba.ra.outbound;

import jakarta.jms.ConnectionFactory;
import jakarta.resource.spi.ConnectionManager;

/** The bean behind a {@code jakarta.jms.QueueConnectionFactory} in a server. */
public final class MambaQueueManagedConnectionFactory extends MambaManagedConnectionFactory {
    private static final long serialVersionUID = 1L;

    @Override
    ConnectionFactory factory(ConnectionManager connections) {
        return new LeasedQueueConnectionFactory(this, connections);
    }
}
