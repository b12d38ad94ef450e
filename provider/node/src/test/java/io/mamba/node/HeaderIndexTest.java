package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeaderIndexTest {
    private final Set<Long> there = new HashSet<>();
    private final HeaderIndex index = new HeaderIndex(10_000, there::contains);

    private boolean add(String value, long position) {
        there.add(position);
        return index.add(value, position);
    }

    @Test
    void findsAllMessagesOfAValueInOrder() {
        for (long position = 0; position < 9_000; position++) {
            assertThat(add("value-" + position % 3_000, position)).isTrue();
        }

        for (int value = 0; value < 3_000; value++) {
            assertThat(index.find("value-" + value)).containsExactly(value, value + 3_000, value + 6_000);
        }
        assertThat(index.find("unknown")).isEmpty();
    }

    @Test
    void passesOverWhatIsGone() {
        add("a", 1);
        add("a", 2);
        there.remove(1L);

        assertThat(index.find("a")).containsExactly(2);
    }

    @Test
    void staysSmallWhileMessagesComeAndGo() {
        for (long position = 0; position < 1_000_000; position++) {
            index.find("asked");
            assertThat(add("value-" + position, position)).isTrue();
            there.remove(position - 100);
        }

        assertThat(index.find("value-999999")).containsExactly(999_999);
        assertThat(index.find("value-999000")).isEmpty();
    }

    @Test
    void endsWhenItIsTooLong() {
        long position = 0;
        boolean taken = true;
        while (taken && position < 100_000) {
            index.find("asked");
            taken = add("value-" + position, position++);
        }

        assertThat(taken).isFalse();
        assertThat(position).isBetween(10_000L, 25_000L);
    }

    @Test
    void endsWhenNobodyAsks() {
        index.completed();
        long position = 0;
        boolean taken = true;
        while (taken && position < 10_000) {
            taken = add("value-" + position, position++);
        }

        assertThat(taken).isFalse();
    }
}
