package io.mamba.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * A transaction manager's log in its simplest form: a line for each transaction that is to be committed; any other is to be
 * rolled back. It survives its writer's death, not the machine's. Thread-safe.
 */
record Decisions(Path file) {
    synchronized void commit(String transaction) {
        try {
            Files.writeString(file, transaction + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a decision to " + file, e);
        }
    }

    Set<String> committed() {
        try {
            return Files.exists(file) ? new HashSet<>(Files.readAllLines(file, UTF_8)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the decisions in " + file, e);
        }
    }
}
