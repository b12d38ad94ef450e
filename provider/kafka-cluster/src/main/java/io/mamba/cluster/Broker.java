package io.mamba.cluster;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One broker (and controller): its directory, and its process while it runs. Used by one thread at a time.
 *
 * <p>The process is killed by its handle and dies by itself when this JVM does, unless it is {@linkplain #pause paused}.
 */
final class Broker {
    private final int id;
    private final Path directory;
    private final List<String> format;
    private @Nullable Process process;

    /** @param format the arguments that format the directory; the last names the properties */
    Broker(int id, Path directory, List<String> format) {
        this.id = id;
        this.directory = directory;
        this.format = format;
    }

    int id() {
        return id;
    }

    Path log() {
        return directory.resolve("broker.log");
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    long pid() {
        return running().pid();
    }

    void start() {
        if (isRunning()) {
            throw new IllegalStateException("broker " + id + " runs already");
        }
        List<String> command = new ArrayList<>(deafToCtrlC());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // brokers live for minutes: the second compiler costs more than it gives
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName()));
        command.addAll(format);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // What its starter is told about its own log is not for the broker.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start broker " + id + " in " + directory, e);
        }
    }

    /**
     * Ctrl-C in a terminal reaches all processes there at once; what uses the brokers could not take leave of them any more. They
     * end with their starter.
     */
    private static List<String> deafToCtrlC() {
        return File.separatorChar == '/' ? List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\"") : List.of();
    }

    /** As by kill -9; returns when it is gone. */
    void kill() {
        if (process != null) {
            end(process.destroyForcibly());
        }
    }

    /** As by kill: the broker hands over what it leads and closes its files; returns when it is gone. */
    void stop() {
        Process stopping = running();
        stopping.destroy();
        end(stopping);
    }

    /** As by kill -STOP. A paused broker does not notice that its starter is gone. */
    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send " + name + " to broker " + id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to broker " + id, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while sending " + name + " to broker " + id, e);
        }
    }

    private void end(Process ending) {
        try {
            if (!ending.waitFor(30, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
            process = null;
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            throw new IllegalStateException("interrupted while broker " + id + " ends", e);
        }
    }

    private Process running() {
        if (!isRunning()) {
            throw new IllegalStateException("broker " + id + " does not run, see " + log());
        }
        return requireNonNull(process);
    }

    /** The last lines of its log, for an error's text. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }
}
