package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs over several nodes on one log. A failure names the seed: {@code -Dmamba.simulation.seed=} begins with it,
 * {@code -Dmamba.simulation.seeds=} says how many there are.
 */
@ExtendWith(SilentNode.class)
class SharedSimulationTest {
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 2_000);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 400);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);
    private static final int SEEDS_FOR_A_DEFECT = 300;

    @Test
    void passesEachMessageOnOnceWhateverBecomesOfTheNodes() {
        int commits = 0;
        int acknowledged = 0;
        int finishedElsewhere = 0;
        int deaths = 0;
        int stalls = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            SharedSimulation.Outcome outcome = run(seed, UnaryOperator.identity());
            commits += outcome.commits();
            acknowledged += outcome.acknowledged();
            finishedElsewhere += outcome.finishedElsewhere();
            deaths += outcome.deaths();
            stalls += outcome.stalls();
        }
        assertThat(commits).isGreaterThan(SEEDS);
        assertThat(acknowledged).isGreaterThan(SEEDS);
        if (SEEDS >= 100) {
            assertThat(finishedElsewhere).isPositive();
            assertThat(deaths).isPositive();
            assertThat(stalls).isPositive();
        }
    }

    @Test
    void isTheSameProgramEachTime() {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(run(seed, UnaryOperator.identity())).isEqualTo(run(seed, UnaryOperator.identity()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void notices(SharedDefect defect) {
        List<String> noticed = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS_FOR_A_DEFECT && noticed.isEmpty(); seed++) {
            try {
                new SharedSimulation(seed, defect::in).run(STEPS);
            } catch (RuntimeException | AssertionError wrong) {
                noticed.add("seed " + seed + ": " + wrong.getMessage());
            }
        }
        assertThat(noticed).as("noticed in " + SEEDS_FOR_A_DEFECT + " seeds").isNotEmpty();
    }

    private static SharedSimulation.Outcome run(long seed, UnaryOperator<Log> defect) {
        try {
            return new SharedSimulation(seed, defect).run(STEPS);
        } catch (RuntimeException | Error wrong) {
            throw new AssertionError("with -Dmamba.simulation.seed=" + seed + ": " + wrong.getMessage(), wrong);
        }
    }
}
