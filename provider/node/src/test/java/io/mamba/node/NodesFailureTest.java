package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SilentNode.class)
class NodesFailureTest {
    private static final Address ORDERS = Address.queue("orders");

    @TempDir
    private Path parent;

    @Test
    void aNodeWhoseLogFailedSaysSoAndTheNextOneWorksInTheSameProcess() {
        MambaUrl url = MambaUrl.parse("mamba:file:" + parent.resolve("log"));
        Nodes.Lease lease = Nodes.lease(url);
        Node failed = lease.node();
        failed.send(message("gone with the directory"));
        while (!deleted(parent.resolve("log"))) {
            Thread.onSpinWait(); // Segments are still being filled ahead.
        }

        assertFailed(failed::checkpoint);

        assertFailed(() -> failed.send(message("refused")));
        assertThat(failed.hasFailed()).isTrue();
        try (Nodes.Lease again = Nodes.lease(url)) {
            assertThat(again.node()).isNotSameAs(failed);
            again.node().send(message("new"));
            assertThat(again.node().status())
                    .extracting(DestinationStatus::getDepth)
                    .containsExactly(1L);
            lease.close();
            again.node().send(message("newer"));
        }
        try (Nodes.Lease last = Nodes.lease(url)) {
            assertThat(last.node().status())
                    .extracting(DestinationStatus::getDepth)
                    .containsExactly(2L);
        }
    }

    private static void assertFailed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MambaException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LOG_FAILED))
                .hasMessageContaining("Could not find the files of the journal");
    }

    private static boolean deleted(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.delete(directory);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Envelope message(String text) {
        return new Envelope(
                "ID:" + text,
                ORDERS,
                true,
                4,
                1,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                BodyType.TEXT,
                text.getBytes(UTF_8),
                null);
    }
}
