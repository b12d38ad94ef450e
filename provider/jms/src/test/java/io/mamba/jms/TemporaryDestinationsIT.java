package io.mamba.jms;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.MambaUrl;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.file.FileLog;
import io.mamba.log.file.FileLogOptions;
import io.mamba.message.Address;
import io.mamba.node.Nodes;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporary destinations by the thousand leave nothing behind. Prints how fast they come and go. */
class TemporaryDestinationsIT {
    private static final int MANY = 10_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private String url() {
        return url(directory);
    }

    private static String url(Path directory) {
        return "mamba:file:" + directory.resolve("log");
    }

    @Test
    void thousandsComeAndGoASecondAndNothingStays() throws JMSException {
        try (Connection connection = new MambaConnectionFactory(url()).createConnection()) {
            connection.start();
            Session session = connection.createSession();
            long begin = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                TemporaryQueue queue = session.createTemporaryQueue();
                try (MessageConsumer consumer = session.createConsumer(queue)) {
                    session.createProducer(queue).send(session.createTextMessage("reply " + i));
                    assertThat(consumer.receive(20_000).getBody(String.class)).isEqualTo("reply " + i);
                }
                session.createProducer(queue).send(session.createTextMessage("nobody waits for this"));
                queue.delete();
            }
            System.out.printf(
                    "temporary queues created, used and deleted: %.0f a second%n",
                    MANY / ((System.nanoTime() - begin) / 1e9));

            assertThat(destinations()).isEmpty();
        }
        assertThat(leftInTheLog()).isEmpty();
    }

    @Test
    void whatTheProgramForgetsEndsWithItsConnection() throws JMSException {
        try (Connection stays = new MambaConnectionFactory(url()).createConnection()) {
            Session own = stays.createSession();
            try (Connection connection = new MambaConnectionFactory(url()).createConnection()) {
                makeMany(connection);
                assertThat(destinations()).hasSize(2_000);
            }
            assertThat(own.getTransacted()).isFalse();
            assertThat(destinations()).isEmpty();
        }
        assertThat(leftInTheLog()).isEmpty();
    }

    @Test
    void aKilledProcessLeavesNone() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isEqualTo(9);

        assertThat(destinations()).isEmpty();
        assertThat(leftInTheLog()).isEmpty();
    }

    private String output() throws IOException {
        Path output = directory.resolve("output");
        return Files.exists(output) ? Files.readString(output) : "no output";
    }

    /** A program that dies with two thousand temporary destinations. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] arguments) throws JMSException {
            Connection connection = new MambaConnectionFactory(url(Path.of(arguments[0]))).createConnection();
            makeMany(connection);
            Runtime.getRuntime().halt(9);
        }
    }

    private static void makeMany(Connection connection) throws JMSException {
        connection.start();
        Session session = connection.createSession();
        for (int i = 0; i < 1_000; i++) {
            TemporaryQueue queue = session.createTemporaryQueue();
            session.createProducer(queue).send(session.createTextMessage("waits"));
            TemporaryTopic topic = session.createTemporaryTopic();
            MessageConsumer subscriber = session.createConsumer(topic);
            session.createProducer(topic).send(session.createTextMessage("waits"));
            assertThat(subscriber).isNotNull();
        }
    }

    /** What the node knows. */
    private List<Address> destinations() {
        try (Nodes.Lease lease = Nodes.lease(MambaUrl.parse(url()))) {
            return lease.node().destinations().addresses();
        }
    }

    /** Records and names of temporary destinations, once nobody has the log open any more. */
    private List<String> leftInTheLog() {
        List<String> left = new ArrayList<>();
        try (Log log = FileLog.open(
                directory.resolve("log"), Set.of("mamba.state", "mamba.branches"), FileLogOptions.defaults())) {
            for (Partition partition : log.partitions()) {
                if (!partition.topic().startsWith("mamba.")) {
                    left.add(partition.toString());
                }
            }
            log.latest(new Partition("mamba.state", 0), record -> {
                if (!new String(record.record().key(), StandardCharsets.UTF_8).startsWith("node")) {
                    left.add(new String(record.record().key(), StandardCharsets.UTF_8));
                }
            });
            long[] readable = {0};
            log.read(Map.of(Address.TEMPORARY, log.fence(Address.TEMPORARY)), record -> readable[0]++);
            if (readable[0] > 0) {
                left.add(readable[0] + " records");
            }
        }
        return left;
    }
}
