package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path parent;

    private static Nodes.Lease lease(Path directory) {
        return Nodes.lease(MambaUrl.parse("mamba:file:" + directory));
    }

    @Test
    void oneNodeServesAllNamesOfADirectoryUntilTheLastLetsGo() throws Exception {
        Path directory = Files.createDirectory(parent.resolve("log"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
        Path relative = Path.of("").toAbsolutePath().relativize(directory.toRealPath());
        Path detour = parent.resolve("no").resolve("..").resolve("log");

        Nodes.Lease first = lease(directory);
        Nodes.Lease second = lease(link);
        Nodes.Lease third = lease(relative);
        Nodes.Lease fourth = lease(detour);
        assertThat(second.node()).isSameAs(first.node());
        assertThat(third.node()).isSameAs(first.node());
        assertThat(fourth.node()).isSameAs(first.node());

        first.close();
        first.close();
        second.close();
        third.close();
        Node node = fourth.node();
        node.checkAlive();
        fourth.close();
        assertThatThrownBy(node::checkAlive).isInstanceOf(MambaException.class);

        Nodes.Lease again = lease(directory);
        assertThat(again.node()).isNotSameAs(node);
        again.close();
    }

    @Test
    void whatIsNoDirectoryIsRefusedWithItsName() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "x");

        assertThatThrownBy(() -> lease(file))
                .isInstanceOfSatisfying(
                        MambaException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(file.toString());
    }
}
