package io.mamba.shop.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running Payara Micro with the shop in it. {@link #start} returns when the shop answers; {@link #stop} lets the server
 * shut down, {@link #kill} does not.
 */
public final class ShopServer {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(40);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final List<String> FILES =
            List.of("payara-micro.jar", "h2.jar", "shop-h2.jar", "postgresql.jar", "mamba.rar", "shop.war");

    private final ShopOptions options;
    private final Process process;
    private final ServerOutput output;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private ShopServer(ShopOptions options, Process process, ServerOutput output) {
        this.options = options;
        this.process = process;
        this.output = output;
    }

    /** Starts the server and waits until the shop answers. */
    public static ShopServer start(ShopOptions options, Consumer<String> progress) {
        ShopServer server = launch(options, progress);
        server.awaitReady(progress);
        return server;
    }

    /** Starts the server without waiting for it. */
    public static ShopServer launch(ShopOptions options, Consumer<String> progress) {
        checkFiles(options);
        checkPort(options);
        options.database().check(options.home());
        try {
            Files.createDirectories(options.data());
            Files.createDirectories(options.data().resolve("transactions"));
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            progress.accept("Preparing Payara Micro in " + options.data());
            PayaraRoot root = PayaraRoot.prepare(options, java);
            BootFiles boot = BootFiles.write(options, root.directory());
            Path log = options.data().resolve("server.log");
            progress.accept(
                    "Starting Payara Micro with Mamba and the shop, which takes 10 to 60 seconds; its log is " + log);
            Process process = new ProcessBuilder(command(options, java, root, boot))
                    .directory(options.data().toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            ServerOutput output = new ServerOutput(process.getInputStream(), log);
            Thread reader = new Thread(output, "shop-server-output");
            reader.setDaemon(true);
            reader.start();
            return new ShopServer(options, process, output);
        } catch (IOException e) {
            throw new ShopException("Payara Micro cannot be started: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("Interrupted while starting", e);
        }
    }

    static List<String> command(ShopOptions options, Path java, PayaraRoot root, BootFiles boot) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(), "-Xmx1g", "-Djava.io.tmpdir=" + root.temporary(), "-Djava.net.preferIPv4Stack=true"));
        command.addAll(options.jvmArguments());
        command.addAll(List.of(
                "-jar",
                root.launcher().toString(),
                "--nocluster",
                "--nohazelcast",
                "--disablephonehome",
                "--port",
                Integer.toString(options.port()),
                "--prebootcommandfile",
                boot.preboot().toString(),
                "--postbootcommandfile",
                boot.postboot().toString(),
                "--deploy",
                options.home().resolve("shop.war").toString(),
                "--contextroot",
                "/shop"));
        return command;
    }

    /** Waits until the shop answers; ends the server and says why when it cannot. */
    public void awaitReady(Consumer<String> progress) {
        Instant begun = Instant.now();
        Instant reported = begun;
        while (!(output.ready() && answers())) {
            Instant now = Instant.now();
            if (!output.failures().isEmpty()) {
                kill();
                throw new ShopException("Payara Micro could not set the shop up: " + output.failures());
            }
            if (!process.isAlive()) {
                throw new ShopException("Payara Micro ended while starting (exit code " + process.exitValue()
                        + "). The end of its log:\n" + output.tail());
            }
            if (Duration.between(begun, now).compareTo(START) > 0) {
                kill();
                throw new ShopException("The shop did not answer within " + START.toMinutes()
                        + " minutes. The end of the server's log:\n" + output.tail());
            }
            if (Duration.between(reported, now).toSeconds() >= 10) {
                reported = now;
                progress.accept("... " + Duration.between(begun, now).toSeconds() + " s");
            }
            pause();
        }
        if (!output.failures().isEmpty()) {
            kill();
            throw new ShopException("Payara Micro could not set the shop up: " + output.failures());
        }
    }

    public URI address() {
        return URI.create("http://" + reachable(options.address()) + ":" + options.port() + "/shop/");
    }

    public Process process() {
        return process;
    }

    /** Ends the server in good order, or the hard way when that takes too long. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the server as a crash would. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() {
        HttpRequest request = HttpRequest.newBuilder(address().resolve("api/replay"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not yet; the caller asks again and gives up in the end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShopException("Interrupted while the shop was starting", e);
        }
    }

    private static void checkFiles(ShopOptions options) {
        for (String file : FILES) {
            if (!Files.isRegularFile(options.home().resolve(file))) {
                throw new ShopException(
                        file + " is not in " + options.home() + ": build first, with mvn -Dquick package");
            }
        }
        for (Path path : List.of(options.data(), options.home())) {
            if (path.toString().contains("\"")) {
                throw new ShopException("Payara Micro's boot files cannot name a path with a quotation mark: " + path);
            }
        }
    }

    private static void checkPort(ShopOptions options) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(options.address()), options.port()));
        } catch (IOException e) {
            throw new ShopException(
                    "Cannot listen on " + options.address() + ":" + options.port() + " (" + e.getMessage()
                            + "); choose another port with --port",
                    e);
        }
    }

    private static String reachable(String address) {
        return address.equals("0.0.0.0") ? "127.0.0.1" : address;
    }
}
