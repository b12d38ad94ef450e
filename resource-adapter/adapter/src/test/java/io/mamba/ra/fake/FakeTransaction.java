package io.mamba.ra.fake;

import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of the thread, with one resource manager, ended in the order seen on Payara: resources of the same
 * manager join, and on rollback the branch is rolled back before the joined ones have ended.
 */
public final class FakeTransaction {
    private static final ThreadLocal<@Nullable FakeTransaction> CURRENT = new ThreadLocal<>();

    private final Xid xid = TestXid.next();
    private final List<XAResource> enlisted = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private boolean rollbackOnly;
    private boolean dies;

    public static FakeTransaction begin() {
        FakeTransaction begun = new FakeTransaction();
        CURRENT.set(begun);
        return begun;
    }

    public static @Nullable FakeTransaction current() {
        return CURRENT.get();
    }

    public static void markRollbackOnly() {
        FakeTransaction transaction = CURRENT.get();
        if (transaction == null) {
            throw new IllegalStateException("no transaction");
        }
        transaction.setRollbackOnly();
    }

    public Xid xid() {
        return xid;
    }

    public void setRollbackOnly() {
        rollbackOnly = true;
    }

    /** The transaction manager is gone once the branch is prepared. */
    public void dieAfterPrepare() {
        dies = true;
    }

    public List<XAResource> enlisted() {
        return enlisted;
    }

    public void enlist(XAResource resource) {
        if (enlisted.contains(resource)) {
            return;
        }
        run(() -> {
            if (!enlisted.isEmpty() && !enlisted.get(0).isSameRM(resource)) {
                throw new IllegalStateException("two resource managers where there is one");
            }
            resource.start(xid, enlisted.isEmpty() ? XAResource.TMNOFLAGS : XAResource.TMJOIN);
            enlisted.add(resource);
        });
    }

    /** For what a server does to connections when the transaction has ended. */
    public void afterwards(Runnable action) {
        afterwards.add(action);
    }

    /** Commits, in two phases, or rolls back if marked. */
    public void end() {
        CURRENT.remove();
        if (enlisted.isEmpty()) {
            afterwards.forEach(Runnable::run);
            return;
        }
        XAResource first = enlisted.get(0);
        run(() -> {
            if (rollbackOnly) {
                first.end(xid, XAResource.TMFAIL);
                first.rollback(xid);
                endJoined(XAResource.TMFAIL);
            } else {
                first.end(xid, XAResource.TMSUCCESS);
                endJoined(XAResource.TMSUCCESS);
                if (first.prepare(xid) == XAResource.XA_OK && !dies) {
                    first.commit(xid, false);
                }
            }
        });
        afterwards.forEach(Runnable::run);
    }

    private void endJoined(int flags) throws XAException {
        for (XAResource joined : enlisted.subList(1, enlisted.size())) {
            try {
                joined.end(xid, flags);
            } catch (XAException e) {
                if (!rollbackOnly) {
                    throw e;
                }
            }
        }
    }

    private static void run(XaStep step) {
        try {
            step.run();
        } catch (XAException e) {
            throw new IllegalStateException("XA error " + e.errorCode, e);
        }
    }

    /** A call that may fail with an XA code. */
    private interface XaStep {
        void run() throws XAException;
    }
}
