package io.mamba.jndi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.jms.MambaQueue;
import io.mamba.jms.MambaTopic;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Hashtable;
import java.util.Properties;
import javax.naming.Binding;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // look-ups are what is tested, and the API wants a Hashtable
class MambaInitialContextFactoryTest {
    private static InitialContext context(String... entries) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, MambaInitialContextFactory.class.getName());
        for (int i = 0; i < entries.length; i += 2) {
            environment.put(entries[i], entries[i + 1]);
        }
        return new InitialContext(environment);
    }

    @Test
    void bindsWhatTheEnvironmentNames() throws NamingException {
        InitialContext context = context(
                Context.PROVIDER_URL,
                "mamba:file:/a",
                "connectionFactory.jms/cf",
                "mamba:file:/b",
                "connectionFactory.same",
                "",
                "queue.jms/orders",
                "orders",
                "topic.prices",
                "the.prices");

        assertThat(url(context, "ConnectionFactory")).isEqualTo("mamba:file:/a");
        assertThat(url(context, "jms/cf")).isEqualTo("mamba:file:/b");
        assertThat(url(context, "same")).isEqualTo("mamba:file:/a");
        assertThat(context.lookup("jms/orders")).isEqualTo(new MambaQueue("orders"));
        assertThat(context.lookup("prices")).isEqualTo(new MambaTopic("the.prices"));
        assertThat(Collections.list(context.listBindings("")))
                .extracting(Binding::getName)
                .containsExactlyInAnyOrder("ConnectionFactory", "jms/cf", "same", "jms/orders", "prices");
    }

    @Test
    void readsAPropertiesFile(@TempDir Path directory) throws IOException, NamingException {
        Path file = Files.writeString(directory.resolve("mamba.properties"), """
                java.naming.factory.initial=io.mamba.jndi.MambaInitialContextFactory
                java.naming.provider.url=mamba:file:/var/lib/mamba
                connectionFactory.jms/CF=mamba:file:/var/lib/mamba?clientId=shop
                queue.jms/orders=orders
                topic.jms/prices=prices
                """);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }

        InitialContext context = new InitialContext(properties);

        assertThat(url(context, "ConnectionFactory")).isEqualTo("mamba:file:/var/lib/mamba");
        assertThat(url(context, "jms/CF")).isEqualTo("mamba:file:/var/lib/mamba?clientId=shop");
        assertThat(context.lookup("jms/orders")).isEqualTo(new MambaQueue("orders"));
        assertThat(context.lookup("jms/prices")).isEqualTo(new MambaTopic("prices"));
    }

    private static String url(InitialContext context, String name) throws NamingException {
        return ((MambaConnectionFactory) context.lookup(name)).getUrl();
    }

    @Test
    void namesWhatIsBoundWhenANameIsNot() throws NamingException {
        InitialContext context = context("queue.orders", "orders");

        assertThatThrownBy(() -> context.lookup("order"))
                .isInstanceOf(NameNotFoundException.class)
                .hasMessageContaining("orders");
    }

    @Test
    void refusesAFactoryWithoutUrlAndChanges() throws NamingException {
        assertThatThrownBy(() -> context("connectionFactory.cf", "")).isInstanceOf(ConfigurationException.class);
        InitialContext context = context("queue.orders", "orders");
        assertThatThrownBy(() -> context.unbind("orders")).isInstanceOf(OperationNotSupportedException.class);
    }

    @Test
    void referencesComeBackAsWhatTheyStoodFor() throws Exception {
        MambaConnectionFactory factory = new MambaConnectionFactory("mamba:file:/a");
        factory.setUser("user");
        factory.setClientId("client");

        MambaConnectionFactory again =
                (MambaConnectionFactory) NamingManager.getObjectInstance(factory.getReference(), null, null, null);

        assertThat(again.getUrl()).isEqualTo("mamba:file:/a");
        assertThat(again.getUser()).isEqualTo("user");
        assertThat(again.getPassword()).isNull();
        assertThat(again.getClientId()).isEqualTo("client");
        assertThat(NamingManager.getObjectInstance(new MambaQueue("q").getReference(), null, null, null))
                .isEqualTo(new MambaQueue("q"));
        assertThat(NamingManager.getObjectInstance(new MambaTopic("t").getReference(), null, null, null))
                .isEqualTo(new MambaTopic("t"));
    }
}
