package io.mamba.shop.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A Payara Server of the build's own, with one domain, that is told what to do by the commands of docs/deploying.md. */
final class PayaraServer {

    private static final int HTTP = 80;
    private static final int ADMIN = 48;
    /** Commands wait for the server, and the server for a busy machine. */
    private static final long MINUTES = 10;

    private final Path repository;
    private final Path home;
    private final Path data;
    private final int ports;
    private final Guide guide;

    private PayaraServer(Path repository, Path home, Path data, int ports) throws IOException {
        this.repository = repository;
        this.home = home;
        this.data = data;
        this.ports = ports;
        this.guide = Guide.read(repository);
    }

    /** Without a domain, and without data. */
    static PayaraServer fresh() throws IOException {
        Path home = Path.of(Shops.property("payara.home")).toRealPath();
        Path data = Shops.emptied("payara-server");
        Shops.delete(home.resolve("glassfish/domains/shop"));
        Path repository = Path.of(Shops.property("repository")).toRealPath();
        return new PayaraServer(repository, home, data.toRealPath(), freePorts());
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + (ports + HTTP) + "/shop/");
    }

    /** Runs the commands of that name; the first that fails ends them. */
    void run(String name) throws IOException, InterruptedException {
        Path output = data.resolve(name.replace(' ', '-') + ".out");
        System.out.println("Payara Server: " + name + " (" + output + ")");
        ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", guide.block(name)))
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = shell.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", home.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("PAYARA", home.toString());
        environment.put("DATA", data.toString());
        environment.put("PORTS", Integer.toString(ports));
        environment.put("AS_ADMIN_PORT", Integer.toString(ports + ADMIN));
        Process commands = shell.start();
        if (!commands.waitFor(MINUTES, TimeUnit.MINUTES)) {
            commands.destroyForcibly();
            throw new IllegalStateException("'" + name + "' took more than " + MINUTES + " minutes, see " + output);
        }
        if (commands.exitValue() != 0) {
            throw new IllegalStateException("'" + name + "' failed:\n" + Files.readString(output));
        }
    }

    /** Ends the server as a crash would; does nothing if it does not run. */
    void kill() throws IOException {
        Path pid = home.resolve("glassfish/domains/shop/config/pid");
        if (!Files.exists(pid)) {
            return;
        }
        Optional<ProcessHandle> server =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (server.isPresent() && runsThisDomain(server.get())) {
            server.get().destroyForcibly();
            server.get().onExit().join();
        }
    }

    /** A number that an ended server left behind may be another process's by now. */
    private boolean runsThisDomain(ProcessHandle process) throws IOException {
        Path command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        return Files.exists(command) && Files.readString(command).contains(home.toString());
    }

    private static int freePorts() {
        return IntStream.iterate(19_400, base -> base < 30_000, base -> base + 100)
                .filter(base -> free(base + HTTP) && free(base + ADMIN))
                .findFirst()
                .orElseThrow();
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (BindException e) {
            return false; // taken: that is the answer
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
