package io.mamba.failures;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace of Linux, tied to this one by a pair of virtual devices with private addresses, which can be cut: then
 * nothing gets through in either direction, and nobody is told. Needs root and {@code ip}. Used by one thread.
 */
final class Namespace implements AutoCloseable {
    private static final String OUTSIDE = "10.203.77.1";
    private static final String INSIDE = "10.203.77.2";
    /** Nobody's: what is sent there is dropped. */
    private static final String NOBODY = "02:00:00:00:00:99";

    private final String name = "mamba-" + ProcessHandle.current().pid();
    private final String outer = "mo" + ProcessHandle.current().pid();
    private final String inner = "mi" + ProcessHandle.current().pid();

    private Namespace() {}

    /** Null where this process may not make one. */
    static @Nullable Namespace make() {
        Namespace made = new Namespace();
        try {
            made.run("ip", "netns", "add", made.name);
        } catch (IllegalStateException notAllowed) {
            System.err.println("No JVM is cut off: " + notAllowed.getMessage());
            return null;
        }
        try {
            made.run("ip", "link", "add", made.outer, "type", "veth", "peer", "name", made.inner);
            made.run("ip", "link", "set", made.inner, "netns", made.name);
            made.run("ip", "address", "add", OUTSIDE + "/30", "dev", made.outer);
            made.run("ip", "link", "set", made.outer, "up");
            made.runInside("ip", "address", "add", INSIDE + "/30", "dev", made.inner);
            made.runInside("ip", "link", "set", made.inner, "up");
            made.runInside("ip", "link", "set", "lo", "up");
            return made;
        } catch (IllegalStateException failed) {
            made.close();
            throw failed;
        }
    }

    /** The address of this side. */
    String host() {
        return OUTSIDE;
    }

    /** What stands in front of a command that runs inside. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    void cut() {
        runInside("ip", "neigh", "replace", OUTSIDE, "lladdr", NOBODY, "dev", inner, "nud", "permanent");
        run("ip", "neigh", "replace", INSIDE, "lladdr", NOBODY, "dev", outer, "nud", "permanent");
    }

    void heal() {
        runInside("ip", "neigh", "del", OUTSIDE, "dev", inner);
        run("ip", "neigh", "del", INSIDE, "dev", outer);
    }

    /** The devices go with it. */
    @Override
    public void close() {
        run("ip", "netns", "del", name);
    }

    private void runInside(String... command) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    private void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while running " + command[0], e);
        }
    }
}
