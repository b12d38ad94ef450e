package io.mamba.ra.payara.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.ra.payara.Application;
import io.mamba.ra.payara.Mail;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.transaction.UserTransaction;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Message-driven beans of all kinds, and transactions of the container and of beans; these methods run in the server. */
@ExtendWith(ArquillianExtension.class)
public class MessagingIT {
    @Inject
    private Mail mail;

    @Inject
    private Transfers transfers;

    @Resource
    private UserTransaction transaction;

    @Resource(lookup = "jms/CF")
    private ConnectionFactory connections;

    @Resource(lookup = "jms/prices")
    private Topic prices;

    @Inject
    @JMSConnectionFactory("jms/CF")
    private JMSContext injected;

    @Deployment
    public static WebArchive application() throws URISyntaxException {
        return Application.of("messaging.war", MessagingIT.class.getPackage())
                .addClass(Application.class)
                .addClass(Mail.class);
    }

    private static String text(@Nullable Message message) throws JMSException {
        return Objects.requireNonNull(message, "no message came").getBody(String.class);
    }

    private void publish(String topic, String text) {
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(context.createTopic(topic), text);
        }
    }

    private String heard(Class<?> bean) throws JMSException {
        return text(mail.from(Heard.queue(bean.getSimpleName())));
    }

    private @Nullable Message heardNow(Class<?> bean) {
        return mail.fromNow(Heard.queue(bean.getSimpleName()));
    }

    /** A plain subscriber hears what is sent once it listens. */
    private void listening(String topic, Class<?>... beans) {
        for (Class<?> bean : beans) {
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                publish(topic, "probe");
                return heardNow(bean) != null;
            });
        }
    }

    private String heardAfterProbes(Class<?> bean) throws JMSException {
        String text = heard(bean);
        return text.equals("probe") ? heardAfterProbes(bean) : text;
    }

    @Test
    public void eachPlainBeanOnATopicHearsEachMessage() throws JMSException {
        listening("m.prices", PlainBean.class, OtherPlainBean.class);

        mail.to(prices, "100");

        assertThat(heardAfterProbes(PlainBean.class)).isEqualTo("100");
        assertThat(heardAfterProbes(OtherPlainBean.class)).isEqualTo("100");
    }

    @Test
    public void aDurableBeanHearsItsTopic() throws JMSException {
        listening("m.durable", DurableBean.class);

        publish("m.durable", "kept");

        assertThat(heardAfterProbes(DurableBean.class)).isEqualTo("kept");
    }

    @Test
    public void beansThatShareASubscriptionShareItsMessages() throws JMSException {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            publish("m.shared", "probe");
            return heardNow(SharedBean.class) != null || heardNow(OtherSharedBean.class) != null;
        });
        for (int i = 0; i < 20; i++) {
            publish("m.shared", "s" + i);
        }

        List<String> heard = new ArrayList<>();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            for (Class<?> bean : List.of(SharedBean.class, OtherSharedBean.class)) {
                for (Message next = heardNow(bean); next != null; next = heardNow(bean)) {
                    heard.add(text(next));
                }
            }
            return heard.stream().filter(text -> text.startsWith("s")).count() >= 20;
        });
        assertThat(heard.stream().filter(text -> text.startsWith("s")))
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    @Test
    public void aBeanThatDemarcatesItselfKeepsItsMessageWhateverBecomesOfItsTransaction() throws JMSException {
        listening("m.both", SharedDurableBean.class);

        publish("m.both", "rolled back");
        assertThat(heardAfterProbes(SharedDurableBean.class)).isEqualTo("after rollback");

        publish("m.both", "failing");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(heardAfterProbes(SharedDurableBean.class)).isEqualTo("failing");
        }
        assertThat(text(mail.from("DLQ.m.both"))).isEqualTo("failing");
        assertThat(heardNow(SharedDurableBean.class)).isNull();
    }

    @Test
    public void aSelectorLeavesTheOthersInTheQueue() throws JMSException {
        try (JMSContext context = connections.createContext()) {
            Queue mixed = context.createQueue("m.mixed");
            context.createProducer()
                    .setProperty("kind", "other")
                    .setProperty("size", 2)
                    .send(mixed, "other");
            context.createProducer()
                    .setProperty("kind", "wanted")
                    .setProperty("size", 9)
                    .send(mixed, "too large");
            context.createProducer()
                    .setProperty("kind", "wanted")
                    .setProperty("size", 2)
                    .send(mixed, "wanted");
        }

        assertThat(heard(ChoosyBean.class)).isEqualTo("wanted");
        assertThat(text(mail.fromNow("m.mixed"))).isEqualTo("other");
        assertThat(text(mail.fromNow("m.mixed"))).isEqualTo("too large");
        assertThat(mail.fromNow("m.mixed")).isNull();
    }

    @Test
    public void aBeanFindsItsLogByAConnectionFactory() throws JMSException {
        mail.toQueue("m.lookedUp", "found");

        assertThat(heard(LookedUpBean.class)).isEqualTo("found");
    }

    @Test
    public void aRequestIsAnsweredOnceThoughItsFirstAttemptAnsweredAndFailed() throws JMSException {
        try (JMSContext context = connections.createContext()) {
            TemporaryQueue replies = context.createTemporaryQueue();
            Message request = context.createTextMessage("question");
            request.setJMSReplyTo(replies);
            context.createProducer().send(context.createQueue("m.requests"), request);
            JMSConsumer consumer = context.createConsumer(replies);

            Message reply = consumer.receive(60_000);

            assertThat(text(reply)).isEqualTo("re: question");
            assertThat(reply.getJMSCorrelationID()).isEqualTo(request.getJMSMessageID());
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    public void aContainersTransactionReceivesAndSendsOrNeither() throws JMSException {
        mail.toQueue("m.from", "moved");

        assertThat(transfers.move("m.from", "m.to", true)).isEqualTo("moved");
        assertThat(mail.fromNow("m.to")).isNull();

        assertThat(transfers.move("m.from", "m.to", false)).isEqualTo("moved");
        Message moved = mail.from("m.to");
        assertThat(text(moved)).isEqualTo("moved");
        assertThat(mail.fromNow("m.from")).isNull();
    }

    @Test
    public void anExceptionOfABeanRollsBackWhatItSentByAnInjectedContext() throws Exception {
        assertThatThrownBy(() -> transfers.fail("m.failed")).isInstanceOf(EJBException.class);
        assertThat(mail.fromNow("m.failed")).isNull();

        transaction.begin();
        transfers.sendAnyway("m.anyway");
        transaction.rollback();

        assertThat(text(mail.from("m.anyway"))).isEqualTo("anyway");
    }

    @Test
    public void aReceiveInABeansOwnTransactionIsUndoneByRollback() throws Exception {
        mail.toQueue("m.own", "a");

        for (int delivery = 1; delivery <= 2; delivery++) {
            transaction.begin();
            try (JMSContext context = connections.createContext()) {
                Message message =
                        context.createConsumer(context.createQueue("m.own")).receive(60_000);
                assertThat(text(message)).isEqualTo("a");
                assertThat(message.getIntProperty("JMSXDeliveryCount")).isEqualTo(delivery);
                assertThat(message.getJMSRedelivered()).isEqualTo(delivery > 1);
            }
            if (delivery == 1) {
                transaction.rollback();
            } else {
                transaction.commit();
            }
        }

        assertThat(mail.fromNow("m.own")).isNull();
    }

    @Test
    public void nobodyButTheContainerEndsItsTransaction() {
        assertThat(transfers.commitByHand()).isEqualTo(TransactionInProgressRuntimeException.class);
    }

    /** A call that a container forbids. */
    private interface Call {
        void run() throws JMSException;
    }

    private static void forbidden(Class<? extends Exception> expected, Map<String, Call> calls) {
        calls.forEach((name, call) -> assertThatThrownBy(call::run).as(name).isInstanceOf(expected));
    }

    @Test
    public void whatAContainerForbidsOfConnectionsAndSessionsIsRefused() throws JMSException {
        try (Connection connection = connections.createConnection()) {
            Session session = connection.createSession();
            Queue queue = session.createQueue("m.forbidden");
            Topic topic = session.createTopic("m.forbidden");
            MessageConsumer consumer = session.createConsumer(queue);
            MessageProducer producer = session.createProducer(queue);

            forbidden(
                    IllegalStateException.class,
                    Map.ofEntries(
                            Map.entry("setClientID", () -> connection.setClientID("id")),
                            Map.entry("setExceptionListener", () -> connection.setExceptionListener(e -> {})),
                            Map.entry("stop", connection::stop),
                            Map.entry("second session", connection::createSession),
                            Map.entry("of a queue", () -> connection.createConnectionConsumer(queue, null, null, 1)),
                            Map.entry(
                                    "of a name",
                                    () -> connection.createDurableConnectionConsumer(topic, "n", null, null, 1)),
                            Map.entry(
                                    "of a shared name",
                                    () -> connection.createSharedConnectionConsumer(topic, "n", null, null, 1)),
                            Map.entry(
                                    "of a shared durable name",
                                    () -> connection.createSharedDurableConnectionConsumer(topic, "n", null, null, 1)),
                            Map.entry("session's listener", () -> session.setMessageListener(message -> {})),
                            Map.entry("session's listener asked", session::getMessageListener),
                            Map.entry("listener", () -> consumer.setMessageListener(message -> {})),
                            Map.entry("listener asked", consumer::getMessageListener),
                            Map.entry("asynchronous", () -> producer.send(session.createMessage(), Completion.NONE)),
                            Map.entry("commit", session::commit),
                            Map.entry("rollback", session::rollback)));
            assertThatThrownBy(session::run).isInstanceOf(IllegalStateRuntimeException.class);
            connection.start();
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    public void whatAContainerForbidsOfContextsIsRefused() {
        try (JMSContext context = connections.createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue("m.forbidden"));

            forbidden(
                    IllegalStateRuntimeException.class,
                    Map.of(
                            "context", () -> context.createContext(JMSContext.AUTO_ACKNOWLEDGE),
                            "setClientID", () -> context.setClientID("id"),
                            "setExceptionListener", () -> context.setExceptionListener(e -> {}),
                            "stop", context::stop,
                            "listener", () -> consumer.setMessageListener(message -> {}),
                            "listener asked", consumer::getMessageListener,
                            "asynchronous", () -> context.createProducer().setAsync(Completion.NONE),
                            "commit", context::commit,
                            "rollback", context::rollback));
            context.start();
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    public void anInjectedContextIsTheContainersToManage() {
        forbidden(
                IllegalStateRuntimeException.class,
                Map.ofEntries(
                        Map.entry("close", injected::close),
                        Map.entry("start", injected::start),
                        Map.entry("stop", injected::stop),
                        Map.entry("commit", injected::commit),
                        Map.entry("rollback", injected::rollback),
                        Map.entry("recover", injected::recover),
                        Map.entry("acknowledge", injected::acknowledge),
                        Map.entry("setAutoStart", () -> injected.setAutoStart(false)),
                        Map.entry("setClientID", () -> injected.setClientID("id")),
                        Map.entry("setExceptionListener", () -> injected.setExceptionListener(e -> {}))));
    }
}
