package io.mamba.ra.payara.lookups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ra.payara.Application;
import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.Queue;
import java.net.URISyntaxException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Definitions of Jakarta Messaging, which a server may pass on to an adapter; these methods run in the server. */
@JMSConnectionFactoryDefinition(
        name = "java:app/jms/MessagingCF",
        interfaceName = "jakarta.jms.ConnectionFactory",
        resourceAdapter = "mamba")
@JMSDestinationDefinition(
        name = "java:app/jms/messagingQueue",
        interfaceName = "jakarta.jms.Queue",
        className = "io.mamba.ra.MambaQueueObject",
        resourceAdapter = "mamba",
        destinationName = "lookup.messaging")
@ExtendWith(ArquillianExtension.class)
public class JmsDefinitionsIT {
    @Resource(lookup = "java:app/jms/MessagingCF")
    private ConnectionFactory connections;

    @Resource(lookup = "java:app/jms/messagingQueue")
    private Queue queue;

    @Deployment
    public static WebArchive application() throws URISyntaxException {
        return Application.of("jms-definitions.war", JmsDefinitionsIT.class.getPackage())
                .deleteClass(ConnectorDefinitionsIT.class)
                .addClass(Application.class);
    }

    @Test
    public void areInjected() throws Exception {
        assertThat(queue.getQueueName()).isEqualTo("lookup.messaging");
        try (JMSContext context = connections.createContext()) {
            assertThat(context.getMetaData().getJMSProviderName()).isEqualTo("Mamba");
            context.createProducer().send(queue, "defined");

            assertThat(context.createConsumer(queue).receiveBody(String.class, 60_000))
                    .isEqualTo("defined");
        }
    }
}
