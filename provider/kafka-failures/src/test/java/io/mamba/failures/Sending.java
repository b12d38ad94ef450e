package io.mamba.failures;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Sends units of three messages by a transacted session, each message with a name of its own. */
final class Sending implements Runnable {
    static final int PER_UNIT = 3;
    private static final long PAUSE_NANOS = 60_000_000;
    /** With these nothing was written; after any other error it may have been. */
    private static final Set<String> REFUSED = Set.of("FENCED", "ROLLED_BACK", "RESOURCE_LIMIT");

    private final MambaConnectionFactory factory;
    /** No process before had it. */
    private final String process;

    private boolean resting;
    private boolean rested = true;

    Sending(MambaConnectionFactory factory, String node) {
        this.factory = factory;
        this.process = node + "-" + System.currentTimeMillis();
    }

    synchronized void goOn() {
        resting = false;
        notifyAll();
    }

    /** Says {@code rests} when nothing is under way. */
    synchronized void rest() {
        resting = true;
        if (rested) {
            Traffic.say("rests");
        }
    }

    @Override
    public void run() {
        long number = 0;
        while (true) {
            try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
                Queue in = context.createQueue(Traffic.IN);
                JMSProducer producer = context.createProducer();
                while (true) {
                    awaitTurn();
                    send(context, producer, in, process + "-" + ++number);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (JMSRuntimeException failed) {
                Traffic.note("send", failed);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void send(JMSContext context, JMSProducer producer, Queue in, String unit) {
        Traffic.say("begin " + unit);
        for (int i = 0; i < PER_UNIT; i++) {
            producer.send(in, unit + "/" + i);
        }
        try {
            context.commit();
            Traffic.say("ok " + unit);
        } catch (JMSRuntimeException failed) {
            Traffic.say((REFUSED.contains(failed.getErrorCode()) ? "refused " : "unknown ") + unit);
            throw failed;
        }
    }

    private synchronized void awaitTurn() {
        rested = true;
        if (resting) {
            Traffic.say("rests");
        }
        while (resting) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while resting", e);
            }
        }
        rested = false;
    }
}
