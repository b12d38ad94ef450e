package io.mamba.shop.tests;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A server's JVM, seen from outside over JMX. */
final class ServerJvm implements AutoCloseable {
    private final long pid;
    private final JMXConnector connector;
    private final MemoryMXBean memory;

    @SuppressWarnings("BanJNDI") // the address is that of a server which the test started itself
    ServerJvm(long pid) throws IOException {
        this.pid = pid;
        this.connector = JMXConnectorFactory.connect(new JMXServiceURL(agent(pid)));
        this.memory = ManagementFactory.newPlatformMXBeanProxy(
                connection(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    }

    private static String agent(long pid) throws IOException {
        try {
            VirtualMachine server = VirtualMachine.attach(Long.toString(pid));
            try {
                return server.startLocalManagementAgent();
            } finally {
                server.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("The server's JVM cannot be watched", e);
        }
    }

    long pid() {
        return pid;
    }

    MBeanServerConnection connection() throws IOException {
        return connector.getMBeanServerConnection();
    }

    long usedHeap() {
        return memory.getHeapMemoryUsage().getUsed();
    }

    void collectGarbage() {
        memory.gc();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
