package io.mamba.node;

import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NodeSimulationTest {
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 200);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 200);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);
    private static final Logger LOGGER = Logger.getLogger("io.mamba.node");

    @BeforeAll
    static void expectRefusals() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOGGER.setLevel(null);
    }

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
