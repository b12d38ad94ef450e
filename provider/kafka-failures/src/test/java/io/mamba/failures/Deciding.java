package io.mamba.failures;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.XAJMSContext;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages on in transactions of two branches: one receives, the other sends. It is its own transaction manager: both
 * are prepared, the decision is written, both are committed, however long that takes.
 */
final class Deciding implements Runnable {
    private final MambaConnectionFactory factory;
    private final Decisions decisions;
    private final Holding holding;
    private final String name;
    private final boolean heldBeforeDecision;
    private long number = System.currentTimeMillis();

    /** @param name no other that runs has it */
    Deciding(MambaConnectionFactory factory, Decisions decisions, Holding holding, String name) {
        this.factory = factory;
        this.decisions = decisions;
        this.holding = holding;
        this.name = name;
        this.heldBeforeDecision = name.endsWith("1");
    }

    @Override
    public void run() {
        while (true) {
            try (XAJMSContext receiving = factory.createXAContext();
                    XAJMSContext sending = factory.createXAContext();
                    JMSConsumer consumer = receiving.createConsumer(receiving.createQueue(Traffic.MIDDLE))) {
                while (true) {
                    transaction(receiving, consumer, sending, name + ":" + ++number);
                }
            } catch (JMSRuntimeException | XAException failed) {
                Traffic.note("decide", failed);
                LockSupport.parkNanos(Passing.PAUSE_NANOS);
            }
        }
    }

    private void transaction(XAJMSContext receiving, JMSConsumer consumer, XAJMSContext sending, String transaction)
            throws XAException {
        BranchName first = new BranchName(transaction, 1);
        BranchName second = new BranchName(transaction, 2);
        List<String> received;
        try {
            receiving.getXAResource().start(first, XAResource.TMNOFLAGS);
            sending.getXAResource().start(second, XAResource.TMNOFLAGS);
            received = Passing.receive(consumer);
            for (String message : received) {
                sending.createProducer().send(sending.createQueue(Traffic.OUT), message);
            }
            String held = "middle " + String.join(" ", received);
            if (!received.isEmpty()) {
                holding.at(Holding.Where.OPEN, held);
            }
            receiving.getXAResource().end(first, XAResource.TMSUCCESS);
            sending.getXAResource().end(second, XAResource.TMSUCCESS);
            boolean took = prepare(receiving, first);
            boolean sent = prepare(sending, second);
            if (!took && !sent) {
                return;
            }
            if (heldBeforeDecision) {
                holding.at(Holding.Where.PREPARED, held);
            }
        } catch (JMSRuntimeException | XAException failed) {
            // Nothing is decided: what is not decided is rolled back.
            Traffic.note("prepare " + transaction, failed);
            finish(first, false);
            finish(second, false);
            throw failed;
        }
        decisions.commit(transaction);
        if (!heldBeforeDecision) {
            holding.at(Holding.Where.PREPARED, "decided " + transaction);
        }
        finish(receiving, first);
        finish(sending, second);
        Traffic.say("out " + String.join(" ", received));
    }

    private static boolean prepare(XAJMSContext context, BranchName branch) throws XAException {
        return context.getXAResource().prepare(branch) == XAResource.XA_OK;
    }

    private void finish(XAJMSContext context, BranchName branch) {
        try {
            context.getXAResource().commit(branch, false);
        } catch (XAException | JMSRuntimeException notYet) {
            Traffic.note("commit " + branch, notYet);
            finish(branch, true);
        }
    }

    /** Asks any resource until the branch is finished. */
    private void finish(BranchName branch, boolean commit) {
        @Nullable Exception last;
        do {
            last = Finishing.tried(factory, branch, commit);
            if (last != null) {
                LockSupport.parkNanos(Passing.PAUSE_NANOS);
            }
        } while (last != null);
    }
}
