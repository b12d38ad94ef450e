package io.mamba.jms;

import io.mamba.client.Client;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryTopic;
import org.jspecify.annotations.Nullable;

/** A temporary topic; ends with the connection that created it. */
public final class MambaTemporaryTopic extends MambaTopic implements TemporaryTopic {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Client client;

    MambaTemporaryTopic(String name, @Nullable Client client) {
        super(Address.Kind.TEMPORARY_TOPIC, name);
        this.client = client;
    }

    @Override
    public void delete() throws JMSException {
        Temporaries.delete(client, address());
    }
}
