package io.mamba.benchmark;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** A log in a new directory, which is deleted at the end. Open until then. */
final class Provider implements AutoCloseable {
    private final Path directory;
    private final MambaConnectionFactory factory;
    private final Connection keptOpen;
    private final ObjectName node;

    Provider(Path parent) throws IOException, JMSException, JMException {
        directory = Files.createTempDirectory(parent, "mamba-benchmark").toRealPath();
        factory = new MambaConnectionFactory("mamba:file:" + directory);
        keptOpen = factory.createConnection();
        node = new ObjectName("io.mamba:type=Node,log=" + ObjectName.quote(directory.toString()));
    }

    MambaConnectionFactory factory() {
        return factory;
    }

    /** As the log itself counts them. */
    long forces() throws JMException {
        return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(node, "Forces");
    }

    @Override
    public void close() throws JMSException, IOException {
        keptOpen.close();
        delete(directory);
    }

    static void delete(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
