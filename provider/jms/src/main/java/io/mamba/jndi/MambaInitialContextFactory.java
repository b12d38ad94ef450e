package io.mamba.jndi;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.jms.MambaQueue;
import io.mamba.jms.MambaTopic;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/**
 * An initial context that holds what its environment says: {@code connectionFactory.<jndi>=<url>}, {@code
 * queue.<jndi>=<name>}, {@code topic.<jndi>=<name>}. A factory without URL of its own takes {@code
 * java.naming.provider.url}, which is also bound as {@code ConnectionFactory} if nothing else is.
 */
public final class MambaInitialContextFactory implements InitialContextFactory {
    private static final String FACTORY = "connectionFactory.";
    private static final String QUEUE = "queue.";
    private static final String TOPIC = "topic.";

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
        Map<String, Object> bindings = new TreeMap<>();
        Object provider = environment.get(Context.PROVIDER_URL);
        if (provider != null) {
            bindings.put("ConnectionFactory", new MambaConnectionFactory(provider.toString()));
        }
        for (Map.Entry<?, ?> entry : environment.entrySet()) {
            String key = String.valueOf(entry.getKey());
            String value = String.valueOf(entry.getValue()).trim();
            if (key.startsWith(FACTORY)) {
                String url = value.isEmpty() && provider != null ? provider.toString() : value;
                if (url.isEmpty()) {
                    throw new ConfigurationException(
                            key + " names no URL, and neither does " + Context.PROVIDER_URL + ".");
                }
                bindings.put(key.substring(FACTORY.length()), new MambaConnectionFactory(url));
            } else if (key.startsWith(QUEUE)) {
                bindings.put(key.substring(QUEUE.length()), new MambaQueue(value));
            } else if (key.startsWith(TOPIC)) {
                bindings.put(key.substring(TOPIC.length()), new MambaTopic(value));
            }
        }
        return new PropertiesContext(bindings, environment);
    }
}
