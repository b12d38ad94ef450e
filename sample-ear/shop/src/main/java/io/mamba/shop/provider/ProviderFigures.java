package io.mamba.shop.provider;

import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * What the messaging provider says of its destinations, read from its MBeans by their open types alone.
 *
 * @param destinations by name, in the form {@code queue://orders} or {@code topic://prices}
 */
public record ProviderFigures(Map<String, Figures> destinations, int inDoubt) {

    /**
     * One destination.
     *
     * @param depth messages that wait
     * @param inFlight messages that are under way
     * @param deadLettered messages in its dead-letter queue
     * @param settled messages done with since the beginning
     */
    public record Figures(long depth, long inFlight, long deadLettered, long settled) {

        static final Figures NONE = new Figures(0, 0, 0, 0);

        Figures plus(Figures other) {
            return new Figures(
                    depth + other.depth,
                    inFlight + other.inFlight,
                    deadLettered + other.deadLettered,
                    settled + other.settled);
        }
    }

    public static ProviderFigures read() {
        return read(ProviderNodes.server());
    }

    static ProviderFigures read(MBeanServer server) {
        try {
            Map<String, Figures> destinations = new HashMap<>();
            int inDoubt = 0;
            for (ObjectName node : ProviderNodes.in(server)) {
                inDoubt += ((Number) server.getAttribute(node, "InDoubt")).intValue();
                for (CompositeData destination : (CompositeData[]) server.getAttribute(node, "Destinations")) {
                    destinations.merge((String) destination.get("name"), figures(destination), Figures::plus);
                }
            }
            return new ProviderFigures(destinations, inDoubt);
        } catch (JMException e) {
            throw ProviderNodes.unreadable(e);
        }
    }

    /** A queue that the provider does not know has never had a message. */
    public Figures of(String queue) {
        return destinations.getOrDefault("queue://" + queue, Figures.NONE);
    }

    private static Figures figures(CompositeData destination) {
        return new Figures(
                number(destination, "depth"),
                number(destination, "inFlight"),
                number(destination, "deadLettered"),
                number(destination, "settled"));
    }

    private static long number(CompositeData destination, String name) {
        return ((Number) destination.get(name)).longValue();
    }
}
