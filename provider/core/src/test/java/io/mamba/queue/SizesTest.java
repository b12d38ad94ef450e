package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void knowsEachSizeOnce() {
        Sizes sizes = new Sizes();
        sizes.put(0, 7);
        sizes.put(8, 9);

        assertThat(sizes.get(0)).isEqualTo(7);
        assertThat(sizes.remove(0)).isEqualTo(7);
        assertThat(sizes.remove(0)).isZero();
        assertThat(sizes.get(8)).isEqualTo(9);
        assertThat(sizes.count()).isEqualTo(1);
    }

    @Test
    void answersAsAMapWould() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Sizes sizes = new Sizes();
            Map<Long, Integer> map = new HashMap<>();
            List<Long> known = new ArrayList<>();
            for (int step = 0; step < 2_000; step++) {
                long position = random.nextInt(300) * 8L;
                if (random.nextInt(1_000) < (step < 1_000 ? 700 : 300)) {
                    sizes.put(position, step + 1);
                    map.put(position, step + 1);
                    known.add(position);
                } else {
                    Integer expected = map.remove(position);
                    assertThat(sizes.remove(position)).as("seed " + seed).isEqualTo(expected == null ? 0 : expected);
                }
            }
            assertThat(sizes.count()).isEqualTo(map.size());
            for (long position : known) {
                assertThat(sizes.get(position)).as("seed " + seed).isEqualTo(map.getOrDefault(position, 0));
            }
        }
    }
}
