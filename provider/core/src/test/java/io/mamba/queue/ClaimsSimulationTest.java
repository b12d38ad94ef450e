package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.queue.ClaimsSimulation.Defect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimsSimulationTest {
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 80);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 400);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);

    @Test
    void membersAgreeOnWhoHoldsWhatWhateverHappens() {
        run(Defect.NONE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void noticesADefect(Defect defect) {
        assertThatThrownBy(() -> run(defect)).isInstanceOf(AssertionError.class);
    }

    private static void run(Defect defect) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            int step = 0;
            try {
                ClaimsSimulation simulation = new ClaimsSimulation(seed, defect);
                for (; step < STEPS; step++) {
                    simulation.step();
                }
                simulation.finish();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dmamba.simulation.seed=" + seed + ", step " + step, e);
            }
        }
    }
}
