package io.mamba.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line says.
 *
 * @param series what to measure
 * @param directory on the disk to measure; used for temporary directories, which are deleted again
 * @param only part of the names of the cases to measure; empty for all
 * @param repetitions how often each case is measured; tables show medians
 * @param span how long each case is measured, after a warm-up as long
 */
record Options(List<String> series, Path directory, String only, int repetitions, Duration span) {
    static Options parse(String[] arguments) {
        List<String> series = new ArrayList<>();
        Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        String only = "";
        int repetitions = 5;
        Duration span = Duration.ofSeconds(2);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String value = argument.substring(equals + 1);
            switch (equals < 0 ? "" : argument.substring(0, equals)) {
                case "" -> series.add(argument);
                case "--directory" -> directory = Path.of(value);
                case "--only" -> only = value;
                case "--repetitions" -> repetitions = Integer.parseInt(value);
                case "--seconds" -> span = Duration.ofMillis((long) (1000 * Double.parseDouble(value)));
                default ->
                    throw new IllegalArgumentException("Unknown option " + argument
                            + "; there are --directory=, --only=, --repetitions=, --seconds=");
            }
        }
        return new Options(series, directory, only, repetitions, span);
    }

    Options in(Path other) {
        return new Options(series, other, only, repetitions, span);
    }
}
