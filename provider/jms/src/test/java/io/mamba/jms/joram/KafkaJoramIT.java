package io.mamba.jms.joram;

import static java.util.Objects.requireNonNull;

import io.mamba.cluster.KafkaTestLogs;
import org.jspecify.annotations.Nullable;

/** Joram's suite on a Kafka broker, each test with topics of its own. */
class KafkaJoramIT extends JoramSuite {
    private KafkaTestLogs.@Nullable TestLog log;

    @Override
    String begin() {
        KafkaTestLogs.TestLog next = KafkaTestLogs.next();
        log = next;
        return "mamba:kafka://" + next.servers() + "?node=joram&prefix=" + next.prefix();
    }

    @Override
    void end() {
        requireNonNull(log).delete();
    }
}
