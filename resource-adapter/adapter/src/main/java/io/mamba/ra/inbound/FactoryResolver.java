package io.mamba.ra.inbound;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.jms.MambaConnectionFactory;
import io.mamba.ra.ConnectionSettings;
import io.mamba.ra.LogAccess;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** Finds the connection factory of an endpoint's {@code connectionFactoryLookup}: one of the adapter's, or a plain one. */
final class FactoryResolver {
    private FactoryResolver() {}

    /**
     * @param adapter holds where the activation names no factory
     * @throws MambaException INVALID_ARGUMENT if JNDI has no such factory, at least not yet
     */
    static ConnectionSettings resolve(Connecting wanted, ConnectionSettings adapter) {
        String name = wanted.factoryLookup();
        if (name == null) {
            return adapter;
        }
        try {
            return settings(Jndi.lookUp(name, wanted.jndiParams()), name);
        } catch (NamingException e) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "No connection factory with the JNDI name '" + name + "', the connectionFactoryLookup: " + e,
                    e);
        }
    }

    private static ConnectionSettings settings(@Nullable Object found, String name) {
        if (found instanceof ConnectionSettings leased) {
            return leased;
        }
        if (found instanceof MambaConnectionFactory plain) {
            return new Plain(plain);
        }
        throw new MambaException(
                ErrorCode.INVALID_ARGUMENT,
                "Expected a connection factory of this resource adapter under '" + name
                        + "', the connectionFactoryLookup, but found "
                        + (found == null ? "nothing" : found.getClass().getName())
                        + ". Name one of Mamba's, or leave the property out: then the resource adapter says which log.");
    }

    private record Plain(MambaConnectionFactory factory) implements ConnectionSettings {
        @Override
        public LogAccess log() {
            String url = factory.getUrl();
            return new LogAccess(url.isEmpty() ? null : url, factory.getUser(), factory.getPassword());
        }

        @Override
        public @Nullable String clientId() {
            return factory.getClientId();
        }
    }
}
