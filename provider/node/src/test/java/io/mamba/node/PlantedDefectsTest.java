package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The test of the simulation: what it must not let pass. */
@ExtendWith(SilentNode.class)
class PlantedDefectsTest {
    private static final int SEEDS = 40;
    private static final int STEPS = 200;

    @ParameterizedTest
    @EnumSource
    void isNoticedByTheSimulation(PlantedDefect defect) {
        List<String> noticed = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS && noticed.isEmpty(); seed++) {
            try {
                new NodeSimulation(seed, new MemoryEngine(defect::in)).run(STEPS);
            } catch (RuntimeException | AssertionError wrong) {
                noticed.add("seed " + seed + ": " + wrong.getMessage());
            }
        }
        assertThat(noticed).as(defect + " in " + SEEDS + " seeds").isNotEmpty();
    }
}
