package io.mamba.transactions;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM of its own with the tests' class path. Killed if it lives for minutes. Used by one thread. */
final class JavaProgram {
    private static final int LIFETIME_SECONDS = 180;

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private JavaProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        var unused = process.onExit()
                .orTimeout(LIFETIME_SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> process.destroyForcibly());
    }

    static JavaProgram start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=src/test/resources/logging.properties",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new JavaProgram(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads on until so many lines start with this; false if the output ended before. */
    boolean says(String start, int times) throws IOException {
        int left = times;
        while (left > 0) {
            String line = read();
            if (line == null) {
                return false;
            }
            if (line.startsWith(start)) {
                left--;
            }
        }
        return true;
    }

    /** SIGKILL; its output so far stays readable. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Reads to the end of the output and waits for the process. */
    int exitCode() throws IOException, InterruptedException {
        String line = read();
        while (line != null) {
            line = read();
        }
        return process.waitFor();
    }

    /** What it said so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** What it said behind this word, for each line that starts with it. */
    List<String> linesAfter(String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start + " "))
                .map(line -> line.substring(start.length() + 1))
                .toList();
    }

    private @Nullable String read() throws IOException {
        String line = output.readLine();
        if (line != null) {
            lines.add(line);
        }
        return line;
    }
}
