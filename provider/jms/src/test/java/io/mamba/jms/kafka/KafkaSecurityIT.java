package io.mamba.jms.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Queue;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster with TLS, passwords and rights: everything reaches it by {@code kafka.<property>} of the URL. */
final class KafkaSecurityIT {
    private static KafkaCluster cluster;

    @BeforeAll
    static void startTheBroker() {
        cluster = ClusterPlan.of(1).withSecurity().start();
    }

    @AfterAll
    static void stopTheBroker() {
        cluster.close();
    }

    /** What docs/security.md asks for. */
    private static List<AclBinding> rights(String user) {
        List<AclBinding> rights = new ArrayList<>();
        for (String topics : List.of("mamba.", "queue.", "topic.")) {
            for (AclOperation operation : List.of(
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.CREATE,
                    AclOperation.DELETE)) {
                rights.add(right(user, ResourceType.TOPIC, topics, operation));
            }
        }
        rights.add(right(user, ResourceType.GROUP, "mamba.", AclOperation.READ));
        rights.add(right(user, ResourceType.TRANSACTIONAL_ID, "mamba.", AclOperation.WRITE));
        rights.add(right(user, ResourceType.TRANSACTIONAL_ID, "mamba.", AclOperation.DESCRIBE));
        return rights;
    }

    private static AclBinding right(String user, ResourceType type, String prefix, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, prefix, PatternType.PREFIXED),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static void allow(List<AclBinding> rights) throws Exception {
        cluster.admin().createAcls(rights).all().get(30, TimeUnit.SECONDS);
    }

    private static MambaConnectionFactory factory(String user, String password) throws JMSException {
        Map<String, Object> login = cluster.login(user, password);
        String options = login.entrySet().stream()
                .map(entry -> "kafka." + entry.getKey() + "="
                        + URLEncoder.encode(String.valueOf(entry.getValue()), UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining("&"));
        return new MambaConnectionFactory("mamba:kafka://" + cluster.bootstrap() + "?node=" + user + "&" + options);
    }

    @Test
    void sendsAndReceivesWithTheRightsThatTheDocumentationNames() throws Exception {
        cluster.createUser("mary", "right");
        allow(rights("mary"));

        try (JMSContext context = factory("mary", "right").createContext(JMSContext.SESSION_TRANSACTED)) {
            Queue queue = context.createQueue("marys");
            context.createProducer().send(queue, "hello").send(queue, "again");
            context.commit();
            assertThat(context.createConsumer(queue).receiveBody(String.class, 30_000))
                    .isEqualTo("hello");
            context.commit();
        }
    }

    @Test
    void saysThatAnOptionOfTheUrlIsWrong() throws Exception {
        MambaConnectionFactory factory = new MambaConnectionFactory(
                "mamba:kafka://" + cluster.bootstrap()
                        + "?node=x&kafka.security.protocol=SASL_PLAINTEXT&kafka.sasl.mechanism=PLAIN&kafka.sasl.jaas.config=nonsense");

        assertThatThrownBy(factory::createContext).hasMessageContaining("refuse an option kafka.<property>");
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        cluster.createUser("paul", "right");

        assertThatThrownBy(() -> factory("paul", "wrong").createContext())
                .isInstanceOf(JMSSecurityRuntimeException.class)
                .hasMessageContaining("kafka.sasl");
    }

    @Test
    void namesTheRightThatIsMissing() throws Exception {
        cluster.createUser("john", "right");
        List<AclBinding> rights = rights("john");
        rights.removeIf(right -> right.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID);
        allow(rights);

        assertThatThrownBy(() -> factory("john", "right").createContext())
                .isInstanceOf(JMSSecurityRuntimeException.class)
                .hasMessageContaining("transactional id");
    }

    @Test
    void namesTheRightThatAQueueNeeds() throws Exception {
        cluster.createUser("anne", "right");
        List<AclBinding> rights = rights("anne");
        rights.removeIf(right -> right.pattern().name().equals("queue."));
        allow(rights);

        try (JMSContext context = factory("anne", "right").createContext()) {
            Queue queue = context.createQueue("forbidden");
            assertThatThrownBy(() -> context.createProducer().send(queue, "x"))
                    .isInstanceOf(JMSRuntimeException.class)
                    .isInstanceOf(JMSSecurityRuntimeException.class)
                    .hasMessageContaining("queue.forbidden")
                    .hasMessageContaining("right is missing");
        }
    }
}
