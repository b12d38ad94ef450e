package io.mamba.ra.inbound;

import static io.mamba.ra.BeanProperties.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.ra.MambaResourceAdapter;
import io.mamba.ra.fake.FakeConnections;
import io.mamba.ra.fake.FakeEndpoints;
import io.mamba.ra.fake.FakeJndi;
import io.mamba.ra.fake.FakeServer;
import io.mamba.ra.fake.FakeTransaction;
import io.mamba.ra.fake.WarningsOf;
import io.mamba.ra.outbound.MambaManagedConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.resource.ResourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints over a real log, in a server made by hand. */
class InboundIT {
    @TempDir
    Path directory;

    private final FakeServer server = new FakeServer();
    private final MambaResourceAdapter adapter = new MambaResourceAdapter();
    private final FakeConnections pool = new FakeConnections();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private ConnectionFactory outside = new MambaConnectionFactory();
    private ConnectionFactory pooled = new MambaConnectionFactory();

    @BeforeEach
    void start() throws ResourceException {
        String url = "mamba:file:" + directory + "?maxDeliveries=3&initialRedeliveryDelay=20ms";
        outside = new MambaConnectionFactory(url);
        adapter.setUrl(url);
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
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    private MambaActivationSpec activate(FakeEndpoints endpoints, @Nullable Object... properties)
            throws ResourceException {
        MambaActivationSpec spec = with(with(new MambaActivationSpec(), "destination", "in"), properties);
        adapter.endpointActivation(endpoints, spec);
        return spec;
    }

    private void send(String queue, String... texts) {
        try (JMSContext context = outside.createContext()) {
            for (String text : texts) {
                context.createProducer().send(context.createQueue(queue), text);
            }
        }
    }

    private @Nullable Message receive(String queue) {
        try (JMSContext context = outside.createContext()) {
            return context.createConsumer(context.createQueue(queue)).receive(30_000);
        }
    }

    private static String body(@Nullable Message message) throws JMSException {
        return Objects.requireNonNull(message, "no message").getBody(String.class);
    }

    private boolean isEmpty(String queue) {
        try (JMSContext context = outside.createContext()) {
            return context.createConsumer(context.createQueue(queue)).receiveNoWait() == null;
        }
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(seen.poll(30, TimeUnit.SECONDS), "nothing came");
    }

    private void see(Message message) throws JMSException {
        seen.add(body(message) + " " + message.getIntProperty("JMSXDeliveryCount"));
    }

    /** Sends in the bean's transaction. */
    private void forward(Message message) throws JMSException {
        try (JMSContext context = pooled.createContext()) {
            context.createProducer().send(context.createQueue("out"), body(message));
        }
    }

    @Test
    void anEndpointWhoseDurableSubscriptionAnotherHasStandsByAndTakesOver() throws Exception {
        Object[] subscription = {
            "destination", "topic://news", "subscriptionDurability", "Durable", "subscriptionName", "s", "clientId", "c"
        };
        FakeEndpoints first = FakeEndpoints.transacted(message -> seen.add("first"));
        FakeEndpoints second = FakeEndpoints.transacted(message -> seen.add("second"));
        try (WarningsOf warnings = new WarningsOf(Activation.class)) {
            MambaActivationSpec one = activate(first, subscription);
            patiently().until(() -> published("first"));
            activate(second, subscription);
            patiently().until(() -> published("first"));

            adapter.endpointDeactivation(first, one);

            patiently().until(() -> published("second"));
            assertThat(warnings.texts()).isEmpty();
        }
    }

    /** Whether what is published now is seen there. */
    private boolean published(String where) throws InterruptedException {
        try (JMSContext context = outside.createContext()) {
            context.createProducer().send(context.createTopic("news"), "probe");
        }
        return where.equals(seen.poll(1, TimeUnit.SECONDS));
    }

    @Test
    void takesAndSendsInOneTransaction() throws Exception {
        activate(FakeEndpoints.transacted(this::forward));

        send("in", "a");

        assertThat(body(receive("out"))).isEqualTo("a");
        patiently().until(() -> pool.created() == 1);
    }

    @Test
    void aRolledBackTransactionTakesBackTheSendAndTheMessageComesAgain() throws Exception {
        activate(FakeEndpoints.transacted(message -> {
            see(message);
            forward(message);
            if (!message.getJMSRedelivered()) {
                throw new IllegalStateException("not yet");
            }
        }));

        send("in", "a");

        assertThat(next()).isEqualTo("a 1");
        assertThat(next()).isEqualTo("a 2");
        assertThat(body(receive("out"))).isEqualTo("a");
        assertThat(isEmpty("out")).isTrue();
        assertThat(isEmpty("DLQ.in")).isTrue();
    }

    @Test
    void aMessageThatAlwaysFailsIsADeadLetterWithTheCause() throws Exception {
        activate(FakeEndpoints.transacted(message -> {
            see(message);
            throw new IllegalArgumentException("never", new IllegalStateException("because"));
        }));

        send("in", "a");

        Message dead = Objects.requireNonNull(receive("DLQ.in"));
        assertThat(body(dead)).isEqualTo("a");
        assertThat(dead.getStringProperty("JMS_Mamba_Cause"))
                .contains("java.lang.IllegalArgumentException: never")
                .contains("caused by java.lang.IllegalStateException: because");
        assertThat(dead.getIntProperty("JMS_Mamba_Attempts")).isEqualTo(3);
        assertThat(seen).containsExactly("a 1", "a 2", "a 3");
    }

    @Test
    void theActivationsRulesForFailuresWinOverTheUrls() throws Exception {
        activate(
                FakeEndpoints.transacted(message -> {
                    throw new IllegalArgumentException("never");
                }),
                "maxDeliveries",
                1,
                "deadLetterDestination",
                "morgue");

        send("in", "a");

        Message dead = Objects.requireNonNull(receive("morgue"));
        assertThat(dead.getIntProperty("JMS_Mamba_Attempts")).isEqualTo(1);
    }

    @Test
    void aMarkedTransactionIsAFailureToo() throws Exception {
        activate(FakeEndpoints.transacted(message -> FakeTransaction.markRollbackOnly()));

        send("in", "a");

        assertThat(Objects.requireNonNull(receive("DLQ.in")).getStringProperty("JMS_Mamba_Cause"))
                .contains(FailureText.ROLLED_BACK);
    }

    @Test
    void withoutTransactionAMessageIsSettledOnceTheBeanHasReturned() throws Exception {
        MambaActivationSpec spec = activate(FakeEndpoints.untransacted(this::see));

        send("in", "a", "b");

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a 1", "b 1");
        adapter.endpointDeactivation(FakeEndpoints.untransacted(this::see), spec);
        assertThat(isEmpty("in")).isTrue();
    }

    @Test
    void withoutTransactionAFailureIsTheMessages() throws Exception {
        activate(FakeEndpoints.untransacted(message -> {
            throw new IllegalArgumentException("never");
        }));

        send("in", "a");

        assertThat(Objects.requireNonNull(receive("DLQ.in")).getStringProperty("JMS_Mamba_Cause"))
                .contains("java.lang.IllegalArgumentException: never");
    }

    @Test
    void takesManyMessagesWithFewSlots() throws Exception {
        activate(FakeEndpoints.transacted(this::see), "maxSession", 2, "batchSize", 3);
        String[] texts = new String[50];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "m" + i;
        }

        send("in", texts);

        for (int i = 0; i < texts.length; i++) {
            assertThat(next()).endsWith(" 1");
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void holdsNoThreadWhileIdle() throws Exception {
        activate(FakeEndpoints.transacted(this::see));
        send("in", "a");
        next();

        patiently().until(() -> server.busyThreads() == 0);
    }

    @Test
    void waitsForAnApplicationThatIsStarting() throws Exception {
        activate(FakeEndpoints.transacted(this::see).unavailable(3), "maxSession", 1);

        send("in", "a");

        assertThat(next()).isEqualTo("a 1");
    }

    @Test
    void aServerThatCannotBeginOrEndADeliveryDoesNotLoseTheMessage() throws Exception {
        activate(FakeEndpoints.transacted(this::see).failBefore(2).failAfter(1), "maxSession", 1);

        send("in", "a", "b");

        assertThat(List.of(next(), next())).containsExactly("a 1", "b 1");
        assertThat(seen).isEmpty();
    }

    @Test
    void aBeanThatIsPromisedATransactionNeverRunsWithoutOne() throws Exception {
        activate(
                FakeEndpoints.transacted(message -> {
                            assertThat(FakeTransaction.current()).isNotNull();
                            see(message);
                        })
                        .forgetTransaction(2),
                "maxSession",
                1);

        send("in", "a");

        assertThat(next()).isEqualTo("a 1");
    }

    @Test
    void aServerWithoutThreadIsAskedAgain() throws Exception {
        server.refuseWorks(2);
        activate(FakeEndpoints.transacted(this::see));

        send("in", "a");

        assertThat(next()).isEqualTo("a 1");
    }

    @Test
    void activationReturnsAlthoughTheLogCannotBeOpened(@TempDir Path elsewhere) throws Exception {
        adapter.setUrl("mamba:file:" + java.nio.file.Files.createFile(elsewhere.resolve("a-file")));

        MambaActivationSpec spec = activate(FakeEndpoints.transacted(this::see), "setupInterval", 1L);

        adapter.setUrl("mamba:file:" + directory + "?maxDeliveries=3&initialRedeliveryDelay=20ms");
        send("in", "a");
        assertThat(next()).isEqualTo("a 1");
        adapter.endpointDeactivation(FakeEndpoints.transacted(this::see), spec);
    }

    @Test
    void receivesFromTheLogOfTheConnectionFactoryItNames(@TempDir Path elsewhere) throws Exception {
        outside = new MambaConnectionFactory("mamba:file:" + elsewhere);
        activate(
                FakeEndpoints.transacted(this::see),
                "connectionFactoryLookup",
                "jms/elsewhere",
                "jndiParams",
                "java.naming.factory.initial=" + FakeJndi.class.getName(),
                "setupInterval",
                1L);
        FakeJndi.bind("jms/elsewhere", outside);

        send("in", "a");

        assertThat(next()).isEqualTo("a 1");
    }

    @Test
    void deactivationWaitsForTheBeanAndGivesTheRestBack() throws Exception {
        CountDownLatch inBean = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeEndpoints endpoints = FakeEndpoints.transacted(message -> {
            inBean.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            see(message);
        });
        MambaActivationSpec spec = activate(endpoints, "maxSession", 1);
        send("in", "a", "b");
        inBean.await();

        Thread stopper = new Thread(() -> adapter.endpointDeactivation(endpoints, spec));
        stopper.start();
        patiently().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        goOn.countDown();
        stopper.join();

        assertThat(seen).containsExactly("a 1");
        assertThat(endpoints.open()).isZero();
        Message left = Objects.requireNonNull(receive("in"));
        assertThat(body(left)).isEqualTo("b");
        assertThat(left.getJMSRedelivered()).isFalse();
    }

    @Test
    void anUnsharedSubscriptionKeepsItsOrder() throws Exception {
        activate(
                FakeEndpoints.transacted(this::see),
                "destination",
                "topic://news",
                "subscriptionDurability",
                "Durable",
                "subscriptionName",
                "s",
                "clientId",
                "c");
        patiently().until(() -> {
            try (JMSContext context = outside.createContext()) {
                context.createProducer().send(context.createTopic("news"), "probe");
            }
            return seen.poll(100, TimeUnit.MILLISECONDS) != null;
        });
        seen.clear();

        try (JMSContext context = outside.createContext()) {
            for (int i = 0; i < 20; i++) {
                context.createProducer().send(context.createTopic("news"), "m" + i);
            }
        }

        for (int i = 0; i < 20; i++) {
            String text = next();
            while (text.startsWith("probe")) {
                text = next();
            }
            assertThat(text).isEqualTo("m" + i + " 1");
        }
    }

    @Test
    void theSameActivationTwiceIsRefused() throws Exception {
        FakeEndpoints endpoints = FakeEndpoints.transacted(this::see);
        MambaActivationSpec spec = activate(endpoints);

        assertThatThrownBy(() -> adapter.endpointActivation(endpoints, spec)).isInstanceOf(ResourceException.class);
    }

    @Test
    void aWrongActivationIsRefusedAtOnceAlthoughNobodyValidatedIt() {
        assertThatThrownBy(() -> activate(FakeEndpoints.transacted(this::see), "destinationType", "none"))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("destinationType");
    }

    @Test
    void recoveryFindsAndEndsWhatEndpointsPrepared() throws Exception {
        BlockingQueue<Xid> left = new LinkedBlockingQueue<>();
        activate(FakeEndpoints.transacted(message -> {
            FakeTransaction transaction = Objects.requireNonNull(FakeTransaction.current());
            see(message);
            transaction.dieAfterPrepare();
            left.add(transaction.xid());
        }));
        send("in", "a");
        Xid prepared = left.take();
        XAResource recovery = adapter.getXAResources(new MambaActivationSpec[0])[0];

        patiently().until(() -> recovery.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length == 1);
        Xid found = recovery.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)[0];
        assertThat(found.getGlobalTransactionId()).isEqualTo(prepared.getGlobalTransactionId());
        recovery.commit(found, false);

        assertThat(recovery.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .isEmpty();
        adapter.stop();
        assertThat(isEmpty("in")).isTrue();
    }

    @Test
    void allResourcesAreOfOneManager() throws Exception {
        XAResource recovery = adapter.getXAResources(new MambaActivationSpec[0])[0];
        FakeTransaction transaction = FakeTransaction.begin();
        try (JMSContext context = pooled.createContext()) {
            context.createProducer().send(context.createQueue("out"), "a");
        }
        XAResource outbound = transaction.enlisted().get(0);

        assertThat(recovery.isSameRM(outbound)).isTrue();
        assertThat(outbound.isSameRM(recovery)).isTrue();
        transaction.end();
    }
}
