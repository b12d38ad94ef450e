package io.mamba.log.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on a real file system in memory, in a name space of its own; left out where that is not allowed. */
class SmallDiskIT {
    @TempDir
    private Path mountPoint;

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() == 0 ? said : "failed: " + said;
    }

    private static boolean mayMount() throws InterruptedException {
        try {
            return run(List.of("unshare", "-rm", "true")).isEmpty();
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Test
    void aLogLivesOnADiskThatIsFullToItsLastByte() throws Exception {
        assumeTrue(mayMount(), "name spaces of users are not allowed here");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String script = "mount -t tmpfs -o size=16m tmpfs \"$0\" && exec \"$1\" -Xmx96m -cp \"$2\" \"$3\" \"$0\"";

        String said = run(List.of(
                "unshare", "-rm", "sh", "-c", script, mountPoint.toString(), java, classes, SmallDisk.class.getName()));

        assertThat(said)
                .contains("filled: true")
                .contains("GROWING refused: true")
                .contains("settled without a byte free: true")
                .contains("resumed after release: true")
                .contains("SETTLING refused: true")
                .contains("resumed after others gave space back: true")
                .contains("last one there: true")
                .doesNotContain("failed");
    }
}
