package io.mamba.ra.inbound;

import static io.mamba.ra.BeanProperties.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mamba.cluster.KafkaCluster;
import io.mamba.jms.MambaConnectionFactory;
import io.mamba.ra.MambaResourceAdapter;
import io.mamba.ra.fake.FakeConnections;
import io.mamba.ra.fake.FakeEndpoints;
import io.mamba.ra.fake.FakeServer;
import io.mamba.ra.outbound.MambaManagedConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.resource.ResourceException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints whose log is a Kafka cluster that is away when they are activated, and goes away again. */
final class KafkaInboundIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String PATIENCE = "&kafka.default.api.timeout.ms=4000&kafka.request.timeout.ms=2000"
            + "&kafka.delivery.timeout.ms=4000&kafka.max.block.ms=4000";

    private final KafkaCluster cluster = KafkaCluster.oneBroker();
    private final FakeServer server = new FakeServer();
    private final MambaResourceAdapter adapter = new MambaResourceAdapter();
    private final FakeConnections pool = new FakeConnections();
    private ConnectionFactory pooled = new MambaConnectionFactory();

    @BeforeEach
    void start() throws ResourceException {
        adapter.setUrl(url("server"));
        adapter.start(server);
        MambaManagedConnectionFactory factory = new MambaManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        pooled = (ConnectionFactory) factory.createConnectionFactory(pool);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.stop();
        pool.clear();
        server.shutDown();
        cluster.close();
    }

    private String url(String node) {
        return "mamba:kafka://" + cluster.bootstrap() + "?node=" + node + PATIENCE;
    }

    @Test
    void areActivatedWhileTheClusterIsAwayAndReceiveEachTimeItIsBack() throws Exception {
        cluster.kill(1);
        MambaActivationSpec spec = with(new MambaActivationSpec(), "destination", "in", "setupInterval", 100L);

        adapter.endpointActivation(FakeEndpoints.transacted(this::forward), spec);

        comeBack();
        pass("first");
        cluster.kill(1);
        comeBack();
        pass("second");
    }

    private void comeBack() {
        cluster.restart(1);
        cluster.awaitReady();
    }

    /** In the bean's transaction. */
    private void forward(Message message) throws JMSException {
        try (JMSContext context = pooled.createContext()) {
            context.createProducer().send(context.createQueue("out"), message.getBody(String.class));
        }
    }

    /** Sends to the endpoint, and receives what it has sent on. */
    private void pass(String text) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(JMSRuntimeException.class)
                .until(() -> {
                    try (JMSContext context = new MambaConnectionFactory(url("outside")).createContext()) {
                        context.createProducer().send(context.createQueue("in"), text);
                        return true;
                    }
                });
        try (JMSContext context = new MambaConnectionFactory(url("outside")).createContext()) {
            assertThat(context.createConsumer(context.createQueue("out")).receiveBody(String.class, SOON.toMillis()))
                    .isEqualTo(text);
        }
    }
}
