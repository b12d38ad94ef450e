package io.mamba.node;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentNode.class)
class NodeSimulationTest {
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 200);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 200);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);

    @Test
    void losesNothingAndRepeatsNothingWhateverHappens() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                new NodeSimulation(seed, new MemoryEngine(UnaryOperator.identity())).run(STEPS);
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError("-Dmamba.simulation.seed=" + seed + ": " + wrong.getMessage(), wrong);
            }
        }
    }
}
