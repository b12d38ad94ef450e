package io.mamba.ra.outbound;

import jakarta.resource.spi.ConnectionRequestInfo;
import org.jspecify.annotations.Nullable;

/** Name and password that a program gave; null where it gave none. */
record ConnectionRequest(@Nullable String user, @Nullable String password) implements ConnectionRequestInfo {
    static final ConnectionRequest NONE = new ConnectionRequest(null, null);

    @Override
    public String toString() {
        return user == null ? "the configured user" : user;
    }
}
