package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** How a session was asked to settle. */
public enum SessionKind {
    TRANSACTED(Session.SESSION_TRANSACTED),
    AUTO(Session.AUTO_ACKNOWLEDGE),
    CLIENT(Session.CLIENT_ACKNOWLEDGE),
    DUPS_OK(Session.DUPS_OK_ACKNOWLEDGE),
    /** An XASession: in a branch while its XAResource is associated with one. */
    XA(Session.SESSION_TRANSACTED);

    private final int mode;

    SessionKind(int mode) {
        this.mode = mode;
    }

    /** The mode as the API numbers it. */
    public int mode() {
        return mode;
    }

    /** The kind for createSession(mode). */
    public static SessionKind of(int mode) throws JMSException {
        for (SessionKind kind : values()) {
            if (kind.mode == mode) {
                return kind;
            }
        }
        throw Errors.of(
                ErrorCode.INVALID_ARGUMENT,
                "Expected a session mode of 0 (transacted), 1 (auto), 2 (client) or 3 (dups-ok), but got " + mode
                        + ".");
    }

    /** The kind for createSession(transacted, acknowledgeMode). */
    static SessionKind of(boolean transacted, int acknowledgeMode) throws JMSException {
        if (transacted) {
            return TRANSACTED;
        }
        SessionKind kind = of(acknowledgeMode);
        if (kind == TRANSACTED) {
            throw Errors.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "A session that is not transacted cannot have the mode SESSION_TRANSACTED.");
        }
        return kind;
    }
}
