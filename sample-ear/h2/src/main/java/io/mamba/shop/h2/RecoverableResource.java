package io.mamba.shop.h2;

import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The branch that began on this connection is H2's own business. Any other was found by {@code recover}, and each is
 * finished on a connection of its own, which has just been told of it and forgets it afterwards.
 */
final class RecoverableResource implements XAResource {

    private final XAResource h2;
    private final RecoverableConnection.Opener another;
    private @Nullable Xid begun;

    RecoverableResource(XAResource h2, RecoverableConnection.Opener another) {
        this.h2 = h2;
        this.another = another;
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        h2.start(xid, flags);
        begun = xid;
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        h2.end(xid, flags);
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        return h2.prepare(xid);
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        if (same(xid, begun)) {
            h2.commit(xid, onePhase);
            begun = null;
        } else {
            onItsOwn(xid, resource -> resource.commit(xid, false));
        }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        if (same(xid, begun)) {
            h2.rollback(xid);
            begun = null;
        } else {
            onItsOwn(xid, resource -> resource.rollback(xid));
        }
    }

    @Override
    public Xid[] recover(int flag) throws XAException {
        XAConnection connection = open();
        try {
            return connection.getXAResource().recover(flag);
        } catch (SQLException e) {
            throw unavailable(e);
        } finally {
            close(connection);
        }
    }

    @Override
    public void forget(Xid xid) throws XAException {
        h2.forget(xid);
    }

    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        return other instanceof RecoverableResource resource && h2.isSameRM(resource.h2);
    }

    @Override
    public int getTransactionTimeout() throws XAException {
        return h2.getTransactionTimeout();
    }

    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        return h2.setTransactionTimeout(seconds);
    }

    /** Something done to a branch. */
    @FunctionalInterface
    private interface Outcome {
        void on(XAResource resource) throws XAException;
    }

    private void onItsOwn(Xid xid, Outcome outcome) throws XAException {
        XAConnection connection = open();
        try {
            XAResource resource = connection.getXAResource();
            boolean known = Arrays.stream(resource.recover(TMSTARTRSCAN)).anyMatch(found -> same(found, xid));
            if (!known) {
                throw new XAException(XAException.XAER_NOTA);
            }
            outcome.on(resource);
        } catch (SQLException e) {
            throw unavailable(e);
        } finally {
            close(connection);
        }
    }

    private XAConnection open() throws XAException {
        try {
            return another.open();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static void close(XAConnection connection) throws XAException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static boolean same(Xid one, @Nullable Xid other) {
        return other != null
                && one.getFormatId() == other.getFormatId()
                && Arrays.equals(one.getGlobalTransactionId(), other.getGlobalTransactionId())
                && Arrays.equals(one.getBranchQualifier(), other.getBranchQualifier());
    }

    private static XAException unavailable(SQLException cause) {
        XAException failure = new XAException(XAException.XAER_RMFAIL);
        failure.initCause(cause);
        return failure;
    }
}
