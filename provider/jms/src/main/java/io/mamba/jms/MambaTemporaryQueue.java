package io.mamba.jms;

import io.mamba.client.Client;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryQueue;
import org.jspecify.annotations.Nullable;

/** A temporary queue; ends with the connection that created it. */
public final class MambaTemporaryQueue extends MambaQueue implements TemporaryQueue {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Client client;

    MambaTemporaryQueue(String name, @Nullable Client client) {
        super(Address.Kind.TEMPORARY_QUEUE, name);
        this.client = client;
    }

    @Override
    public void delete() throws JMSException {
        Temporaries.delete(client, address());
    }
}
