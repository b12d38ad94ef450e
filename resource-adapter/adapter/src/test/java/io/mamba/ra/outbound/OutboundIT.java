package io.mamba.ra.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.ra.MambaResourceAdapter;
import io.mamba.ra.fake.FakeConnections;
import io.mamba.ra.fake.FakeServer;
import io.mamba.ra.fake.FakeTransaction;
import io.mamba.ra.fake.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.work.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connection factories as an application in a server uses them, over a real log. */
class OutboundIT {
    @TempDir
    Path directory;

    private final FakeServer server = new FakeServer();
    private final MambaResourceAdapter adapter = new MambaResourceAdapter();
    private final FakeConnections pool = new FakeConnections();
    private final MambaManagedConnectionFactory managed = new MambaManagedConnectionFactory();
    private ConnectionFactory factory = new MambaConnectionFactory();

    @BeforeEach
    void start() throws ResourceException {
        adapter.setUrl("mamba:file:" + directory);
        adapter.start(server);
        managed.setResourceAdapter(adapter);
        factory = (ConnectionFactory) managed.createConnectionFactory(pool);
    }

    @AfterEach
    void stop() throws Exception {
        pool.clear();
        adapter.stop();
        server.shutDown();
    }

    private void send(String text) {
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("q"), text);
        }
    }

    /** By a program outside the server. */
    private @Nullable String received() {
        try (JMSContext context = new MambaConnectionFactory("mamba:file:" + directory).createContext()) {
            return context.createConsumer(context.createQueue("q")).receiveBodyNoWait(String.class);
        }
    }

    @Test
    void aSendOutsideOfATransactionIsThereAtOnce() {
        send("a");

        assertThat(received()).isEqualTo("a");
    }

    @Test
    void theLogWorksInThreadsOfTheServerUntilTheAdapterStops() throws ResourceException {
        send("a");

        assertThat(server.lastingWorks()).isNotEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.matches("mamba-\\d+"));

        pool.clear();
        adapter.stop();

        await().until(() -> server.lastingWorks().isEmpty());
    }

    @Test
    void aServerThatWantsItsThreadsBackGetsThem() throws ResourceException {
        send("a");

        server.lastingWorks().forEach(Work::release);

        await().atMost(Duration.ofMinutes(1)).until(() -> server.lastingWorks().isEmpty());
        assertThatThrownBy(() -> send("b")).isInstanceOf(JMSRuntimeException.class);
        adapter.stop();
        adapter.start(server);
        send("c");
        assertThat(server.lastingWorks()).isNotEmpty();
    }

    @Test
    void aSendInATransactionIsThereOnceItCommits() {
        FakeTransaction transaction = FakeTransaction.begin();
        send("a");
        assertThat(received()).isNull();

        transaction.end();

        assertThat(received()).isEqualTo("a");
    }

    @Test
    void aSendInARolledBackTransactionIsGone() {
        FakeTransaction transaction = FakeTransaction.begin();
        send("a");
        transaction.setRollbackOnly();

        transaction.end();

        assertThat(received()).isNull();
    }

    @Test
    void aReceiveIsUndoneByRollbackAndDoneByCommit() {
        send("a");
        FakeTransaction first = FakeTransaction.begin();
        try (JMSContext context = factory.createContext()) {
            assertThat(context.createConsumer(context.createQueue("q")).receiveBody(String.class, 30_000))
                    .isEqualTo("a");
        }
        first.setRollbackOnly();
        first.end();

        FakeTransaction second = FakeTransaction.begin();
        try (JMSContext context = factory.createContext()) {
            assertThat(context.createConsumer(context.createQueue("q")).receiveBody(String.class, 30_000))
                    .isEqualTo("a");
        }
        second.end();

        assertThat(received()).isNull();
    }

    @Test
    void aKeptConnectionTakesPartInEachTransaction() throws JMSException {
        try (Connection connection = factory.createConnection()) {
            for (String text : new String[] {"a", "b"}) {
                FakeTransaction transaction = FakeTransaction.begin();
                try (Session session = connection.createSession()) {
                    MessageProducer producer = session.createProducer(session.createQueue("q"));
                    producer.send(session.createTextMessage(text));
                }
                assertThat(received()).isNull();
                transaction.end();
                assertThat(received()).isEqualTo(text);
            }
        }
    }

    @Test
    void pooledConnectionsAreUsedAgain() {
        for (int i = 0; i < 5; i++) {
            send("a" + i);
        }

        assertThat(pool.created()).isEqualTo(1);
    }

    @Test
    void aContainerAllowsOneSessionAndNoListener() throws JMSException {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();

            assertThatThrownBy(connection::createSession).isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> connection.setClientID("me")).isInstanceOf(JMSException.class);
            assertThatThrownBy(() ->
                            session.createConsumer(session.createQueue("q")).setMessageListener(message -> {}))
                    .isInstanceOf(JMSException.class);
        }
    }

    @Test
    void outsideOfATransactionASessionAcknowledgesByItselfWhateverItWasAskedFor() throws JMSException {
        for (int asked = 0; asked <= 3; asked++) {
            send("a");
            try (JMSContext context = factory.createContext(asked)) {
                int told = asked == JMSContext.DUPS_OK_ACKNOWLEDGE ? asked : JMSContext.AUTO_ACKNOWLEDGE;
                assertThat(context.getSessionMode()).isEqualTo(told);
                assertThat(context.getTransacted()).isFalse();
                assertThat(context.createConsumer(context.createQueue("q")).receiveBody(String.class, 30_000))
                        .isEqualTo("a");
                context.recover();
                assertThatThrownBy(context::commit).isInstanceOf(IllegalStateRuntimeException.class);
                assertThatThrownBy(context::rollback).isInstanceOf(IllegalStateRuntimeException.class);
            }
            assertThat(received()).isNull();
        }
    }

    @Test
    void inATransactionTheServerAloneCommitsAndRollsBack() {
        FakeTransaction transaction = FakeTransaction.begin();
        try (JMSContext context = factory.createContext()) {
            assertThatThrownBy(context::commit).isInstanceOf(TransactionInProgressRuntimeException.class);
            assertThatThrownBy(context::rollback).isInstanceOf(TransactionInProgressRuntimeException.class);
            assertThatThrownBy(context::recover).isInstanceOf(IllegalStateRuntimeException.class);
        }
        transaction.end();
    }

    @Test
    void requestAndReplyOverATemporaryQueueWork() throws JMSException {
        try (JMSContext context = factory.createContext()) {
            TemporaryQueue replies = context.createTemporaryQueue();
            context.createProducer().send(replies, "reply");
            assertThat(context.createConsumer(replies).receiveBody(String.class, 30_000))
                    .isEqualTo("reply");
        }
        assertThat(pool.created()).isEqualTo(1);
    }

    @Test
    void aConnectionThatTheServerTakesBackIsClosed() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        Connection jms = ((ConnectionFactory)
                        managed.createConnectionFactory((factory, request) -> connection.getConnection(null, request)))
                .createConnection();
        Session session = jms.createSession();

        connection.cleanup();

        assertThatThrownBy(session::createTextMessage).isInstanceOf(jakarta.jms.IllegalStateException.class);
        connection.destroy();
    }

    @Test
    void aLocalTransactionOfTheServerHoldsSendsBack() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        ConnectionFactory local = (ConnectionFactory)
                managed.createConnectionFactory((factory, request) -> connection.getConnection(null, request));
        LocalTransaction transaction = connection.getLocalTransaction();

        transaction.begin();
        try (JMSContext context = local.createContext()) {
            context.createProducer().send(context.createQueue("q"), "a");
        }
        assertThat(received()).isNull();
        transaction.commit();
        assertThat(received()).isEqualTo("a");

        transaction.begin();
        try (JMSContext context = local.createContext()) {
            context.createProducer().send(context.createQueue("q"), "b");
        }
        transaction.rollback();
        assertThat(received()).isNull();
        connection.destroy();
    }

    @Test
    void aTransactionThatTimesOutCutsItsProgramOffUntilTheServerTakesTheConnectionBack() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        ConnectionFactory pooled = (ConnectionFactory)
                managed.createConnectionFactory((factory, request) -> connection.getConnection(null, request));
        XAResource resource = connection.getXAResource();
        Xid xid = TestXid.next();
        resource.start(xid, XAResource.TMNOFLAGS);
        try (JMSContext context = pooled.createContext()) {
            context.createProducer().send(context.createQueue("q"), "a");
            CompletableFuture.runAsync(() -> timeOut(resource, xid)).join();

            assertThatThrownBy(() -> context.createProducer().send(context.createQueue("q"), "b"))
                    .isInstanceOf(JMSRuntimeException.class)
                    .hasMessageContaining("timed out");
        }
        assertThat(received()).isNull();
        connection.cleanup();

        try (JMSContext context = pooled.createContext()) {
            context.createProducer().send(context.createQueue("q"), "c");
        }
        assertThat(received()).isEqualTo("c");
        connection.destroy();
    }

    private static void timeOut(XAResource resource, Xid xid) {
        try {
            resource.end(xid, XAResource.TMFAIL);
            resource.rollback(xid);
        } catch (XAException refusal) {
            throw new AssertionError(refusal);
        }
    }

    @Test
    void worksWithoutAServer() throws Exception {
        MambaQueueManagedConnectionFactory alone = new MambaQueueManagedConnectionFactory();
        alone.setUrl("mamba:file:" + directory);
        QueueConnectionFactory queues = (QueueConnectionFactory) alone.createConnectionFactory();

        try (Connection connection = queues.createQueueConnection()) {
            Session session = connection.createSession();
            session.createProducer(session.createQueue("q")).send(session.createTextMessage("a"));
        }

        assertThat(received()).isEqualTo("a");
    }

    @Test
    void withoutUrlTheErrorSaysWhatToSet() throws Exception {
        ConnectionFactory lost = (ConnectionFactory)
                Objects.requireNonNull(new MambaManagedConnectionFactory().createConnectionFactory());

        assertThatThrownBy(lost::createContext)
                .isInstanceOf(JMSRuntimeException.class)
                .hasMessageContaining("'url'");
    }
}
