package io.mamba.log.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.kafka.SurvivorRecords.Mark;
import io.mamba.log.kafka.SurvivorRecords.Place;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

final class SurvivorRecordsTest {
    /** With the characters that a key is put together by. */
    private static final Partition DATA = new Partition("queue.a-1@2", 3);

    @Test
    void aRecordComesBackAsItWas() {
        byte[] key = "group".getBytes(UTF_8);
        byte[] value = "body".getBytes(UTF_8);
        List<Header> headers = List.of(new Header("a", null), new Header("a", new byte[0]));
        for (LogRecord record : List.of(
                new LogRecord(DATA, key, headers, value, 7),
                new LogRecord(DATA, null, headers, value, 7),
                new LogRecord(DATA, new byte[0], List.of(), null, 7),
                new LogRecord(DATA, null, List.of(), new byte[0], 7))) {
            LogRecord copy = SurvivorRecords.survivor(new StoredRecord(42, record));
            Place place = Objects.requireNonNull(Place.of(copy.key()));
            StoredRecord back = SurvivorRecords.original(place, copy);

            assertThat(place).isEqualTo(new Place(DATA, 42));
            assertThat(copy.value()).isNotNull();
            assertThat(back.position()).isEqualTo(42);
            assertThat(back.record()).usingRecursiveComparison().isEqualTo(record);
        }
    }

    @Test
    void aMarkIsNotTakenForASurvivor() {
        Mark mark = new Mark(99, Uuid.randomUuid());
        LogRecord record = SurvivorRecords.mark(DATA, mark, 1);
        Place place = Objects.requireNonNull(Place.of(record.key()));

        assertThat(place.isMark()).isTrue();
        assertThat(place.partition()).isEqualTo(DATA);
        assertThat(SurvivorRecords.mark(Objects.requireNonNull(record.value()))).isEqualTo(mark);
    }
}
