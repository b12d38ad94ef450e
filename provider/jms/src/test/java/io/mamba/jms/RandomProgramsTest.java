package io.mamba.jms;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Random programs against a simple model. {@code -Dmamba.programs.seed=<n>} repeats one. */
class RandomProgramsTest {
    private static final int STEPS = 60;
    private static final int PIECE = 10_000;

    @Test
    @DisabledIfSystemProperty(named = "mamba.programs.results", matches = ".+")
    void doWhatTheModelSays() {
        Long one = Long.getLong("mamba.programs.seed");
        if (one != null) {
            run(one);
        } else {
            runAll(0, Integer.getInteger("mamba.programs.seeds", PIECE));
        }
    }

    /** The long run: a line of results for every 10,000 programs; goes on after the last line. */
    @Test
    @EnabledIfSystemProperty(named = "mamba.programs.results", matches = ".+")
    void doWhatTheModelSaysForALongTime() throws IOException {
        Path results = Path.of(System.getProperty("mamba.programs.results"));
        if (Files.notExists(results)) {
            Files.writeString(results, "first_seed,programs,steps,failed,seconds\n");
        }
        List<String> lines = Files.readAllLines(results);
        long done = (lines.size() - 1L) * PIECE;
        long wanted = Long.getLong("mamba.programs.wanted", 1_000_000);
        for (long first = done; first < wanted; first += PIECE) {
            long begin = System.nanoTime();
            runAll(first, PIECE);
            String line = String.format(
                    Locale.ROOT,
                    "%d,%d,%d,0,%.1f%n",
                    first,
                    PIECE,
                    (long) PIECE * STEPS,
                    (System.nanoTime() - begin) / 1e9);
            Files.writeString(results, line, StandardOpenOption.APPEND);
            System.out.print("random programs: " + line);
        }
    }

    private static void runAll(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try {
            new RandomProgram(seed, STEPS).run();
        } catch (JMSException | AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
