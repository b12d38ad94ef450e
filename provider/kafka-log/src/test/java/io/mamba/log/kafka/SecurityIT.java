package io.mamba.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A cluster with TLS, passwords and rights: its own errors come out as what is missing. */
class SecurityIT {
    private static final KafkaCluster CLUSTER = ClusterPlan.of(1).withSecurity().start();
    private static final Partition ORDERS = new Partition("queue.orders", 0);

    @AfterAll
    static void end() {
        CLUSTER.close();
    }

    private static KafkaLog open(String user, String password) {
        Map<String, String> properties = new HashMap<>();
        CLUSTER.login(user, password).forEach((key, value) -> properties.put(key, value.toString()));
        return KafkaLog.open(
                KafkaLogOptions.of(CLUSTER.bootstrap(), "secured")
                        .withProperties(properties)
                        .withTimeout(Duration.ofSeconds(15)),
                Set.of());
    }

    private static Batch batch(int records) {
        LogRecord record = new LogRecord(ORDERS, null, List.of(), new byte[] {1}, 1_000);
        return Batch.of(records == 1 ? List.of(record) : List.of(record, record));
    }

    private static void allow(String user, ResourceType type, String name, AclOperation... operations)
            throws Exception {
        for (AclOperation operation : operations) {
            CLUSTER.admin()
                    .createAcls(List.of(new AclBinding(
                            new ResourcePattern(type, name, PatternType.PREFIXED),
                            new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW))))
                    .all()
                    .get();
        }
    }

    private static void assertRefused(Runnable call, String right) {
        assertThatThrownBy(call::run)
                .hasMessageContaining(right)
                .satisfies(error -> assertThat(((MambaException) error).code()).isEqualTo(ErrorCode.SECURITY));
    }

    @Test
    void refusesAWrongPassword() {
        CLUSTER.createUser("ann", "right");
        try (KafkaLog log = open("ann", "wrong")) {
            assertRefused(() -> log.fence(ORDERS), "kafka.sasl");
        }
    }

    @Test
    void namesTheMissingRightsOneByOneUntilNoneIsMissing() throws Exception {
        CLUSTER.createUser("bob", "secret");
        try (KafkaLog log = open("bob", "secret")) {
            assertRefused(() -> log.create("queue.orders", 1), "Create, Describe and DescribeConfigs on the topic");
            allow("bob", ResourceType.TOPIC, "queue.", AclOperation.CREATE, AclOperation.DESCRIBE);
            allow("bob", ResourceType.TOPIC, "queue.", AclOperation.DESCRIBE_CONFIGS);
            log.create("queue.orders", 1);
            AclOperation[] own = {
                AclOperation.CREATE,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS,
                AclOperation.READ,
                AclOperation.WRITE
            };

            assertRefused(
                    () -> log.appendAndWait(batch(2), Durability.DURABLE),
                    "Write and Describe on the transactional ids that start with mamba.");
            allow("bob", ResourceType.TRANSACTIONAL_ID, "mamba.", AclOperation.WRITE, AclOperation.DESCRIBE);
            assertRefused(() -> log.appendAndWait(batch(1), Durability.DURABLE), "Write and Describe on the topic");
            assertRefused(() -> log.appendAndWait(batch(2), Durability.DURABLE), "Write and Describe on the topic");
            allow("bob", ResourceType.TOPIC, "mamba.", own);
            allow("bob", ResourceType.TOPIC, "queue.", AclOperation.WRITE);
            long[] single = log.appendAndWait(batch(1), Durability.DURABLE);
            long[] both = log.appendAndWait(batch(2), Durability.DURABLE);
            assertRefused(() -> log.read(Map.of(ORDERS, 0L), stored -> {}), "Read and Describe on the topic");
            allow("bob", ResourceType.TOPIC, "queue.", AclOperation.READ);

            assertThat(single[0]).isLessThan(both[0]);
            assertThat(log.get(ORDERS, both[1])).isNotNull();
        }
    }
}
