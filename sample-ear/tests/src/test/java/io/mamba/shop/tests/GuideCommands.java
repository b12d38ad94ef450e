package io.mamba.shop.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands of the guide in a shell, in the root of the repository.
 *
 * @param server what they are about, for those who watch
 * @param outputs where each leaves what it printed
 * @param environment the variables that the page wants
 */
record GuideCommands(String server, Path outputs, Map<String, String> environment) {

    /** Commands wait for the server, and the server for a busy machine. */
    private static final long MINUTES = 10;

    /** Runs the commands of that name; the first that fails ends them. */
    void run(String name) throws IOException, InterruptedException {
        run(name, Guide.read(repository()).block(name));
    }

    private static Path repository() throws IOException {
        return Path.of(Shops.property("repository")).toRealPath();
    }

    /** Runs a test's own commands, of which the output gets that name. */
    void run(String name, String script) throws IOException, InterruptedException {
        Path output = outputs.resolve(name.replace(' ', '-') + ".out");
        System.out.println(server + ": " + name + " (" + output + ")");
        ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", script))
                .directory(repository().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
        shell.environment().putAll(environment);
        Process commands = shell.start();
        if (!commands.waitFor(MINUTES, TimeUnit.MINUTES)) {
            commands.destroyForcibly();
            throw new IllegalStateException("'" + name + "' took more than " + MINUTES + " minutes, see " + output);
        }
        if (commands.exitValue() != 0) {
            throw new IllegalStateException("'" + name + "' failed:\n" + Files.readString(output));
        }
    }
}
