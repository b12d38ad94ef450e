package io.mamba.jms.joram;

import io.mamba.jndi.MambaInitialContextFactory;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.objectweb.jtests.jms.admin.Admin;

/** What Joram's suite asks of a provider; each of its tests makes one, for the log of its own. */
@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // the suite looks factories and destinations up in JNDI
public final class MambaAdministration implements Admin {
    /** The system property that names the log of the test that runs now. */
    static final String URL = "mamba.joram.url";

    private final Hashtable<String, String> environment = new Hashtable<>();
    private final String url;

    public MambaAdministration() {
        url = System.getProperty(URL);
        environment.put(Context.INITIAL_CONTEXT_FACTORY, MambaInitialContextFactory.class.getName());
    }

    @Override
    public String getName() {
        return "Mamba";
    }

    @Override
    public Context createContext() throws NamingException {
        return new InitialContext(environment);
    }

    @Override
    public void createConnectionFactory(String name) {
        environment.put("connectionFactory." + name, url);
    }

    @Override
    public void createQueueConnectionFactory(String name) {
        createConnectionFactory(name);
    }

    @Override
    public void createTopicConnectionFactory(String name) {
        createConnectionFactory(name);
    }

    @Override
    public void createQueue(String name) {
        environment.put("queue." + name, name);
    }

    @Override
    public void createTopic(String name) {
        environment.put("topic." + name, name);
    }

    @Override
    public void deleteQueue(String name) {}

    @Override
    public void deleteTopic(String name) {}

    @Override
    public void deleteConnectionFactory(String name) {}

    @Override
    public void deleteQueueConnectionFactory(String name) {}

    @Override
    public void deleteTopicConnectionFactory(String name) {}

    @Override
    public void startServer() {}

    @Override
    public void stopServer() {}

    @Override
    public void start() {}

    @Override
    public void stop() {}
}
