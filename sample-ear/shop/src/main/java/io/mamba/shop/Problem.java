package io.mamba.shop;

import jakarta.ejb.ApplicationException;

/** A request that cannot be granted: the HTTP status to answer and a sentence for the one who asked. */
@ApplicationException(rollback = true)
public class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    private Problem(int status, String message) {
        super(message);
        this.status = status;
    }

    public static Problem badRequest(String message) {
        return new Problem(400, message);
    }

    public static Problem notFound(String message) {
        return new Problem(404, message);
    }

    public static Problem conflict(String message) {
        return new Problem(409, message);
    }

    public static Problem tooLarge(String message) {
        return new Problem(413, message);
    }

    public static Problem forbidden(String message) {
        return new Problem(403, message);
    }

    public static Problem unavailable(String message) {
        return new Problem(503, message);
    }

    public int status() {
        return status;
    }
}
