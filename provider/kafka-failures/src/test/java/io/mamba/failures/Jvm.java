package io.mamba.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A process of {@link Traffic}. Told what to do by one thread; what it says is heard by another. */
final class Jvm {
    private final String node;
    private final Path decisions;
    private final Process process;
    private final OutputStream commands;
    private final Observed observed;
    private final List<Long> acknowledgedAt = new CopyOnWriteArrayList<>();
    private final List<String> held = new CopyOnWriteArrayList<>();
    private volatile boolean resting = true;

    /** @param prefix what stands in front of its command */
    Jvm(List<String> prefix, String url, String node, Path directory, Observed observed) throws IOException {
        this.node = node;
        this.decisions = directory.resolve(node + ".decisions");
        this.observed = observed;
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-cp",
                System.getProperty("java.class.path"),
                Traffic.class.getName(),
                url,
                node,
                decisions.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(node + ".log").toFile()))
                .start();
        commands = process.getOutputStream();
        Thread listening = new Thread(this::listen, "listening-" + node);
        listening.setDaemon(true);
        listening.start();
    }

    String node() {
        return node;
    }

    Path decisions() {
        return decisions;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void tell(String command) {
        if (command.equals("send")) {
            resting = false;
        }
        if (command.startsWith("hold")) {
            held.clear();
        }
        try {
            commands.write((command + "\n").getBytes(UTF_8));
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(node + " cannot be told: " + command, e);
        }
    }

    boolean rests() {
        return resting;
    }

    int acknowledged() {
        return acknowledgedAt.size();
    }

    /** What its held threads have, in the words of {@link Holding}. */
    List<String> held() {
        return List.copyOf(held);
    }

    long longestPauseMillis(long from, long to) {
        return Observed.longestPauseMillis(acknowledgedAt, from, to);
    }

    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send " + name + " to " + node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to " + node, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while sending " + name + " to " + node, e);
        }
    }

    /** As by kill -9; returns when it is gone. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while killing " + node, e);
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line.split(" "), System.nanoTime());
            }
        } catch (IOException killed) {
            Traffic.note("listen to " + node, killed);
        }
    }

    private void hear(String[] words, long now) {
        switch (words[0]) {
            case "rests" -> resting = true;
            case "held" -> held.add(String.join(" ", Arrays.asList(words).subList(1, words.length)));
            default -> observed.hear(words[0], Arrays.copyOfRange(words, 1, words.length), now);
        }
        if (words[0].equals("ok")) {
            acknowledgedAt.add(now);
        }
    }
}
