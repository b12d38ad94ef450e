package io.mamba.log.kafka;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Writes single records, in the calling thread. A producer that has met certain errors, a right that was missing for
 * example, fails for ever after: then another takes its place. Thread-safe.
 */
final class PlainWriter implements AutoCloseable {
    /** After these the same producer goes on. */
    private static final Set<Class<? extends KafkaException>> HARMLESS = Set.of(
            RetriableException.class,
            RecordTooLargeException.class,
            TopicAuthorizationException.class,
            InvalidTopicException.class,
            InvalidTimestampException.class,
            AuthenticationException.class);

    private final Engine engine;
    private volatile KafkaProducer<byte[], byte[]> producer;
    private boolean closed;

    PlainWriter(Engine engine) {
        this.engine = engine;
        this.producer = engine.clients().plain();
    }

    /**
     * What a record waits for here, the cluster's description or room in the producer, happens before it has begun.
     *
     * @param toldLater as {@code Log.appendToldLater}
     */
    void send(Append append, boolean toldLater) {
        KafkaProducer<byte[], byte[]> used = producer;
        try {
            Interrupts.deferred(() -> {
                append.sendAlone(
                        used,
                        engine.records(),
                        engine.tails(),
                        toldLater,
                        refusal -> replaceUnlessHarmless(used, refusal));
                return true;
            });
        } catch (KafkaException | IllegalStateException failure) {
            replaceUnlessHarmless(used, failure);
            append.refused(append.translated(failure));
        }
    }

    /** Waits for all that is under way. */
    void flush() {
        producer.flush();
    }

    private void replaceUnlessHarmless(KafkaProducer<byte[], byte[]> used, Throwable failure) {
        Throwable cause = KafkaErrors.causeOf(failure);
        if (HARMLESS.stream().anyMatch(harmless -> harmless.isInstance(cause))) {
            return;
        }
        synchronized (this) {
            if (closed || producer != used) {
                return;
            }
            producer = engine.clients().plain();
        }
        used.close(Duration.ZERO);
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = producer;
        }
        Interrupts.deferred(() -> {
            last.close(engine.options().timeout());
            return true;
        });
    }
}
