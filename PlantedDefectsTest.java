package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import io.mamba.log.file.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of the simulation: what it must not let pass. */
@ExtendWith(SilentNode.class)
class PlantedDefectsTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 200;
    private static final Set<String> KEYED = Set.of("mamba.state", "mamba.branches");

    @ParameterizedTest
    @EnumSource
    void isNoticedOverALogInMemory(PlantedDefect defect) {
        assertNoticed(seed -> new MemoryEngine(defect::in));
    }

    @Test
    void aDiskThatLiesAboutForcesIsNoticed() {
        assertNoticed(seed -> new FileEngine(seed, UnaryOperator.identity(), true));
    }

    @Test
    void aLockThatNobodyLooksAtIsNoticed(@TempDir Path place) {
        FileLogOptions options = FileLogOptions.defaults().withLockWait(Duration.ZERO);

        assertNoticed(seed -> {
            Path directory = place.resolve("log" + seed);
            return new DirectoryEngine(
                    () -> FileLog.open(directory, KEYED, options), () -> SimulatedDisk.openUnlocked(directory, KEYED));
        });
    }

    private static void assertNoticed(LongFunction<Engine> engine) {
        List<String> noticed = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS && noticed.isEmpty(); seed++) {
            try {
                new NodeSimulation(seed, engine.apply(seed)).run(STEPS);
            } catch (RuntimeException | AssertionError wrong) {
                noticed.add("seed " + seed + ": " + wrong.getMessage());
            }
        }
        assertThat(noticed).as("what was noticed in " + SEEDS + " seeds").isNotEmpty();
    }
}
