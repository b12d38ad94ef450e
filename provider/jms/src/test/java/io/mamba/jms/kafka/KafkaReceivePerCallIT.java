package io.mamba.jms.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.cluster.ClusterPlan;
import io.mamba.cluster.KafkaCluster;
import io.mamba.cluster.KafkaTestLogs;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A consumer for each message, as programs have that open what they need for every call; prints how long that takes. The aim is
 * 20 ms, on brokers as they come too.
 */
final class KafkaReceivePerCallIT {
    private static final int CALLS = 300;
    /** Many times the aim: a loaded machine is no defect. */
    private static final double BOUND = 400;

    private static final Map<String, String> AS_BROKERS_COME = Map.of(
            "add.partitions.to.txn.retry.backoff.ms", "20",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000",
            "group.initial.rebalance.delay.ms", "3000",
            "group.min.session.timeout.ms", "6000",
            "broker.session.timeout.ms", "9000",
            "broker.heartbeat.interval.ms", "2000",
            "num.network.threads", "3",
            "num.io.threads", "8");

    @Test
    void takesMillisecondsOnBrokersWithTheAdvisedSettings() throws JMSException {
        KafkaTestLogs.TestLog log = KafkaTestLogs.next();
        measure("advised settings", "mamba:kafka://" + log.servers() + "?node=percall&prefix=" + log.prefix());
        log.delete();
    }

    @Test
    void takesMillisecondsOnBrokersAsTheyCome() throws JMSException {
        ClusterPlan plan = ClusterPlan.of(1);
        for (Map.Entry<String, String> setting : AS_BROKERS_COME.entrySet()) {
            plan = plan.with(setting.getKey(), setting.getValue());
        }
        try (KafkaCluster cluster = plan.start()) {
            measure("default settings", "mamba:kafka://" + cluster.bootstrap() + "?node=percall");
        }
    }

    private interface Call {
        void run() throws JMSException;
    }

    private static void measure(String brokers, String url) throws JMSException {
        try (Connection connection = new MambaConnectionFactory(url).createConnection()) {
            connection.start();
            Session session = connection.createSession();
            Queue queue = session.createQueue("calls");
            MessageProducer producer = session.createProducer(queue);
            double perCall = 0;
            for (int round = 0; round < 2; round++) { // the first warms up
                for (int i = 0; i < CALLS; i++) {
                    producer.send(session.createTextMessage("m" + i));
                }
                perCall = median(brokers + ", createConsumer + receive + close", () -> receive(session, queue));
                for (int i = 0; i < CALLS; i++) {
                    producer.send(session.createTextMessage("m" + i));
                }
                median(brokers + ", createSession + createConsumer + receive + close of both", () -> {
                    try (Session own = connection.createSession()) {
                        receive(own, queue);
                    }
                });
                median(brokers + ", createConsumer + receiveNoWait of nothing + close", () -> {
                    try (MessageConsumer consumer = session.createConsumer(queue)) {
                        assertThat(consumer.receiveNoWait()).isNull();
                    }
                });
            }
            assertThat(perCall).isLessThan(BOUND);
        }
    }

    private static void receive(Session session, Queue queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            Station.next(consumer);
        }
    }

    private static double median(String what, Call call) throws JMSException {
        double[] millis = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            call.run();
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f ms, p95 %.1f ms, longest %.1f ms%n",
                what,
                millis[CALLS / 2],
                millis[CALLS * 95 / 100],
                millis[CALLS - 1]);
        return millis[CALLS / 2];
    }
}
