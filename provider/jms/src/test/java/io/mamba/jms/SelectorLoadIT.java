package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Selectors on long queues. Prints what things cost; the bounds are generous. */
class SelectorLoadIT {
    private static final int WAITING = 100_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private Queue queue;

    @BeforeEach
    void fillTheQueue() throws JMSException {
        connection = new MambaConnectionFactory("mamba:file:" + directory.resolve("log")).createConnection();
        connection.start();
        session = connection.createSession();
        queue = session.createQueue("replies");
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (int i = 0; i < WAITING; i++) {
            producer.send(reply(i));
        }
    }

    @AfterEach
    void close() throws JMSException {
        connection.close();
    }

    private Message reply(int number) throws JMSException {
        Message message = session.createTextMessage("reply " + number);
        message.setJMSCorrelationID("request-" + number);
        message.setIntProperty("number", number);
        return message;
    }

    private static void print(String what, long nanos, int times) {
        System.out.printf("%s: %.3f ms%n", what, nanos / 1e6 / times);
    }

    @Test
    void aConsumerOfOneCorrelationIdCostsNextToNothing() throws JMSException {
        long begin = System.nanoTime();
        receive("JMSCorrelationID = 'request-77'", "reply 77");
        print("first correlation id among " + WAITING, System.nanoTime() - begin, 1);

        int consumers = 500;
        begin = System.nanoTime();
        for (int i = 1; i <= consumers; i++) {
            int number = i * 199;
            receive("JMSCorrelationID = 'request-" + number + "'", "reply " + number);
        }
        long took = System.nanoTime() - begin;
        print("each further consumer of a correlation id", took, consumers);
        assertThat(Duration.ofNanos(took / consumers)).isLessThan(Duration.ofMillis(25));
    }

    @Test
    void aConsumerOfOneCorrelationIdFindsWhatComesLater() throws JMSException {
        receive("JMSCorrelationID = 'request-1'", "reply 1");
        MessageConsumer consumer = session.createConsumer(queue, "JMSCorrelationID = 'request-" + WAITING + "'");
        assertThat(consumer.receiveNoWait()).isNull();
        session.createProducer(queue).send(reply(WAITING));
        session.createProducer(queue).send(reply(WAITING + 1));

        assertThat(consumer.receive(20_000).getBody(String.class)).isEqualTo("reply " + WAITING);
        assertThat(consumer.receiveNoWait()).isNull();
        receive("JMSCorrelationID = 'request-" + (WAITING + 1) + "' AND number > 5", "reply " + (WAITING + 1));
    }

    @Test
    void aConsumerOfOneInAHundredStarvesNobody() throws Exception {
        List<Long> waits = new ArrayList<>();
        Thread other = new Thread(() -> {
            try (Connection second =
                    new MambaConnectionFactory("mamba:file:" + directory.resolve("log")).createConnection()) {
                second.start();
                Session own = second.createSession();
                MessageConsumer all = own.createConsumer(queue);
                for (int i = 0; i < 2_000; i++) {
                    long begin = System.nanoTime();
                    Message message = all.receive(20_000);
                    waits.add(message == null ? Long.MAX_VALUE : System.nanoTime() - begin);
                }
            } catch (JMSException e) {
                waits.add(Long.MAX_VALUE);
            }
        });
        other.start();

        long begin = System.nanoTime();
        MessageConsumer few = session.createConsumer(queue, "MOD100 IS NULL AND number BETWEEN 50000 AND 50999");
        print("a consumer of one in a hundred among " + WAITING, System.nanoTime() - begin, 1);
        begin = System.nanoTime();
        for (int i = 50_000; i < 51_000; i++) {
            assertThat(few.receive(20_000).getIntProperty("number")).isEqualTo(i);
        }
        print("each message of it", System.nanoTime() - begin, 1_000);
        assertThat(few.receiveNoWait()).isNull();
        other.join(60_000);

        long longest = waits.stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE);
        print("the longest wait of another consumer meanwhile", longest, 1);
        assertThat(waits).hasSize(2_000);
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(5));
    }

    private void receive(String selector, String expected) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(queue, selector)) {
            Message message = consumer.receive(20_000);
            assertThat(message).isNotNull();
            assertThat(message.getBody(String.class)).isEqualTo(expected);
        }
    }
}
