package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryQueue;
import org.jspecify.annotations.Nullable;

/** A temporary queue; ends with the connection that created it. */
public final class MambaTemporaryQueue extends MambaQueue implements TemporaryQueue {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Temporaries connection;

    /** @param connection whose it may be; null where nobody can delete it */
    MambaTemporaryQueue(String name, @Nullable Temporaries connection) {
        super(Address.Kind.TEMPORARY_QUEUE, name);
        this.connection = connection;
    }

    @Override
    public void delete() throws JMSException {
        if (connection == null) {
            throw Errors.of(
                    ErrorCode.INVALID_DESTINATION, this + " can be deleted by the connection that created it only.");
        }
        connection.delete(address());
    }
}
