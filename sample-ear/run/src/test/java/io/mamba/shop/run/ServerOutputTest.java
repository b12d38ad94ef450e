package io.mamba.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerOutputTest {

    @TempDir
    Path directory;

    @Test
    void knowsWhenTheServerIsReady() throws IOException {
        ServerOutput output = read("... [PayaraMicro] Payara Micro 6.2025.10 (build 42) ready in 5,309 (ms)\n");

        assertThat(output.ready()).isTrue();
        assertThat(output.failures()).isEmpty();
    }

    @Test
    void takesAFailedBootCommandForAFailure() throws IOException {
        ServerOutput output =
                read("[\u001b[1;93mWARNING\u001b[0m] Boot Command deploy failed PlainTextActionReporterFAILURE\n");

        assertThat(output.ready()).isFalse();
        assertThat(output.failures()).singleElement().asString().startsWith("Boot Command deploy failed");
    }

    @Test
    void keepsTheWholeOutputInTheLogWithoutColours() throws IOException {
        read("one\n\u001b[1;94mtwo\u001b[0m\n");

        assertThat(Files.readAllLines(directory.resolve("server.log"))).containsExactly("one", "two");
    }

    private ServerOutput read(String text) throws IOException {
        ServerOutput output = new ServerOutput(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), directory.resolve("server.log"));
        output.run();
        return output;
    }
}
