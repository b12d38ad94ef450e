package io.mamba.jms.error;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates errors: {@link MambaException} to the {@link JMSException} of its code, and a JMSException to its runtime
 * twin. The code's name is {@link JMSException#getErrorCode()} and the original is the cause.
 */
public final class Errors {
    private static final Map<Class<?>, Twin> TWINS = Map.ofEntries(
            Map.entry(IllegalStateException.class, IllegalStateRuntimeException::new),
            Map.entry(InvalidClientIDException.class, InvalidClientIDRuntimeException::new),
            Map.entry(InvalidDestinationException.class, InvalidDestinationRuntimeException::new),
            Map.entry(InvalidSelectorException.class, InvalidSelectorRuntimeException::new),
            Map.entry(JMSSecurityException.class, JMSSecurityRuntimeException::new),
            Map.entry(MessageFormatException.class, MessageFormatRuntimeException::new),
            Map.entry(MessageNotWriteableException.class, MessageNotWriteableRuntimeException::new),
            Map.entry(ResourceAllocationException.class, ResourceAllocationRuntimeException::new),
            Map.entry(TransactionInProgressException.class, TransactionInProgressRuntimeException::new),
            Map.entry(TransactionRolledBackException.class, TransactionRolledBackRuntimeException::new));

    private Errors() {}

    /** Work that may fail with either kind of error; null goes through. */
    @FunctionalInterface
    public interface Call<T> {
        @Nullable
        T run() throws JMSException;
    }

    /** Work without a result that may fail with either kind of error. */
    @FunctionalInterface
    public interface Action {
        void run() throws JMSException;
    }

    private interface Twin {
        JMSRuntimeException of(String message, String code, Throwable cause);
    }

    /** Runs it; a MambaException becomes a JMSException. */
    @SuppressWarnings("NullAway") // null goes through only where the call gave it
    public static <T> T checked(Call<T> call) throws JMSException {
        try {
            return call.run();
        } catch (MambaException e) {
            throw of(e);
        }
    }

    /** Runs it; a MambaException becomes a JMSException. */
    public static void check(Action action) throws JMSException {
        try {
            action.run();
        } catch (MambaException e) {
            throw of(e);
        }
    }

    /** Runs it; either kind of error becomes a JMSRuntimeException. */
    @SuppressWarnings("NullAway") // null goes through only where the call gave it
    public static <T> T unchecked(Call<T> call) {
        try {
            return call.run();
        } catch (MambaException e) {
            throw twin(of(e));
        } catch (JMSException e) {
            throw twin(e);
        }
    }

    /** Runs it; either kind of error becomes a JMSRuntimeException. */
    public static void uncheck(Action action) {
        try {
            action.run();
        } catch (MambaException e) {
            throw twin(of(e));
        } catch (JMSException e) {
            throw twin(e);
        }
    }

    public static JMSException of(MambaException e) {
        JMSException translated = of(e.code(), String.valueOf(e.getMessage()));
        return because(e, translated);
    }

    /** An error that begins in the JMS layer itself. */
    public static JMSException of(ErrorCode code, String message) {
        String name = code.name();
        return switch (code) {
            case INVALID_SELECTOR -> new InvalidSelectorException(message, name);
            case INVALID_DESTINATION -> new InvalidDestinationException(message, name);
            case INVALID_CLIENT_ID -> new InvalidClientIDException(message, name);
            case ILLEGAL_STATE -> new IllegalStateException(message, name);
            case SECURITY -> new JMSSecurityException(message, name);
            case MESSAGE_FORMAT -> new MessageFormatException(message, name);
            case ROLLED_BACK -> new TransactionRolledBackException(message, name);
            case RESOURCE_LIMIT -> new ResourceAllocationException(message, name);
            case INVALID_ARGUMENT,
                    NOT_SUPPORTED,
                    UNKNOWN_BRANCH,
                    BRANCH_PROTOCOL,
                    DUPLICATE_BRANCH,
                    LOG_IN_USE,
                    UNAVAILABLE,
                    OUTCOME_UNKNOWN,
                    FENCED,
                    CORRUPT,
                    LOG_FAILED,
                    INTERNAL -> new JMSException(message, name);
        };
    }

    /** The error with its cause. */
    public static <E extends JMSException> E because(Exception cause, E error) {
        error.initCause(cause);
        error.setLinkedException(cause);
        return error;
    }

    /** Whatever a future failed with, as a JMSException. */
    public static JMSException ofAny(Throwable failure) {
        if (failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null) {
            return ofAny(failure.getCause());
        }
        if (failure instanceof MambaException e) {
            return of(e);
        }
        if (failure instanceof JMSException e) {
            return e;
        }
        JMSException error = of(ErrorCode.INTERNAL, "Unexpected: " + failure);
        error.initCause(failure);
        return error;
    }

    private static JMSRuntimeException twin(JMSException e) {
        Twin twin = TWINS.getOrDefault(e.getClass(), JMSRuntimeException::new);
        return twin.of(String.valueOf(e.getMessage()), String.valueOf(e.getErrorCode()), e);
    }
}
