package io.mamba.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class SpreadingTest {
    @Test
    void putsAKeyWhereProducersOfKafkaPutIt() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            byte[] key = new byte[i % 40];
            random.nextBytes(key);
            int partitions = 1 + random.nextInt(50);
            assertThat(Spreading.ofKey(key, partitions)).isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }

    @Test
    void putsWhatOneSenderSendsTogetherAndNeighboursApart() {
        assertThat(Spreading.ofSender(7, 3)).isEqualTo(Spreading.ofSender(7, 3)).isNotEqualTo(Spreading.ofSender(8, 3));
        assertThat(Spreading.ofSender(Long.MAX_VALUE, 3)).isBetween(0, 2);
        assertThat(Spreading.ofSender(-1, 3)).isBetween(0, 2);
    }
}
