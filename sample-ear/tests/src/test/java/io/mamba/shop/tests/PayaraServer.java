package io.mamba.shop.tests;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Payara Server with one domain. */
final class PayaraServer extends FullServer {

    private static final int HTTP = 80;
    private static final int ADMIN = 48;

    private final int ports;
    private final GuideCommands guide;

    private PayaraServer(Path home, Path data, int ports) {
        super(home, data);
        this.ports = ports;
        this.guide = new GuideCommands(
                "Payara Server",
                data,
                Map.of(
                        "PATH", home.resolve("bin") + ":" + System.getenv("PATH"),
                        "PAYARA", home.toString(),
                        "DATA", data.toString(),
                        "PORTS", Integer.toString(ports),
                        "AS_ADMIN_PORT", Integer.toString(ports + ADMIN)));
    }

    /** Without a domain, and without data. */
    static PayaraServer fresh() throws IOException {
        Path home = Path.of(Shops.property("payara.home")).toRealPath();
        Path data = Shops.emptied("payara-server").toRealPath();
        Shops.delete(home.resolve("glassfish/domains/shop"));
        return new PayaraServer(home, data, freePorts(HTTP, ADMIN));
    }

    @Override
    URI root() {
        return URI.create("http://127.0.0.1:" + (ports + HTTP) + "/");
    }

    @Override
    void deploy() throws IOException, InterruptedException, URISyntaxException {
        guide.run("create the domain");
        guide.run("define the resources");
        guide.run("deploy the application");
        awaitOpen();
        stop();
        addAgent();
        start();
    }

    @Override
    void deployAdapter() throws IOException, InterruptedException {
        guide.run("create the domain");
        guide.run("define factories and destinations on Payara Server");
    }

    @Override
    void install(Path archive) throws IOException, InterruptedException {
        guide.run("deploy-" + archive.getFileName(), "asadmin deploy " + archive);
    }

    @Override
    void remove(String application) throws IOException, InterruptedException {
        guide.run("undeploy-" + application, "asadmin undeploy " + application);
    }

    /** As asadmin create-jvm-options would, but by hand: a test's own business is not in the guide. */
    private void addAgent() throws IOException, URISyntaxException {
        // What is only cached, as by reflection, goes with the next collection of garbage: then what is left is kept by
        // somebody.
        StringBuilder options = new StringBuilder("<jvm-options>-XX:SoftRefLRUPolicyMSPerMB=0</jvm-options>");
        for (String option : CrashRound.agent("faults.btm", faults())) {
            options.append("<jvm-options>").append(option).append("</jvm-options>");
        }
        replace("domains/shop/config/domain.xml", "</java-config>", options + "</java-config>");
        // The bundles of the server see the agent only if they are told to.
        String delegated = "org.osgi.framework.bootdelegation=";
        replace("config/osgi.properties", "\n" + delegated + "$", "\n" + delegated + "org.jboss.byteman.*, $");
    }

    private void replace(String file, String text, String by) throws IOException {
        Path path = home().resolve("glassfish").resolve(file);
        Files.writeString(path, Files.readString(path).replace(text, by));
    }

    @Override
    void start() throws IOException, InterruptedException {
        guide.run("start the domain");
        awaitOpen();
    }

    /** Replaces the application, and the adapter in it, while the server runs. */
    void redeploy() throws IOException, InterruptedException {
        guide.run("deploy the application again");
        awaitOpen();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        guide.run("stop the domain");
    }

    @Override
    Path pidFile() {
        return home().resolve("glassfish/domains/shop/config/pid");
    }
}
