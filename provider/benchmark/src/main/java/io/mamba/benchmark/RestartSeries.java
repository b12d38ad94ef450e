package io.mamba.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long after the start of a virtual machine its first message is there: with few and many waiting, with and without a
 * long history, after a clean close and after a kill. Every start is a process of its own.
 */
final class RestartSeries implements Series {
    private static final int MANY = 10_000_000;
    private static final int SOME = 100_000;

    /** @param history how many were sent and consumed before */
    private record Case(int waiting, int history) {}

    private static final List<Case> CASES =
            List.of(new Case(1, 0), new Case(SOME, 0), new Case(SOME, MANY), new Case(MANY, 0));

    @Override
    public Table run(Options options) throws IOException, InterruptedException {
        Table table = new Table(
                "Milliseconds from the start of a virtual machine to its first message from receive()",
                "waiting",
                "sent and consumed before",
                "the process before",
                "median",
                "highest");
        for (Case one : CASES) {
            Path directory = Files.createTempDirectory(options.directory(), "mamba-restart");
            try {
                run(true, "fill", directory.toString(), "" + one.waiting, "" + one.history);
                row(table, one, "killed", starts(directory, true, options.repetitions()));
                run(false, "first", directory.toString());
                row(table, one, "closed", starts(directory, false, options.repetitions()));
            } finally {
                Provider.delete(directory);
            }
        }
        return table;
    }

    private static double[] starts(Path directory, boolean killed, int count) throws IOException, InterruptedException {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            millis[i] = run(killed, "first", directory.toString());
        }
        return millis;
    }

    private static void row(Table table, Case one, String before, double[] millis) {
        table.row(
                String.format(Locale.ROOT, "%,d", one.waiting),
                String.format(Locale.ROOT, "%,d", one.history),
                before,
                Table.number(Table.median(millis)),
                Table.number(Arrays.stream(millis).max().orElse(0)));
    }

    /** Runs the program until it has done its work; gives the number it prints then. */
    private static double run(boolean killed, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RestartProgram.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            if (line == null) {
                throw new IOException(command + " ended with " + process.waitFor() + " before its work was done");
            }
            if (killed) {
                process.destroyForcibly();
            } else {
                process.getOutputStream().close();
            }
            int status = process.waitFor();
            if (!killed && status != 0) {
                throw new IOException(command + " ended with " + status);
            }
            return Double.parseDouble(line);
        } finally {
            process.destroyForcibly();
        }
    }
}
