package io.mamba.failures;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Passes messages on in a transacted session: from one queue to the next and to a topic, a few in a transaction. */
final class Passing implements Runnable {
    static final int MOST = 10;
    static final long WAIT_MILLIS = 500;
    static final long PAUSE_NANOS = 100_000_000;

    private final MambaConnectionFactory factory;
    private final Holding holding;

    Passing(MambaConnectionFactory factory, Holding holding) {
        this.factory = factory;
        this.holding = holding;
    }

    @Override
    public void run() {
        while (true) {
            try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED);
                    JMSConsumer consumer = context.createConsumer(context.createQueue(Traffic.IN))) {
                JMSProducer producer = context.createProducer();
                while (true) {
                    List<String> received = receive(consumer);
                    for (String message : received) {
                        producer.send(context.createQueue(Traffic.MIDDLE), message);
                        producer.send(context.createTopic(Traffic.SEEN), message);
                    }
                    if (!received.isEmpty()) {
                        holding.at(Holding.Where.OPEN, "in " + String.join(" ", received));
                    }
                    context.commit();
                    if (!received.isEmpty()) {
                        Traffic.say("passed " + String.join(" ", received));
                    }
                }
            } catch (JMSRuntimeException failed) {
                Traffic.note("pass on", failed);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    static List<String> receive(JMSConsumer consumer) {
        List<String> received = new ArrayList<>();
        @Nullable String message = consumer.receiveBody(String.class, WAIT_MILLIS);
        while (message != null) {
            received.add(message);
            message = received.size() < MOST ? consumer.receiveBodyNoWait(String.class) : null;
        }
        return received;
    }
}
