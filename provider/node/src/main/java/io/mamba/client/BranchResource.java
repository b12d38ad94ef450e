package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.node.Branches;
import io.mamba.node.Node;
import io.mamba.node.Nodes;
import io.mamba.node.Unit;
import io.mamba.transaction.BranchId;
import java.lang.reflect.Proxy;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The XAResource of a session, or of nobody for recovery: every one of them finishes and lists all branches of its log.
 * The one place where errors become XAExceptions.
 */
final class BranchResource implements XAResource {
    private final Client client;
    private final Node node;
    private final @Nullable ClientSession session;
    private final long holder;

    BranchResource(Client client, @Nullable ClientSession session) {
        this.client = client;
        this.node = client.node();
        this.session = session;
        this.holder = session == null ? node.newHolder() : session.holder();
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        run(branches -> {
            client.node();
            Unit unit = switch (flags) {
                case TMNOFLAGS -> branches.start(id(xid), holder);
                case TMJOIN -> branches.join(id(xid), holder);
                case TMRESUME -> branches.resume(id(xid), holder);
                default -> throw new XAException(XAException.XAER_INVAL);
            };
            if (flags == TMNOFLAGS) {
                unit.onEnd(client.share()::close);
            }
            if (session != null) {
                session.workIn(id(xid), new UnitOfWork(session, unit, false));
            }
        });
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        run(branches -> {
            switch (flags) {
                case TMSUSPEND -> branches.suspend(id(xid), holder);
                case TMSUCCESS, TMFAIL -> branches.end(id(xid), holder, flags == TMFAIL);
                default -> throw new XAException(XAException.XAER_INVAL);
            }
            if (session != null) {
                session.leave(id(xid), flags == TMFAIL);
            }
        });
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        boolean[] wrote = new boolean[1];
        run(branches -> wrote[0] = branches.prepare(id(xid)));
        return wrote[0] ? XA_OK : XA_RDONLY;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        if (onePhase) {
            run(branches -> branches.commit(id(xid), true));
        } else {
            finish(branches -> branches.commit(id(xid), false));
        }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        finish(branches -> branches.rollback(id(xid)));
    }

    /** The whole list at TMSTARTRSCAN, nothing in a scan that goes on. */
    @Override
    public Xid[] recover(int flag) throws XAException {
        if ((flag & ~(TMSTARTRSCAN | TMENDRSCAN)) != 0) {
            throw new XAException(XAException.XAER_INVAL);
        }
        if ((flag & TMSTARTRSCAN) == 0) {
            return new Xid[0];
        }
        Xid[][] found = new Xid[1][];
        guarded(() -> found[0] =
                client.node().branches().inDoubt().stream().map(BranchXid::new).toArray(Xid[]::new));
        return found[0];
    }

    /** Mamba decides nothing by itself, so there is nothing to forget. */
    @Override
    public void forget(Xid xid) throws XAException {
        throw new XAException(XAException.XAER_NOTA);
    }

    /** A proxy may stand for another of these, and knows for whom. */
    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        if (other instanceof BranchResource resource) {
            return resource.node == node
                    || resource.node.url().place().equals(node.url().place());
        }
        return Proxy.isProxyClass(other.getClass()) && other.isSameRM(this);
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    /** False: branches have no time limit of their own, the transaction manager's rules. */
    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }

    private static BranchId id(Xid xid) {
        return BranchId.of(xid.getFormatId(), xid.getGlobalTransactionId(), xid.getBranchQualifier());
    }

    private interface Call {
        void run() throws XAException;
    }

    private interface Work {
        void on(Branches branches) throws XAException;
    }

    /** The node stays open meanwhile, and is opened again for a branch that was prepared before the last connection closed. */
    private void run(Work work) throws XAException {
        guarded(() -> {
            try (Nodes.Lease share = client.share()) {
                work.on(share.node().branches());
            }
        });
    }

    /**
     * What may pass is XA_RETRY here. Some transaction managers, Payara's for one, take XAER_RMFAIL for the end of the matter and leave
     * a prepared branch to their next restart; by this code they ask again.
     */
    private void finish(Work work) throws XAException {
        try {
            run(work);
        } catch (XAException failure) {
            if (failure.errorCode == XAException.XAER_RMFAIL
                    && failure.getCause() instanceof MambaException error
                    && mayPass(error.code().category())) {
                failure.errorCode = XAException.XA_RETRY;
            }
            throw failure;
        }
    }

    private static boolean mayPass(ErrorCode.Category category) {
        return category == ErrorCode.Category.RETRY || category == ErrorCode.Category.FENCED;
    }

    private static void guarded(Call call) throws XAException {
        try {
            call.run();
        } catch (MambaException error) {
            throw failure(code(error), error);
        } catch (RuntimeException unexpected) {
            throw failure(XAException.XAER_RMFAIL, unexpected);
        }
    }

    /** Never XAER_RMERR: by that, commit would say that the branch is rolled back, when it is still prepared. */
    private static int code(MambaException error) {
        return switch (error.code()) {
            case UNKNOWN_BRANCH -> XAException.XAER_NOTA;
            case BRANCH_PROTOCOL -> XAException.XAER_PROTO;
            case DUPLICATE_BRANCH -> XAException.XAER_DUPID;
            case ROLLED_BACK -> XAException.XA_RBROLLBACK;
            case INVALID_ARGUMENT -> XAException.XAER_INVAL;
            case INVALID_SELECTOR,
                    INVALID_DESTINATION,
                    INVALID_CLIENT_ID,
                    ILLEGAL_STATE,
                    SECURITY,
                    MESSAGE_FORMAT,
                    NOT_SUPPORTED,
                    RESOURCE_LIMIT,
                    LOG_IN_USE,
                    UNAVAILABLE,
                    OUTCOME_UNKNOWN,
                    FENCED,
                    CORRUPT,
                    LOG_FAILED,
                    INTERNAL -> XAException.XAER_RMFAIL;
        };
    }

    private static XAException failure(int code, RuntimeException cause) {
        XAException failure = new XAException(cause.getMessage());
        failure.errorCode = code;
        failure.initCause(cause);
        return failure;
    }
}
