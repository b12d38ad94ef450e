package io.mamba.log.file;

import static io.mamba.log.file.Journals.ORDERS;
import static io.mamba.log.file.Journals.batch;
import static io.mamba.log.file.Journals.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Durability;
import io.mamba.log.LogStatistics;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CountingStorageTest {
    @Test
    void countsEveryForceAndEveryByteWritten() throws Exception {
        CountingStorage storage = new CountingStorage(new FaultyStorage());
        try (StorageFile created = storage.create("a");
                StorageFile opened = storage.open("a")) {
            created.write(ByteBuffer.allocate(100), 0);
            opened.write(ByteBuffer.allocate(20), 7);
            created.force(true);
            opened.force(false);
        }
        storage.force();

        assertThat(storage.statistics()).isEqualTo(new LogStatistics(3, 120, 0));
    }

    @Test
    void aLogTellsWhatItAskedOfItsDisk() {
        try (FileLog log = Journals.open(new FaultyStorage())) {
            LogStatistics before = log.statistics();
            for (int i = 0; i < 10; i++) {
                log.appendAndWait(batch(record(ORDERS, "x".repeat(100))), Durability.DURABLE);
            }

            // Segments are filled ahead meanwhile, which counts too.
            assertThat(log.statistics().forces() - before.forces()).isGreaterThanOrEqualTo(10);
            assertThat(log.statistics().bytesWritten() - before.bytesWritten()).isGreaterThan(1000);
        }
    }
}
