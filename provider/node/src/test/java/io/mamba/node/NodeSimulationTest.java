package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.node.NodeSimulation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random programs over a node. A failure names the seed: {@code -Dmamba.simulation.seed=} begins with it, {@code
 * -Dmamba.simulation.seeds=} says how many there are over the journal; the log in memory has a fifth of that. Where
 * {@code mamba.simulation.results} names a file, each finished block of seeds becomes a line of it, and the next run goes
 * on behind the last.
 */
@ExtendWith(SilentNode.class)
class NodeSimulationTest {
    private static final String HEADING = "log,first_seed,seeds,steps,batches,crashes,seconds";
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 1000);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 200);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);
    private static final String RESULTS = System.getProperty("mamba.simulation.results", "");
    private static final int SHARE = 5;
    private static final int BLOCK = 1000;

    @Test
    void losesNothingAndRepeatsNothingWhateverTheDiskDoes() throws IOException {
        runAll("journal", SEEDS, NodeSimulationTest::journal);
    }

    @Test
    void losesNothingAndRepeatsNothingWhateverTheLogDoes() throws IOException {
        runAll("memory", (SEEDS + SHARE - 1) / SHARE, seed -> new MemoryEngine(UnaryOperator.identity()));
    }

    @Test
    void isTheSameProgramEachTime() {
        for (long seed = 1; seed <= 20; seed++) {
            Outcome outcome = run("journal", seed, journal(seed));

            assertThat(run("journal", seed, journal(seed))).isEqualTo(outcome);
        }
    }

    private static Engine journal(long seed) {
        return new JournalEngine(seed, UnaryOperator.identity());
    }

    private static void runAll(String log, int seeds, LongFunction<Engine> engine) throws IOException {
        if (RESULTS.isEmpty()) {
            block(log, FIRST_SEED, seeds, engine);
            return;
        }
        Path results = Path.of(RESULTS);
        if (Files.notExists(results)) {
            Files.writeString(results, HEADING + "\n");
        }
        long done = Files.readAllLines(results).stream()
                .filter(line -> line.startsWith(log + ","))
                .mapToLong(line -> Long.parseLong(line.split(",", -1)[2]))
                .sum();
        while (done < seeds) {
            int count = (int) Math.min(BLOCK, seeds - done);
            String line = block(log, done + 1, count, engine);
            Files.writeString(results, line + "\n", StandardOpenOption.APPEND);
            System.out.println(line);
            done += count;
        }
    }

    private static String block(String log, long first, int seeds, LongFunction<Engine> engine) {
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
