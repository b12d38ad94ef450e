package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for futures, with the error that was meant. */
public final class Futures {
    private Futures() {}

    /** The result, or the MambaException it failed with; an interrupt stays pending and does not end the wait. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw error(failure);
        }
    }

    /** The MambaException in or made of what a future failed with. */
    public static MambaException error(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof MambaException known
                ? known
                : new MambaException(ErrorCode.INTERNAL, "A defect in Mamba: " + cause, cause);
    }
}
