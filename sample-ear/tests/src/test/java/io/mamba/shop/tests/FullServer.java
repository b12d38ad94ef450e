package io.mamba.shop.tests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A full application server of the build's own with shop.ear, told what to do by the commands of docs/deploying.md. */
abstract class FullServer implements CrashRound.Server {

    private final Path home;
    private final Path data;

    FullServer(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    final Path home() {
        return home;
    }

    final Path data() {
        return data;
    }

    /** Where an agent in the server's JVM looks for the order to die. */
    final Path faults() throws IOException {
        return Files.createDirectories(data.resolve("faults"));
    }

    /** Sets the server up as the page says, with an agent that lets it die at chosen points, and opens the shop. */
    abstract void deploy() throws IOException, InterruptedException, URISyntaxException;

    /** Sets the server up with mamba.rar alone, as docs/lookups.md says, and starts it. */
    abstract void deployAdapter() throws IOException, InterruptedException;

    /** Deploys an application under the name of its archive; returns when it is there. */
    abstract void install(Path archive) throws IOException, InterruptedException;

    abstract void remove(String application) throws IOException, InterruptedException;

    /** Starts a server that was set up; nothing else is done to it. */
    abstract void start() throws IOException, InterruptedException;

    /** The file with the number of its process. */
    abstract Path pidFile();

    abstract URI root();

    private URI address() {
        return root().resolve("shop/");
    }

    @Override
    public final ShopClient shop() {
        return new ShopClient(address());
    }

    @Override
    public final void kill() throws IOException {
        process().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    @Override
    public final boolean died() throws IOException, InterruptedException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            process.get()
                    .onExit()
                    .completeOnTimeout(process.get(), 60, TimeUnit.SECONDS)
                    .join();
        }
        return process.isEmpty() || !process.get().isAlive();
    }

    final long pid() throws IOException {
        return process().orElseThrow().pid();
    }

    /** A number that an ended server left behind may be another process's by now. */
    private Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        long pid = Long.parseLong(Files.readString(pidFile()).strip());
        Path command = Path.of("/proc", Long.toString(pid), "cmdline");
        boolean ours = Files.exists(command) && Files.readString(command).contains(home.toString());
        return ours ? ProcessHandle.of(pid) : Optional.empty();
    }

    /** A server may say that it runs before its applications are there. */
    final void awaitOpen() {
        ShopClient shop = shop();
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(UncheckedIOException.class)
                .until(() -> shop.get("replay").status() == 200);
    }

    /** The first of the numbers, 100 apart, at which these ports are free. */
    static int freePorts(int... offsets) {
        return IntStream.iterate(19_400, base -> base < 30_000, base -> base + 100)
                .filter(base -> IntStream.of(offsets).allMatch(offset -> free(base + offset)))
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
