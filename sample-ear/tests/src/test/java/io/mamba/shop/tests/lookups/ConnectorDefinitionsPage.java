package io.mamba.shop.tests.lookups;

import static java.util.Objects.requireNonNull;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.servlet.annotation.WebServlet;
import org.jspecify.annotations.Nullable;

/** Definitions of the Connectors specification. */
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
        properties = "name=defined")
@WebServlet("/page")
public class ConnectorDefinitionsPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "java:app/jms/DefinedCF")
    private transient @Nullable ConnectionFactory factory;

    @Resource(lookup = "java:app/jms/definedQueue")
    private transient @Nullable Queue queue;

    @Override
    String use() throws JMSException {
        return use(requireNonNull(factory), requireNonNull(queue));
    }
}
