package io.mamba.shop.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the server prints, on a thread of its own: writes it to the log file and notes what matters at the start. Payara
 * Micro goes on when a boot command fails, with no more than a warning; here that is an error.
 */
final class ServerOutput implements Runnable {

    private static final Pattern COLOUR = Pattern.compile("\\e\\[[0-9;]*m");
    private static final Pattern FAILED = Pattern.compile(
            "(Boot Command .* failed.*|Exception while loading the app.*|Exception during lifecycle processing.*"
                    + "|Failed to deploy.*)");
    private static final int REMEMBERED = 40;

    private final InputStream source;
    private final Path log;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Deque<String> last = new ArrayDeque<>();
    private final List<String> failures = new ArrayList<>();

    ServerOutput(InputStream source, Path log) {
        this.source = source;
        this.log = log;
    }

    @Override
    public void run() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String plain = COLOUR.matcher(line).replaceAll("");
                out.println(plain);
                out.flush();
                note(plain);
            }
        } catch (IOException e) {
            note("The output of the server cannot be read or logged any more: " + e);
        }
    }

    private synchronized void note(String line) {
        last.addLast(line);
        if (last.size() > REMEMBERED) {
            last.removeFirst();
        }
        Matcher failed = FAILED.matcher(line);
        if (failed.find()) {
            failures.add(failed.group(1));
        }
        if (line.contains("ready in")) {
            ready.countDown();
        }
    }

    boolean ready() {
        return ready.getCount() == 0;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    synchronized String tail() {
        return String.join("\n", last);
    }
}
