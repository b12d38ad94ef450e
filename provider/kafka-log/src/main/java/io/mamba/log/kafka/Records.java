package io.mamba.log.kafka;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records of the log as Kafka's, and back: nothing is added, so that any Kafka program reads and writes them alike. */
final class Records {
    /** What a batch of one record takes besides the record, and the most that a record's own lengths and deltas take. */
    private static final int BATCH_OVERHEAD = 61;

    private static final int RECORD_OVERHEAD = 21;
    private static final int HEADER_OVERHEAD = 10;

    private final TopicNames names;

    Records(TopicNames names) {
        this.names = names;
    }

    ProducerRecord<byte[], byte[]> toKafka(LogRecord record) {
        List<org.apache.kafka.common.header.Header> headers =
                new ArrayList<>(record.headers().size());
        for (Header header : record.headers()) {
            headers.add(new RecordHeader(header.name(), header.value()));
        }
        return new ProducerRecord<>(
                names.kafka(record.partition().topic()),
                record.partition().number(),
                record.timestamp(),
                record.key(),
                record.value(),
                headers);
    }

    static StoredRecord fromKafka(Partition partition, ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = new ArrayList<>();
        for (org.apache.kafka.common.header.Header header : record.headers()) {
            headers.add(new Header(header.key(), header.value()));
        }
        // Records of very old producers have no time: -1.
        return new StoredRecord(
                record.offset(),
                new LogRecord(partition, record.key(), headers, record.value(), Math.max(0, record.timestamp())));
    }

    /** How many bytes it takes at the broker, at most, without compression. */
    static long size(LogRecord record) {
        long size = (long) BATCH_OVERHEAD + RECORD_OVERHEAD + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += (long) HEADER_OVERHEAD
                    + header.name().getBytes(StandardCharsets.UTF_8).length
                    + length(header.value());
        }
        return size;
    }

    private static int length(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
