package io.mamba.jms.conformance;

import io.mamba.cluster.KafkaTestLogs;
import org.junit.jupiter.api.AfterEach;

/** The suite on a Kafka broker, each test with topics of its own. */
class KafkaConformanceIT extends ConformanceSuite {
    private final KafkaTestLogs.TestLog log = KafkaTestLogs.next();

    @Override
    String log() {
        return "mamba:kafka://" + log.servers() + "?node=conformance&prefix=" + log.prefix();
    }

    @AfterEach
    void deleteTopics() {
        log.delete();
    }
}
