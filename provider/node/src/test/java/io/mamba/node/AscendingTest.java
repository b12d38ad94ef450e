package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AscendingTest {
    private static PrimitiveIterator.OfLong of(long... positions) {
        return LongStream.of(positions).iterator();
    }

    @Test
    void givesWhatAnyHasOnce() {
        List<Long> given = new ArrayList<>();
        Ascending.merge(List.of(of(1, 4, 5), of(), of(2, 4, 9)))
                .forEachRemaining((Long position) -> given.add(position));

        assertThat(given).containsExactly(1L, 2L, 4L, 5L, 9L);
        assertThat(Ascending.merge(List.of()).hasNext()).isFalse();
    }

    @Test
    void takesSomeAtATime() {
        PrimitiveIterator.OfLong source = of(1, 2, 3);

        assertThat(Ascending.take(source, 2)).containsExactly(1, 2);
        assertThat(Ascending.take(source, 2)).containsExactly(3);
        assertThat(Ascending.take(source, 2)).isEmpty();
    }
}
