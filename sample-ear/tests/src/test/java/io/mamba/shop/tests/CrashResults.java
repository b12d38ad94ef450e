package io.mamba.shop.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line per round in a file, if there is one; a run that is started again goes on after the last line. */
record CrashResults(@Nullable Path file, String header) {

    private static final String ONE_SHOP =
            "round,point,accepted,shipped,refused,start_ms,drained_ms,dead_lettered,in_doubt,balanced";

    static CrashResults of(String file) throws IOException {
        return of(file, ONE_SHOP);
    }

    static CrashResults of(String file, String header) throws IOException {
        if (file.isBlank()) {
            return new CrashResults(null, header);
        }
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.write(path, List.of(header));
        }
        return new CrashResults(path, header);
    }

    int done() throws IOException {
        return file == null ? 0 : Files.readAllLines(file).size() - 1;
    }

    void add(String line) throws IOException {
        System.out.println(header + "\n" + line);
        if (file != null) {
            Files.write(file, List.of(line), StandardOpenOption.APPEND);
        }
    }
}
