package io.mamba.ra.payara.server;

import fish.payara.arquillian.container.payara.managed.PayaraMicroDeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;

/**
 * Payara Micro, also on a busy machine: the original takes the server for started once it has read the server's ports,
 * and knows no servlets if the lines that list them, which come next, are not read by then. Which there are is known.
 */
public final class MicroContainer extends PayaraMicroDeployableContainer {
    /** Through which Arquillian runs tests inside the server. */
    private static final String RUNNER = "ArquillianServletRunnerEE9";

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        ProtocolMetaData found = super.deploy(archive);
        HTTPContext context = found.getContexts(HTTPContext.class).iterator().next();
        if (context.getServletByName(RUNNER) == null) {
            context.add(new Servlet(RUNNER, "/" + archive.getName().replaceFirst("\\.war$", "")));
        }
        return found;
    }
}
