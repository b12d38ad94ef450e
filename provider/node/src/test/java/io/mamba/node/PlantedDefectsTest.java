package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tests of the simulation: what it must not let pass. That a lock nobody looks at is noticed, {@code
 * DirectoryLockTest} shows.
 */
@ExtendWith(SilentNode.class)
class PlantedDefectsTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 200;

    @ParameterizedTest
    @EnumSource
    void isNoticedOverALogInMemory(PlantedDefect defect) {
        assertNoticed(seed -> new MemoryEngine(defect::in));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "SKIPPED_FORCE",
                "BATCH_CUT_IN_TWO",
                "APPLY_BEFORE_APPEND",
                "DELIVERY_MARK_NOT_WRITTEN",
                "DELIVERY_MARK_LOST_IN_A_RESTART",
                "SETTLED_MESSAGE_SERVED_AGAIN",
                "OUTCOME_LOST_IN_A_RESTART"
            })
    void isNoticedOverTheJournal(PlantedDefect defect) {
        assertNoticed(seed -> new JournalEngine(seed, defect::in));
    }

    /** The journal skips no force, but the disk does. */
    @Test
    void aDiskThatLiesAboutForcesIsNoticed() {
        assertNoticed(seed -> new JournalEngine(seed, UnaryOperator.identity()).lying());
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
        assertThat(noticed).as("noticed in " + SEEDS + " seeds").isNotEmpty();
    }
}
