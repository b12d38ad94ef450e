package io.mamba.queue;

import org.junit.jupiter.api.Test;

class QueueSimulationTest {
    private static final int SEEDS = Integer.getInteger("mamba.simulation.seeds", 150);
    private static final int STEPS = Integer.getInteger("mamba.simulation.steps", 300);
    private static final long FIRST_SEED = Long.getLong("mamba.simulation.seed", 1);

    @Test
    void staysTheSameWhenReplayedAndLosesNothingWhateverHappens() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    simulation.step();
                    simulation.checkReplay();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("-Dmamba.simulation.seed=" + seed + ", step " + step, e);
                }
            }
        }
    }
}
