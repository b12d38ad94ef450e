package io.mamba.shop.tests.lookups;

import static java.util.Objects.requireNonNull;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.servlet.annotation.WebServlet;
import org.jspecify.annotations.Nullable;

/** Definitions of Jakarta Messaging, which a server may pass on to an adapter. */
@JMSConnectionFactoryDefinition(
        name = "java:app/jms/MessagingCF",
        interfaceName = "jakarta.jms.ConnectionFactory",
        resourceAdapter = "mamba")
@JMSDestinationDefinition(
        name = "java:app/jms/messagingQueue",
        interfaceName = "jakarta.jms.Queue",
        className = "io.mamba.ra.MambaQueueObject",
        resourceAdapter = "mamba",
        destinationName = "messaging")
@WebServlet("/page")
public class MessagingDefinitionsPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "java:app/jms/MessagingCF")
    private transient @Nullable ConnectionFactory factory;

    @Resource(lookup = "java:app/jms/messagingQueue")
    private transient @Nullable Queue queue;

    @Override
    String use() throws JMSException {
        return use(requireNonNull(factory), requireNonNull(queue));
    }
}
