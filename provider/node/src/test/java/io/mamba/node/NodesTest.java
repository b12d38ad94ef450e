package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

    @Test
    void anOpenNodeHoldsNothingOfTheApplicationThatOpenedIt() throws Exception {
        WeakReference<ClassLoader> application = new WeakReference<>(new ApplicationLoader());

        try (Nodes.Lease lease = openIn(application.get())) {
            for (int i = 0; i < 50 && !application.refersTo(null); i++) {
                System.gc();
            }

            assertThat(application.refersTo(null)).isTrue();
            lease.node().checkAlive();
        }
    }

    @SuppressWarnings("unchecked")
    private Nodes.Lease openIn(@Nullable ClassLoader application) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(application);
        try {
            Class<?> type = Class.forName(Application.class.getName(), true, application);
            var opening =
                    (Function<MambaUrl, Nodes.Lease>) type.getConstructor().newInstance();
            return opening.apply(MambaUrl.parse("mamba:file:" + parent.resolve("log")));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A program's class, on the stack while the node is opened. */
    public static final class Application implements Function<MambaUrl, Nodes.Lease> {
        @Override
        public Nodes.Lease apply(MambaUrl url) {
            return Nodes.lease(url);
        }
    }

    /** Has a class of that name of its own, in a protection domain of its own. */
    private static final class ApplicationLoader extends ClassLoader {
        ApplicationLoader() {
            super(NodesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream code = Objects.requireNonNull(
                    getResourceAsStream(name.replace('.', '/') + ".class"), "the class's code")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(null, null, this, null));
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
