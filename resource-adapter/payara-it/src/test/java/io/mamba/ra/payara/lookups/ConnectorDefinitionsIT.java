package io.mamba.ra.payara.lookups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ra.payara.Application;
import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.net.URISyntaxException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Definitions of the Connectors specification; these methods run in the server. */
@ConnectionFactoryDefinition(
        name = "java:app/jms/DefinedCF",
        interfaceName = "jakarta.jms.ConnectionFactory",
        resourceAdapter = "mamba",
        transactionSupport = TransactionSupportLevel.XATransaction)
@AdministeredObjectDefinition(
        name = "java:app/jms/definedQueue",
        className = "io.mamba.ra.MambaQueueObject",
        interfaceName = "jakarta.jms.Queue",
        resourceAdapter = "mamba",
        properties = "name=lookup.defined")
@AdministeredObjectDefinition(
        name = "java:app/jms/definedTopic",
        className = "io.mamba.ra.MambaTopicObject",
        interfaceName = "jakarta.jms.Topic",
        resourceAdapter = "mamba",
        properties = "name=lookup.news")
@ExtendWith(ArquillianExtension.class)
public class ConnectorDefinitionsIT {
    @Resource(lookup = "java:app/jms/DefinedCF")
    private ConnectionFactory connections;

    @Resource(lookup = "java:app/jms/definedQueue")
    private Queue queue;

    @Deployment
    public static WebArchive application() throws URISyntaxException {
        return Application.of("connector-definitions.war", ConnectorDefinitionsIT.class.getPackage())
                .deleteClass(JmsDefinitionsIT.class)
                .addClass(Application.class);
    }

    @SuppressWarnings({"BanJNDI", "TypeParameterUnusedInFormals"}) // looking up is what is tested; the names are fixed
    private <T> T lookUp(String name) throws NamingException {
        return InitialContext.doLookup(name);
    }

    @Test
    public void areInjected() {
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(queue, "injected");

            assertThat(context.createConsumer(queue).receiveBody(String.class, 60_000))
                    .isEqualTo("injected");
        }
    }

    @Test
    public void areFoundByName() throws Exception {
        ConnectionFactory factory = lookUp("java:app/jms/DefinedCF");
        Topic topic = lookUp("java:app/jms/definedTopic");

        assertThat(topic.getTopicName()).isEqualTo("lookup.news");
        assertThat(this.<Queue>lookUp("java:app/jms/definedQueue").getQueueName())
                .isEqualTo("lookup.defined");
        try (JMSContext context = factory.createContext()) {
            assertThat(context.getMetaData().getJMSProviderName()).isEqualTo("Mamba");
        }
    }
}
