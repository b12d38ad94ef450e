package io.mamba.shop.tests;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a server's JVM takes of memory, in MiB, seen from outside. */
final class ServerMemory implements AutoCloseable {
    private final long pid;
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private long highestHeap;

    @SuppressWarnings("BanJNDI") // the address is that of a server which the test started itself
    ServerMemory(long pid) throws IOException {
        this.pid = pid;
        this.connector = JMXConnectorFactory.connect(new JMXServiceURL(agent(pid)));
        this.memory = ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
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

    void look() {
        highestHeap = Math.max(highestHeap, memory.getHeapMemoryUsage().getUsed() >> 20);
    }

    /** The most that was seen in use, garbage included. */
    long highestHeap() {
        return highestHeap;
    }

    /** What is left in the heap when the garbage is gone. */
    long liveHeap() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() >> 20;
    }

    /** The most that the whole process ever held, as Linux counts it. */
    long peakResident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
