package io.mamba.shop.audit;

import io.mamba.shop.Problem;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * What the messaging provider says of its queues, read from its MBeans by their open types alone. When there is none the
 * answer is a clear refusal: no figures are not zeros.
 */
public record ProviderFigures(Map<String, QueueFigures> queues, int inDoubt) {

    private static final String NODES = "io.mamba:type=Node,*";

    /** One queue: messages that wait, that are under way, that are in its dead-letter queue. */
    public record QueueFigures(long depth, long inFlight, long deadLettered) {

        static final QueueFigures NONE = new QueueFigures(0, 0, 0);

        QueueFigures plus(QueueFigures other) {
            return new QueueFigures(depth + other.depth, inFlight + other.inFlight, deadLettered + other.deadLettered);
        }
    }

    static ProviderFigures read() {
        return read(ManagementFactory.getPlatformMBeanServer());
    }

    static ProviderFigures read(MBeanServer server) {
        Set<ObjectName> nodes = server.queryNames(pattern(), null);
        if (nodes.isEmpty()) {
            throw Problem.unavailable("The messaging provider shows no MBean " + NODES
                    + ": depths and branches in doubt are unknown, so there is no audit");
        }
        try {
            Map<String, QueueFigures> queues = new HashMap<>();
            int inDoubt = 0;
            for (ObjectName node : nodes) {
                inDoubt += ((Number) server.getAttribute(node, "InDoubt")).intValue();
                for (CompositeData destination : (CompositeData[]) server.getAttribute(node, "Destinations")) {
                    queues.merge((String) destination.get("name"), figures(destination), QueueFigures::plus);
                }
            }
            return new ProviderFigures(queues, inDoubt);
        } catch (JMException e) {
            throw Problem.unavailable("The messaging provider's MBean cannot be read: " + e);
        }
    }

    /** A queue that the provider does not know has never had a message. */
    QueueFigures of(String queue) {
        return queues.getOrDefault("queue://" + queue, QueueFigures.NONE);
    }

    private static QueueFigures figures(CompositeData destination) {
        return new QueueFigures(
                ((Number) destination.get("depth")).longValue(),
                ((Number) destination.get("inFlight")).longValue(),
                ((Number) destination.get("deadLettered")).longValue());
    }

    private static ObjectName pattern() {
        try {
            return new ObjectName(NODES);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
