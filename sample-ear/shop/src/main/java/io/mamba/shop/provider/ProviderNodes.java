package io.mamba.shop.provider;

import io.mamba.shop.Problem;
import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The MBeans of the messaging provider. When there is none the answer is a clear refusal: no figures are not zeros. */
final class ProviderNodes {

    private static final String NODES = "io.mamba:type=Node,*";

    private ProviderNodes() {}

    static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    static Set<ObjectName> in(MBeanServer server) {
        Set<ObjectName> nodes = server.queryNames(pattern(), null);
        if (nodes.isEmpty()) {
            throw Problem.unavailable("The messaging provider shows no MBean " + NODES
                    + ": depths, dead letters and branches in doubt are unknown");
        }
        return nodes;
    }

    static Problem unreadable(Exception e) {
        Throwable cause = (e instanceof JMException || e instanceof JMRuntimeException) && e.getCause() != null
                ? e.getCause()
                : e;
        return Problem.unavailable("The messaging provider's MBean does not answer: " + cause);
    }

    private static ObjectName pattern() {
        try {
            return new ObjectName(NODES);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
