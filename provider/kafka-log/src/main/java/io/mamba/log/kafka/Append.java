package io.mamba.log.kafka;

import io.mamba.MambaException;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way. Sent by one thread at a time; what the producer answers comes in its own thread, before the flush or
 * commit that the sender waits for.
 */
final class Append {
    private static final String OWN_TOPICS = "mamba.";

    private final List<LogRecord> records;
    private final CompletableFuture<long[]> done = new CompletableFuture<>();
    private final long begun = System.nanoTime();
    private final boolean afterPlain;
    private volatile long[] positions = {};
    private volatile @Nullable Throwable failure;

    /** @param afterPlain its thread has single records under way, which come first */
    Append(List<LogRecord> records, boolean afterPlain) {
        this.records = records;
        this.afterPlain = afterPlain;
    }

    CompletableFuture<long[]> done() {
        return done;
    }

    boolean afterPlain() {
        return afterPlain;
    }

    int count() {
        return records.size();
    }

    boolean isOlderThan(long nanos) {
        return System.nanoTime() - begun > nanos;
    }

    /** May be repeated. */
    void send(KafkaProducer<byte[], byte[]> producer, Records codec) {
        long[] places = new long[records.size()];
        positions = places;
        failure = null;
        for (int i = 0; i < places.length; i++) {
            int index = i;
            Callback noted = (metadata, refusal) -> {
                if (refusal == null) {
                    places[index] = metadata.offset();
                } else {
                    note(refusal);
                }
            };
            var unused = producer.send(codec.toKafka(records.get(i)), noted);
        }
    }

    /**
     * A single record outside a transaction: the answer decides.
     *
     * @param toldLater completes it once the tails have been told of what others have written in front of it
     */
    void sendAlone(
            KafkaProducer<byte[], byte[]> producer,
            Records codec,
            Tails tails,
            boolean toldLater,
            Consumer<Exception> onRefusal) {
        var unused = producer.send(codec.toKafka(records.get(0)), (metadata, refusal) -> {
            if (refusal == null) {
                positions = new long[] {metadata.offset()};
                if (tails.written(records.get(0).partition(), metadata.offset()) && toldLater) {
                    done.complete(positions);
                } else {
                    accepted(tails);
                }
            } else {
                onRefusal.accept(refusal);
                refused(translated(refusal));
            }
        });
    }

    private void note(Throwable refusal) {
        Throwable before = failure;
        if (before == null || KafkaErrors.isBystander(before)) {
            failure = refusal;
        }
    }

    /** Why a record of it was refused when last sent; null if none was. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** It is in the log: completes once the own tails have told those of its records that are events. */
    void accepted(Tails tails) {
        long[] places = positions;
        Map<Partition, Long> last = new HashMap<>();
        for (int i = 0; i < places.length; i++) {
            Partition partition = records.get(i).partition();
            if (partition.topic().startsWith(OWN_TOPICS)) {
                last.merge(partition, places[i], Math::max);
            }
        }
        if (last.isEmpty()) {
            done.complete(places);
        } else {
            tails.whenTold(last, () -> done.complete(places));
        }
    }

    void refused(MambaException reason) {
        done.completeExceptionally(reason);
    }

    MambaException translated(Throwable thrown) {
        return KafkaErrors.translate(thrown, Doing.WRITE, target());
    }

    /** For people: where it was to go. */
    String target() {
        return records.stream()
                .map(record -> record.partition().topic())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
