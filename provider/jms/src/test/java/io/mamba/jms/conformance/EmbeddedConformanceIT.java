package io.mamba.jms.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The suite on the embedded engine, each test in a directory of its own. */
class EmbeddedConformanceIT extends ConformanceSuite {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Override
    String log() {
        return "mamba:file:" + directory.resolve("log");
    }
}
