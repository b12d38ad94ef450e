package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.client.Client;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import org.jspecify.annotations.Nullable;

/** Deleting temporary destinations, the same for queues and topics. */
final class Temporaries {
    private Temporaries() {}

    static void delete(@Nullable Client client, Address address) throws JMSException {
        if (client == null) {
            throw Errors.of(
                    ErrorCode.INVALID_DESTINATION, address + " can be deleted by the connection that created it only.");
        }
        Errors.check(() -> client.deleteTemporary(address));
    }
}
