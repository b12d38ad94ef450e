package io.mamba;

import org.jspecify.annotations.Nullable;

/**
 * The one error type below the JMS, XA and JCA edges, each of which translates it in one place. The message says what
 * happened, to what, and what to do.
 */
public final class MambaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public MambaException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public MambaException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
