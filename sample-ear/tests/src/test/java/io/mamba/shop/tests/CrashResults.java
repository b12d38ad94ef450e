package io.mamba.shop.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line per round in a file, if there is one; a run that is started again goes on after the last line. */
record CrashResults(@Nullable Path file) {

    private static final String HEADER =
            "round,point,accepted,shipped,refused,start_ms,drained_ms,dead_lettered,in_doubt,balanced";

    static CrashResults of(String file) throws IOException {
        if (file.isBlank()) {
            return new CrashResults(null);
        }
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.write(path, List.of(HEADER));
        }
        return new CrashResults(path);
    }

    int done() throws IOException {
        return file == null ? 0 : Files.readAllLines(file).size() - 1;
    }

    void add(String line) throws IOException {
        System.out.println(HEADER + "\n" + line);
        if (file != null) {
            Files.write(file, List.of(line), StandardOpenOption.APPEND);
        }
    }
}
