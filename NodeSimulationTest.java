package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Log;
import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import io.mamba.node.NodeSimulation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs over a node. A failure names the seed: {@code -Dmamba.simulation.seed=} begins with it, {@code
 * -Dmamba.simulation.seeds=} says how many there are. Where {@code mamba.simulation.results} names a file, each round of
 * seeds becomes a line of it, and the next run goes on behind the last.
 */
@ExtendWith(SilentNode.class)
class NodeSimulationTest {
    private static final String HEADING = "log,first_seed,seeds,steps,batches,crashes,seconds";
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 400);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 200);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);
    private static final String RESULTS = System.getProperty("mamba.simulation.results", "");
    /** The journal has one seed for so many of the log in memory. */
    private static final int SHARE = 5;

    private static final int ROUND = 1000;

    @Test
    void losesNothingAndRepeatsNothingWhateverTheLogDoes() throws IOException {
        runAll("memory", SEEDS, seed -> new MemoryEngine(UnaryOperator.identity()));
    }

    @Test
    void losesNothingAndRepeatsNothingWhenTheDiskLosesPower() throws IOException {
        runAll("journal", SEEDS / SHARE, seed -> new FileEngine(seed, UnaryOperator.identity(), false));
    }

    @Test
    void worksInADirectoryThatOthersTryToOpen(@TempDir Path place) {
        FileLogOptions options =
                FileLogOptions.defaults().withSegmentBytes(1 << 20).withLockWait(Duration.ZERO);
        Supplier<Log> opening =
                () -> FileLog.open(place.resolve("log"), Set.of("mamba.state", "mamba.branches"), options);

        new NodeSimulation(FIRST_SEED, new DirectoryEngine(opening, opening)).run(STEPS);
    }

    @Test
    void isTheSameProgramEachTime() {
        for (long seed = 1; seed <= 5; seed++) {
            Outcome outcome = run("memory", seed, new MemoryEngine(UnaryOperator.identity()));

            assertThat(run("memory", seed, new MemoryEngine(UnaryOperator.identity())))
                    .isEqualTo(outcome);
        }
    }

    private static void runAll(String log, int seeds, LongFunction<Engine> engine) throws IOException {
        if (RESULTS.isEmpty()) {
            round(log, FIRST_SEED, seeds, engine);
            return;
        }
        Path results = Path.of(RESULTS);
        if (Files.notExists(results)) {
            Files.createDirectories(results.toAbsolutePath().getParent());
            Files.writeString(results, HEADING + "\n");
        }
        long done = Files.readAllLines(results).stream()
                .filter(line -> line.startsWith(log + ","))
                .mapToLong(line -> Long.parseLong(line.split(",")[2]))
                .sum();
        while (done < seeds) {
            int count = (int) Math.min(ROUND, seeds - done);
            String line = round(log, done + 1, count, engine);
            Files.writeString(results, line + "\n", StandardOpenOption.APPEND);
            done += count;
        }
    }

    private static String round(String log, long first, int seeds, LongFunction<Engine> engine) {
        long start = System.nanoTime();
        long batches = 0;
        long crashes = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            Outcome outcome = run(log, seed, engine.apply(seed));
            batches += outcome.batches();
            crashes += outcome.crashes();
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        return log + "," + first + "," + seeds + "," + STEPS + "," + batches + "," + crashes + "," + seconds;
    }

    private static Outcome run(String log, long seed, Engine engine) {
        try {
            return new NodeSimulation(seed, engine).run(STEPS);
        } catch (RuntimeException | Error wrong) {
            throw new AssertionError(
                    "over " + log + " with -Dmamba.simulation.seed=" + seed + ": " + wrong.getMessage(), wrong);
        }
    }
}
