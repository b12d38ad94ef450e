package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupTableTest {
    private final GroupTable table = new GroupTable();

    @Test
    void givesAGroupOneNumberWhileItHasMessages() {
        int first = table.add(42);
        int other = table.add(43);

        assertThat(table.add(42)).isEqualTo(first).isNotEqualTo(other);
        assertThat(table.remove(first)).isFalse();
        assertThat(table.remove(first)).isTrue();
        assertThat(table.add(99)).isEqualTo(first);
        assertThat(table.hash(first)).isEqualTo(99);
    }

    @Test
    void findsItsWayThroughCollisionsAndRemovals() {
        Random random = new Random(3);
        Map<Long, Integer> numbers = new HashMap<>();
        List<Long> present = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            if (present.isEmpty() || random.nextInt(100) < (i < 100_000 ? 60 : 45)) {
                long hash = 1L + random.nextInt(3000);
                int number = table.add(hash);
                assertThat(number).isPositive();
                Integer before = numbers.put(hash, number);
                if (before != null) {
                    assertThat(number).isEqualTo(before);
                }
                present.add(hash);
            } else {
                int at = random.nextInt(present.size());
                long hash = present.get(at);
                present.set(at, present.get(present.size() - 1));
                present.remove(present.size() - 1);
                Integer number = numbers.get(hash);
                assertThat(number).isNotNull();
                if (number != null && table.remove(number)) {
                    numbers.remove(hash);
                }
            }
            assertThat(table.size()).isEqualTo(numbers.size());
        }
    }
}
