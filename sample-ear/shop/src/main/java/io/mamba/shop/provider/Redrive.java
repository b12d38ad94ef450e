package io.mamba.shop.provider;

import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Sends dead letters back to the destination where they failed: the provider's own operation. */
public final class Redrive {

    private Redrive() {}

    /**
     * @param destination in the form {@code queue://orders}
     * @return how many went back
     */
    public static int of(String destination) {
        return of(destination, ProviderNodes.server());
    }

    static int of(String destination, MBeanServer server) {
        int sentBack = 0;
        for (ObjectName node : ProviderNodes.in(server)) {
            try {
                sentBack += (Integer) server.invoke(
                        node, "redrive", new Object[] {destination}, new String[] {String.class.getName()});
            } catch (JMException | JMRuntimeException e) {
                throw ProviderNodes.unreadable(e);
            }
        }
        return sentBack;
    }
}
