package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.client.Client;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The temporary destinations of one connection, which end with it even where a resource adapter's client lives on. Any
 * thread may call.
 */
final class Temporaries {
    private final Lease lease;
    private final Set<Address> present = ConcurrentHashMap.newKeySet();

    Temporaries(Lease lease) {
        this.lease = lease;
    }

    private Client client() {
        return lease.client();
    }

    MambaTemporaryQueue queue() throws JMSException {
        return new MambaTemporaryQueue(create(Address.Kind.TEMPORARY_QUEUE), this);
    }

    MambaTemporaryTopic topic() throws JMSException {
        return new MambaTemporaryTopic(create(Address.Kind.TEMPORARY_TOPIC), this);
    }

    private String create(Address.Kind kind) throws JMSException {
        Address address = Errors.checked(() -> client().createTemporary(kind));
        present.add(address);
        return address.name();
    }

    boolean isEmpty() {
        return present.isEmpty();
    }

    void delete(Address address) throws JMSException {
        Errors.check(() -> client().deleteTemporary(address));
        present.remove(address);
    }

    /** Any of them that the program has not deleted, by whatever connection of the client. */
    void deleteAll() {
        for (Address address : present) {
            try {
                client().deleteTemporary(address);
            } catch (MambaException e) {
                // Deleted already by another connection of the client; any other failure is the caller's to know.
                if (e.code() != ErrorCode.INVALID_DESTINATION) {
                    throw e;
                }
            }
        }
    }
}
