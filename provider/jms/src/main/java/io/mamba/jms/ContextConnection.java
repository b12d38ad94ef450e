package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;

/** The connection that several contexts share; the last one to close closes it. */
final class ContextConnection {
    private final MambaConnection connection;

    /** Guarded by this. */
    private int contexts = 1;

    ContextConnection(MambaConnection connection) {
        this.connection = connection;
    }

    MambaConnection connection() {
        return connection;
    }

    synchronized ContextConnection share() throws JMSException {
        if (contexts == 0) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The context is closed.");
        }
        contexts++;
        return this;
    }

    void release() throws JMSException {
        boolean last;
        synchronized (this) {
            contexts--;
            last = contexts == 0;
        }
        if (last) {
            connection.close();
        }
    }
}
