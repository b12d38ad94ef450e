package io.mamba.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

class SpringIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private Remembering factory;

    @SuppressWarnings("NullAway.Init")
    private JmsTemplate template;

    private @Nullable DefaultMessageListenerContainer container;

    /** Remembers its connections, so that a test can close them behind the program's back. */
    private static final class Remembering implements ConnectionFactory {
        private final ConnectionFactory factory;
        private final List<Connection> connections = new CopyOnWriteArrayList<>();

        Remembering(ConnectionFactory factory) {
            this.factory = factory;
        }

        @Override
        public Connection createConnection() throws JMSException {
            Connection connection = factory.createConnection();
            connections.add(connection);
            return connection;
        }

        @Override
        public Connection createConnection(String user, String password) throws JMSException {
            return createConnection();
        }

        @Override
        public JMSContext createContext() {
            return factory.createContext();
        }

        @Override
        public JMSContext createContext(String user, String password) {
            return factory.createContext(user, password);
        }

        @Override
        public JMSContext createContext(String user, String password, int mode) {
            return factory.createContext(user, password, mode);
        }

        @Override
        public JMSContext createContext(int mode) {
            return factory.createContext(mode);
        }

        /** The last one closes the node. */
        void closeAll() {
            for (Connection connection : connections) {
                try {
                    connection.close();
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            }
            connections.clear();
        }
    }

    @BeforeEach
    void begin() {
        factory = new Remembering(new MambaConnectionFactory("mamba:file:" + directory.resolve("log")));
        template = new JmsTemplate(factory);
        template.setReceiveTimeout(SOON.toMillis());
    }

    @AfterEach
    void end() {
        if (container != null) {
            container.destroy();
        }
    }

    private Object seen() throws InterruptedException {
        Object next = seen.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private DefaultMessageListenerContainer listen(ConnectionFactory from, MessageListener listener) {
        DefaultMessageListenerContainer created = new DefaultMessageListenerContainer();
        created.setConnectionFactory(from);
        created.setDestinationName("orders");
        created.setSessionTransacted(true);
        created.setConcurrentConsumers(2);
        created.setRecoveryInterval(100);
        created.setReceiveTimeout(500);
        created.setMessageListener(listener);
        created.afterPropertiesSet();
        created.start();
        container = created;
        return created;
    }

    private void note(Message message) {
        try {
            seen.add(message.getBody(String.class));
        } catch (JMSException e) {
            seen.add(e);
        }
    }

    @Test
    void aTemplateSendsAndReceives() {
        template.convertAndSend("orders", "a");

        assertThat(template.receiveAndConvert("orders")).isEqualTo("a");
    }

    @Test
    void aTemplateAsksAndIsAnswered() throws Exception {
        listen(factory, message -> {
            try {
                template.convertAndSend(message.getJMSReplyTo(), "answer to " + message.getBody(String.class));
            } catch (JMSException e) {
                seen.add(e);
            }
        });

        Message answer = template.sendAndReceive("orders", session -> session.createTextMessage("a"));

        assertThat(requireNonNull(answer).getBody(String.class)).isEqualTo("answer to a");
    }

    @Test
    void aStoppedContainerLeavesTheMessagesToOthersUntilItIsStartedAgain() throws Exception {
        DefaultMessageListenerContainer listening = listen(factory, this::note);
        template.convertAndSend("orders", "a");
        assertThat(seen()).isEqualTo("a");

        listening.stop();
        template.convertAndSend("orders", "b");
        assertThat(template.receiveAndConvert("orders")).isEqualTo("b");
        template.convertAndSend("orders", "c");
        listening.start();

        assertThat(seen()).isEqualTo("c");
        assertThat(seen).isEmpty();
    }

    @Test
    void aContainerThatIsShutDownLeavesNoConsumer() throws Exception {
        DefaultMessageListenerContainer listening = listen(factory, this::note);
        template.convertAndSend("orders", "a");
        assertThat(seen()).isEqualTo("a");

        listening.shutdown();
        assertThat(listening.getActiveConsumerCount()).isZero();
        template.convertAndSend("orders", "b");

        assertThat(template.receiveAndConvert("orders")).isEqualTo("b");
        assertThat(seen).isEmpty();
    }

    @Test
    void whatAListenerFailsIsRolledBackAndComesAgain() throws Exception {
        listen(factory, message -> {
            try {
                seen.add(message.getIntProperty("JMSXDeliveryCount"));
                if (message.getIntProperty("JMSXDeliveryCount") < 3) {
                    throw new IllegalStateException("not yet");
                }
            } catch (JMSException e) {
                seen.add(e);
            }
        });
        template.convertAndSend("orders", "a");

        assertThat(List.of(seen(), seen(), seen())).containsExactly(1, 2, 3);
    }

    @Test
    void aContainerConnectsAgainAfterTheNodeWasClosedAmidATransaction() throws Exception {
        template.convertAndSend("orders", "a");
        AtomicBoolean first = new AtomicBoolean(true);
        listen(factory, message -> {
            note(message);
            if (first.getAndSet(false)) {
                factory.closeAll();
            }
        });

        assertThat(List.of(seen(), seen())).containsExactly("a", "a");

        template.convertAndSend("orders", "b");
        assertThat(seen()).isEqualTo("b");
    }

    @Test
    void aPoolLendsItsConnections() throws Exception {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(new MambaConnectionFactory("mamba:file:" + directory.resolve("log")));
        pool.setMaxConnections(2);
        pool.start();
        try {
            JmsTemplate pooled = new JmsTemplate(pool);
            DefaultMessageListenerContainer listening = listen(pool, message -> {
                note(message);
                throwTheFirstTime(message);
            });
            for (int i = 0; i < 100; i++) {
                pooled.convertAndSend("orders", "m" + i);
            }

            int again = 0;
            for (int i = 0; i < 200; i++) {
                again += seen().toString().startsWith("m") ? 1 : 0;
            }
            assertThat(again).isEqualTo(200);
            assertThat(pool.getNumConnections()).isBetween(1, 2);
            listening.shutdown();
        } finally {
            pool.stop();
        }
        template.setReceiveTimeout(-1);
        assertThat(template.receiveAndConvert("orders")).isNull();
    }

    private static void throwTheFirstTime(Message message) {
        try {
            if (!message.getJMSRedelivered()) {
                throw new IllegalStateException("not yet");
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
