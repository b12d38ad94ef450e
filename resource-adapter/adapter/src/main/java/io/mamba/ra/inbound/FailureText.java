package io.mamba.ra.inbound;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import org.jspecify.annotations.Nullable;

/**
 * What a bean threw, as the text that goes with the message to the dead-letter queue: class name and message of the
 * exception without the server's wrapping, and of its root cause.
 */
final class FailureText {
    /** For a rollback without an exception from the bean. */
    static final String ROLLED_BACK =
            "the transaction was rolled back by the application (setRollbackOnly) or the transaction manager";

    private static final int LIMIT = 2000;
    private static final int DEPTH = 50;

    private FailureText() {}

    static String of(Throwable thrown) {
        Throwable top = thrown;
        for (int depth = 0; depth < DEPTH && isWrapping(top); depth++) {
            Throwable cause = top.getCause();
            if (cause == null) {
                break;
            }
            top = cause;
        }
        Throwable root = top;
        for (int depth = 0; depth < DEPTH; depth++) {
            Throwable cause = root.getCause();
            if (cause == null) {
                break;
            }
            root = cause;
        }
        String text = root == top ? describe(top) : describe(top) + " (caused by " + describe(root) + ")";
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT);
    }

    private static boolean isWrapping(Throwable thrown) {
        return thrown instanceof InvocationTargetException
                || thrown instanceof UndeclaredThrowableException
                || thrown.getClass().getName().startsWith("jakarta.ejb.");
    }

    private static String describe(Throwable thrown) {
        @Nullable String message = thrown.getMessage();
        String name = thrown.getClass().getName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }
}
