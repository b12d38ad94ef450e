package io.mamba.ra.inbound;

import java.util.Hashtable;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** Look-ups of names that the deployer chose, in the JNDI of the server. */
@SuppressWarnings("BanJNDI")
final class Jndi {
    private Jndi() {}

    /** @param parameters environment of the look-up, {@code key=value;key=value}, or null */
    static @Nullable Object lookUp(String name, @Nullable String parameters) throws NamingException {
        InitialContext context = new InitialContext(environment(parameters));
        try {
            return context.lookup(name);
        } finally {
            context.close();
        }
    }

    @SuppressWarnings("JdkObsolete") // InitialContext takes a Hashtable
    private static @Nullable Hashtable<String, String> environment(@Nullable String parameters) {
        if (parameters == null) {
            return null;
        }
        Hashtable<String, String> environment = new Hashtable<>();
        for (String pair : parameters.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                environment.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return environment;
    }
}
