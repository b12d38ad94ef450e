package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import java.lang.management.ManagementFactory;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

/** The node's MBean. */
public final class NodeStatus implements NodeMXBean {
    private static final System.Logger LOGGER = System.getLogger(NodeStatus.class.getName());

    private final Node node;
    private final ObjectName name;

    private NodeStatus(Node node, ObjectName name) {
        this.node = node;
        this.name = name;
    }

    static NodeStatus register(Node node, String place) {
        try {
            ObjectName name = new ObjectName("io.mamba:type=Node,log=" + ObjectName.quote(place));
            NodeStatus status = new NodeStatus(node, name);
            ManagementFactory.getPlatformMBeanServer().registerMBean(status, name);
            return status;
        } catch (JMException refused) {
            throw new MambaException(
                    ErrorCode.INTERNAL, "The MBean of " + place + " cannot be registered: " + refused, refused);
        }
    }

    void unregister() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (InstanceNotFoundException gone) {
            LOGGER.log(System.Logger.Level.DEBUG, "Somebody else unregistered {0}.", name);
        } catch (JMException refused) {
            LOGGER.log(System.Logger.Level.WARNING, "The MBean " + name + " cannot be unregistered.", refused);
        }
    }

    @Override
    public DestinationStatus[] getDestinations() {
        return node.status().toArray(DestinationStatus[]::new);
    }

    @Override
    public int getInDoubt() {
        return node.branches().inDoubtAnywhere().size();
    }

    @Override
    public long getForces() {
        return node.log().statistics().forces();
    }

    @Override
    public long getBytesWritten() {
        return node.log().statistics().bytesWritten();
    }

    @Override
    public long getTransactions() {
        return node.log().statistics().transactions();
    }

    @Override
    public int redrive(String destination) {
        return Transfer.redrive(node, Address.parse(destination));
    }
}
