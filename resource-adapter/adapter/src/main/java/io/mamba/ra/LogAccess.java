package io.mamba.ra;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.thread.Threads;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which log, and as whom: what a resource adapter, a connection factory and a bean may each say, in part.
 *
 * @param url null where it is left to the resource adapter
 * @param user null where it is left to the resource adapter or the URL
 */
public record LogAccess(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password) implements Serializable {
    public static final LogAccess NONE = new LogAccess(null, null, null);

    /** Where application servers keep the name of the instance: GlassFish and Payara, WildFly, Open Liberty. */
    private static final String[] INSTANCE_NAMES = {"com.sun.aas.instanceName", "jboss.node.name", "wlp.server.name"};

    public static LogAccess of(GivenProperties given) {
        return new LogAccess(
                given.resolve("url", "connectionParameters", "serverUrl", "connectionURL"),
                given.text("userName"),
                given.text("password"));
    }

    /** This one; what it leaves open is taken from the other. Name and password go together. */
    public LogAccess orElse(LogAccess other) {
        boolean own = user != null;
        return new LogAccess(url != null ? url : other.url, own ? user : other.user, own ? password : other.password);
    }

    public LogAccess as(@Nullable String newUser, @Nullable String newPassword) {
        return newUser == null ? this : new LogAccess(url, newUser, newPassword);
    }

    /**
     * The URL with the server instance's name as {@code node}, where it names none.
     *
     * @throws MambaException INVALID_ARGUMENT if there is no URL or it is not one
     */
    public MambaUrl target() {
        if (url == null) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "No log is configured. Set the property 'url' of Mamba's resource adapter, for example"
                            + " mamba:file:/var/lib/mamba, or of the connection factory.");
        }
        MambaUrl parsed = MambaUrl.parse(url);
        String instance = instanceName();
        if (instance == null || parsed.option("node").isPresent()) {
            return parsed;
        }
        Map<String, String> options = new HashMap<>(parsed.options());
        options.put("node", instance);
        return new MambaUrl(parsed.engine(), parsed.place(), options);
    }

    /**
     * A new connection to the log.
     *
     * @param threads in which the log does its own work, if this opens it; null for threads of Mamba's own
     */
    public Client open(@Nullable Threads threads) {
        return threads == null ? Client.open(target(), user, password) : Client.open(target(), user, password, threads);
    }

    private static @Nullable String instanceName() {
        for (String property : INSTANCE_NAMES) {
            String name = System.getProperty(property);
            if (name != null && !name.isBlank()) {
                return name;
            }
        }
        return null;
    }

    /** Without password, and without the URL's options, which may hold one. */
    @Override
    public String toString() {
        String place = url == null ? "no url" : url.replaceFirst("\\?.*", "");
        return user == null ? place : place + " as " + user;
    }
}
