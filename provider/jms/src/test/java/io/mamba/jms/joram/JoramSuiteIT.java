package io.mamba.jms.joram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Joram's suite on the embedded engine, each test in a directory of its own. */
class JoramSuiteIT extends JoramSuite {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Override
    String begin() throws IOException {
        return "mamba:file:" + Files.createTempDirectory(directory, "log");
    }

    @Override
    void end() {}
}
