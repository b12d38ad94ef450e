package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ErrorCode;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Application servers interrupt threads and take connections away while others send. The log lives on, and every send has a clear outcome. */
class InterruptedSendersIT {
    private static final int THREADS = 8;
    private static final long BOUND_SECONDS = 60;

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final AtomicLong ids = new AtomicLong();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final Queue<JMSException> refusals = new ConcurrentLinkedQueue<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private MambaConnectionFactory factory() {
        return new MambaConnectionFactory("mamba:file:" + directory.resolve("log"));
    }

    /** Sends until it is refused, has sent so many, or stops on being interrupted. */
    private void send(Connection connection, String name, int most, boolean stopOnInterrupt) throws JMSException {
        try (Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue("orders"));
            for (int i = 0;
                    i < most && !(stopOnInterrupt && Thread.currentThread().isInterrupted());
                    i++) {
                String text = name + ":" + ids.incrementAndGet();
                try {
                    producer.send(session.createTextMessage(text));
                    acknowledged.add(text);
                } catch (JMSException e) {
                    refused.add(text);
                    refusals.add(e);
                    return;
                }
            }
        } catch (IllegalStateException closed) {
            refusals.add(closed);
        }
    }

    private List<Future<?>> sendAll(Connection connection, int most, boolean stopOnInterrupt) {
        List<Future<?>> sends = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            String name = "t" + t;
            sends.add(pool.submit(() -> {
                send(connection, name, most, stopOnInterrupt);
                return true;
            }));
        }
        return sends;
    }

    private void untilAcknowledged(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (acknowledged.size() < count) {
            assertThat(System.nanoTime()).as("%d sends", count).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private List<String> received() throws JMSException {
        List<String> found = new ArrayList<>();
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                found.add(((TextMessage) next).getText());
            }
        }
        return found;
    }

    private void theLogTakesMore() throws JMSException {
        try (Connection connection = factory().createConnection()) {
            send(connection, "afterwards", 1, false);
        }
    }

    @Test
    void whoIsInterruptedBeforeASendSendsAndStaysInterrupted() throws Exception {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue("orders"));
            Thread.currentThread().interrupt();

            producer.send(session.createTextMessage("a"));

            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(received()).containsExactly("a");
    }

    @Test
    void interruptsAtRandomLoseNothingAndRefuseNobody() throws Exception {
        Random random = new Random(1);
        List<Thread> threads = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(THREADS);
        try (Connection connection = factory().createConnection()) {
            List<Future<?>> sends = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                String name = "t" + t;
                sends.add(pool.submit(() -> {
                    synchronized (threads) {
                        threads.add(Thread.currentThread());
                    }
                    started.countDown();
                    send(connection, name, 300, false);
                    return true;
                }));
            }
            assertThat(started.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
            while (acknowledged.size() < THREADS * 300 && sends.stream().anyMatch(send -> !send.isDone())) {
                threads.get(random.nextInt(THREADS)).interrupt();
                Thread.onSpinWait();
            }
            for (Future<?> send : sends) {
                send.get(BOUND_SECONDS, TimeUnit.SECONDS);
            }
        }
        theLogTakesMore();

        assertThat(refusals).isEmpty();
        assertThat(received()).containsExactlyInAnyOrderElementsOf(acknowledged).hasSize(THREADS * 300 + 1);
    }

    @Test
    void cancellingATaskThatSendsLosesNothingItWasTold() throws Exception {
        Random random = new Random(2);
        try (Connection connection = factory().createConnection()) {
            for (int round = 1; round <= 5; round++) {
                List<Future<?>> sends = sendAll(connection, Integer.MAX_VALUE, true);
                untilAcknowledged(acknowledged.size() + random.nextInt(200));
                sends.forEach(send -> send.cancel(true));
                // A cancelled future does not tell when its task has ended.
                List<Future<?>> behind = new ArrayList<>();
                CountDownLatch all = new CountDownLatch(THREADS);
                for (int t = 0; t < THREADS; t++) {
                    behind.add(pool.submit(() -> {
                        all.countDown();
                        return all.await(BOUND_SECONDS, TimeUnit.SECONDS);
                    }));
                }
                for (Future<?> task : behind) {
                    assertThat(task.get(BOUND_SECONDS, TimeUnit.SECONDS)).isEqualTo(true);
                }
            }
        }
        theLogTakesMore();

        assertThat(refusals).isEmpty();
        assertThat(received()).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
    void takingTheConnectionAwayRefusesSendersClearlyAndKeepsWhatWasAcknowledged() throws Exception {
        for (int round = 1; round <= 5; round++) {
            refusals.clear();
            Connection connection = factory().createConnection();
            List<Future<?>> sends = sendAll(connection, Integer.MAX_VALUE, false);
            untilAcknowledged(acknowledged.size() + 100 * round);

            // As when an application is undeployed: taken away by another thread.
            connection.close();
            for (Future<?> send : sends) {
                send.get(BOUND_SECONDS, TimeUnit.SECONDS);
            }

            assertThat(refusals).hasSize(THREADS).allSatisfy(refusal -> {
                assertThat(refusal).isInstanceOf(IllegalStateException.class);
                assertThat(refusal.getErrorCode()).isEqualTo(ErrorCode.ILLEGAL_STATE.name());
                assertThat(refusal.getMessage()).contains("closed");
            });
        }
        theLogTakesMore();

        List<String> found = received();
        assertThat(found).doesNotHaveDuplicates().containsAll(acknowledged);
        Set<String> unexpected = new HashSet<>(found);
        unexpected.removeAll(acknowledged);
        // A send under way when the connection went may have happened although it was refused.
        assertThat(refused).containsAll(unexpected);
    }
}
