package io.mamba.ra.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What is, and what is not, in the archive that was just built. */
class ArchiveIT {
    private static final Path ARCHIVE = Path.of("target", "mamba.rar");

    private static List<String> names(InputStream archive) throws IOException {
        List<String> names = new ArrayList<>();
        ZipInputStream entries = new ZipInputStream(archive);
        for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
            names.add(entry.getName());
            if (entry.getName().endsWith(".jar")) {
                names.addAll(names(entries));
            }
        }
        return names;
    }

    private static List<String> names() throws IOException {
        try (InputStream archive = Files.newInputStream(ARCHIVE)) {
            return names(archive);
        }
    }

    @Test
    void holdsTheDescriptorTheAdapterAndTheProvider() throws IOException {
        assertThat(names())
                .contains(
                        "META-INF/ra.xml",
                        "io/mamba/ra/MambaResourceAdapter.class",
                        "io/mamba/jms/MambaConnection.class",
                        "io/mamba/client/Client.class");
    }

    @Test
    void leavesTheApiToTheServer() throws IOException {
        assertThat(names()).noneMatch(name -> name.startsWith("jakarta/"));
    }

    @Test
    void bringsNoLogging() throws IOException {
        assertThat(names())
                .noneMatch(name -> name.startsWith("META-INF/services/org.slf4j")
                        || name.startsWith("META-INF/services/java.lang.System$LoggerFinder")
                        || name.startsWith("ch/qos/logback")
                        || name.startsWith("org/apache/logging")
                        || name.startsWith("org/apache/log4j"));
    }

    @Test
    void bringsNoTestsAndNoAnnotations() throws IOException {
        assertThat(names()).noneMatch(name -> name.startsWith("org/junit/") || name.startsWith("org/jspecify/"));
    }
}
