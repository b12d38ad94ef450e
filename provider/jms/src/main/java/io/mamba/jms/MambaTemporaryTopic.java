package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.message.Address;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryTopic;
import org.jspecify.annotations.Nullable;

/** A temporary topic; ends with the connection that created it. */
public final class MambaTemporaryTopic extends MambaTopic implements TemporaryTopic {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Temporaries connection;

    /** @param connection whose it may be; null where nobody can delete it */
    MambaTemporaryTopic(String name, @Nullable Temporaries connection) {
        super(Address.Kind.TEMPORARY_TOPIC, name);
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
