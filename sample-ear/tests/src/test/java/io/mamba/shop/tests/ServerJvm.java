package io.mamba.shop.tests;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** Each thread of a server's JVM with its stack, as text that begins with its name in quotation marks. */
    static List<String> threads(long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process dump = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print")
                .redirectErrorStream(true)
                .start();
        try (InputStream text = dump.getInputStream()) {
            return List.of(new String(text.readAllBytes(), StandardCharsets.UTF_8).split("\n\n", -1));
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

    /** Everything that is reachable, for whoever looks for who keeps it. Written by the server. */
    void dumpHeap(Path file) throws IOException {
        Files.deleteIfExists(file);
        ManagementFactory.newPlatformMXBeanProxy(
                        connection(), "com.sun.management:type=HotSpotDiagnostic", HotSpotDiagnosticMXBean.class)
                .dumpHeap(file.toString(), true);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
