package io.mamba.shop.tests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** WildFly with its standalone configuration, in a copy of its own. */
final class WildFlyServer extends FullServer {

    private static final int HTTP = 8080;
    private static final int ADMIN = 9990;

    private final int offset;
    private final GuideCommands guide;

    private WildFlyServer(Path home, Path data, int offset, GuideCommands guide) {
        super(home, data);
        this.offset = offset;
        this.guide = guide;
    }

    /** As unpacked, and without data. */
    static WildFlyServer fresh() throws IOException, URISyntaxException {
        Path data = Shops.emptied("wildfly-server").toRealPath();
        Path home = data.resolve("wildfly");
        copy(Path.of(Shops.property("wildfly.home")).toRealPath(), home);
        int offset = freePorts(HTTP - 8000, ADMIN - 8000) - 8000;
        List<String> options = new ArrayList<>(
                List.of("-Xmx1g", "-Djava.net.preferIPv4Stack=true", "-Djboss.modules.system.pkgs=org.jboss.byteman"));
        options.addAll(CrashRound.agent("faults-narayana.btm", data.resolve("faults")));
        return new WildFlyServer(
                home,
                data,
                offset,
                new GuideCommands(
                        "WildFly",
                        data,
                        Map.of(
                                "WILDFLY", home.toString(),
                                "DATA", data.toString(),
                                "OFFSET", Integer.toString(offset),
                                "SERVER_OPTIONS", String.join(" ", options))));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Override
    URI root() {
        return URI.create("http://127.0.0.1:" + (HTTP + offset) + "/");
    }

    @Override
    void deploy() throws IOException, InterruptedException {
        faults();
        guide.run("configure WildFly");
        guide.run("deploy on WildFly");
        start();
    }

    @Override
    void deployAdapter() throws IOException, InterruptedException {
        faults();
        guide.run("define factories and destinations on WildFly");
        guide.run("start WildFly");
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> Files.exists(deployments().resolve("mamba.rar.deployed")));
    }

    private Path deployments() {
        return home().resolve("standalone/deployments");
    }

    @Override
    void install(Path archive) throws IOException, InterruptedException {
        manage("deploy " + archive);
    }

    @Override
    void remove(String application) throws IOException, InterruptedException {
        manage("undeploy " + application + ".war");
    }

    private void manage(String command) throws IOException, InterruptedException {
        guide.run(
                command.replaceAll("[^a-zA-Z.]+", "-"),
                "$WILDFLY/bin/jboss-cli.sh --connect --controller=127.0.0.1:$((9990 + OFFSET)) --command='" + command
                        + "'");
    }

    @Override
    void start() throws IOException, InterruptedException {
        guide.run("start WildFly");
        awaitOpen();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        guide.run("stop WildFly");
        if (!died()) {
            throw new IllegalStateException("WildFly still runs a minute after it was told to stop.");
        }
    }

    @Override
    Path pidFile() {
        return data().resolve("wildfly.pid");
    }
}
