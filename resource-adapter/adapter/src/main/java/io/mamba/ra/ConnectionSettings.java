package io.mamba.ra;

import org.jspecify.annotations.Nullable;

/** What connections are made of: said by a connection factory, also to an endpoint that names it, or by the adapter. */
public interface ConnectionSettings {
    /** Which log, and as whom. */
    LogAccess log();

    /** The client id of each connection; null where only the URL may name one. */
    default @Nullable String clientId() {
        return null;
    }
}
