package io.mamba.jms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallHeapIT {
    @TempDir
    Path directory;

    @Test
    void holdsAMillionMessagesOfOneKibibyteIn256MegabytesAndGivesThemInOrder()
            throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MillionMessages.class.getName(),
                        "mamba:file:" + directory.resolve("log"))
                .redirectErrorStream(true)
                .start();
        String output;
        try (var printed = program.getInputStream()) {
            output = new String(printed.readAllBytes(), UTF_8);
        }

        assertThat(program.waitFor()).as(output).isZero();
        System.out.print(output);
    }
}
