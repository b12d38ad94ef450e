package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.jms.message.AllowedClasses;
import io.mamba.log.InMemoryLog;
import io.mamba.node.Node;
import io.mamba.thread.Threads;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection tells when its log breaks. */
class ExceptionListenerTest {
    private final InMemoryLog log = new InMemoryLog(Set.of("mamba.state", "mamba.branches"));
    private final Node node = Node.open(
            MambaUrl.parse("mamba:file:/broken"), log, Clock.systemUTC(), Threads.of(ExceptionListenerTest::thread));
    private final MambaConnection connection =
            new MambaConnection(new OwnedLease(Client.over(node)), AllowedClasses.of(null), null, Permissions.ALL);
    private final BlockingQueue<JMSException> told = new LinkedBlockingQueue<>();

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "listener-test");
        thread.setDaemon(true);
        return thread;
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void isToldOnceWhenTheLogBreaks() throws Exception {
        connection.setExceptionListener(told::add);
        assertThat(connection.getExceptionListener()).isNotNull();
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(session.createQueue("orders"));
        log.breakDown();

        assertThatThrownBy(() -> producer.send(session.createMessage())).isInstanceOf(JMSException.class);

        JMSException failure = told.poll(20, TimeUnit.SECONDS);
        assertThat(failure).isNotNull();
        assertThat(failure.getErrorCode()).isEqualTo("LOG_FAILED");
        assertThat(told).isEmpty();
    }

    @Test
    void isNotToldOnceItWasTakenAway() throws Exception {
        connection.setExceptionListener(told::add);
        connection.setExceptionListener(null);
        assertThat(connection.getExceptionListener()).isNull();
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(session.createQueue("orders"));
        log.breakDown();

        assertThatThrownBy(() -> producer.send(session.createMessage())).isInstanceOf(JMSException.class);
        assertThat(told).isEmpty();
    }
}
