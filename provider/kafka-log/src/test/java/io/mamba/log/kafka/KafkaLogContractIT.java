package io.mamba.log.kafka;

import io.mamba.cluster.KafkaTestLogs;
import io.mamba.log.Log;
import io.mamba.log.SharedLogContract;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;

class KafkaLogContractIT extends SharedLogContract {
    private final KafkaTestLogs.TestLog place = KafkaTestLogs.next();
    private final KafkaLogOptions options =
            KafkaLogOptions.of(place.servers(), "node").withPrefix(place.prefix());
    private Set<String> keyed = Set.of();

    @AfterEach
    void deleteTopics() {
        place.delete();
    }

    @Override
    protected Log open(Set<String> keyedTopics) {
        keyed = keyedTopics;
        return KafkaLog.open(options, keyed);
    }

    @Override
    protected Log reopen(Log log) {
        log.close();
        return KafkaLog.open(options, keyed);
    }

    @Override
    protected Log openAnother(Log log) {
        return KafkaLog.open(options, keyed);
    }

    @Override
    protected void die(Log log) {
        Assumptions.abort("within this process nobody can die; MembershipIT kills other ones");
    }
}
