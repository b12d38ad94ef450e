package io.mamba.failures;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.XAJMSContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/** Finishes the branches of a JVM that is gone by what that had decided, as a transaction manager's recovery does. */
final class Finishing implements Runnable {
    private final MambaConnectionFactory factory;
    private final Decisions decisions;
    private final String node;
    private final AtomicBoolean wanted;
    private final boolean once;

    private Finishing(
            MambaConnectionFactory factory, Decisions decisions, String node, AtomicBoolean wanted, boolean once) {
        this.factory = factory;
        this.decisions = decisions;
        this.node = node;
        this.wanted = wanted;
        this.once = once;
    }

    /** Those of a process of one's own name: all of them are listed at once. */
    static Finishing ofPredecessor(MambaConnectionFactory factory, Decisions decisions, String node) {
        return new Finishing(factory, decisions, node, new AtomicBoolean(true), true);
    }

    /** Those of another, which are listed when it is known to be gone: asks as long as it is wanted. */
    static Finishing ofOther(MambaConnectionFactory factory, Decisions decisions, String node, AtomicBoolean wanted) {
        return new Finishing(factory, decisions, node, wanted, false);
    }

    @Override
    public void run() {
        while (wanted.get()) {
            try (XAJMSContext context = factory.createXAContext()) {
                List<BranchName> branches = Stream.of(
                                context.getXAResource().recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                        .filter(branch -> branch.getFormatId() == BranchName.FORMAT)
                        .map(BranchName::of)
                        .filter(branch -> branch.transaction().startsWith(node + ":"))
                        .toList();
                for (BranchName branch : branches) {
                    boolean commit = decisions.committed().contains(branch.transaction());
                    if (tried(factory, branch, commit) == null) {
                        Traffic.say("finished " + branch.transaction() + "/" + branch.branch());
                    }
                }
                if (once && branches.isEmpty()) {
                    return;
                }
            } catch (JMSRuntimeException | XAException notYet) {
                Traffic.note("recover " + node, notYet);
            }
            LockSupport.parkNanos(Passing.PAUSE_NANOS);
        }
    }

    /** What went wrong; null when the branch is over, by whomever. */
    static @Nullable Exception tried(MambaConnectionFactory factory, BranchName branch, boolean commit) {
        try (XAJMSContext context = factory.createXAContext()) {
            if (commit) {
                context.getXAResource().commit(branch, false);
            } else {
                context.getXAResource().rollback(branch);
            }
            return null;
        } catch (XAException answer) {
            if (isOver(answer)) {
                return null;
            }
            Traffic.note("finish " + branch, answer);
            return answer;
        } catch (JMSRuntimeException notYet) {
            Traffic.note("finish " + branch, notYet);
            return notYet;
        }
    }

    /** What a branch answers that is finished already, or that was never prepared and is forgotten. */
    private static boolean isOver(XAException answer) {
        return answer.errorCode == XAException.XAER_NOTA
                || (answer.errorCode >= XAException.XA_RBBASE && answer.errorCode <= XAException.XA_RBEND);
    }
}
