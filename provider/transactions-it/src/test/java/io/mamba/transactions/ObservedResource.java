package io.mamba.transactions;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** Passes every call on, and tells an observer before and after those that shape a transaction. */
final class ObservedResource implements XAResource {
    /** Calls are named as {@code mamba prepare}. May be called by several threads. */
    interface Observer {
        void before(String call);

        void after(String call);
    }

    private interface Call<T> {
        T run() throws XAException;
    }

    private interface Action {
        void run() throws XAException;
    }

    private final String name;
    private final XAResource target;
    private final Observer observer;

    ObservedResource(String name, XAResource target, Observer observer) {
        this.name = name;
        this.target = target;
        this.observer = observer;
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        String call = switch (flags) {
            case TMJOIN -> "join";
            case TMRESUME -> "resume";
            default -> "start";
        };
        observe(call, () -> target.start(xid, flags));
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        observe(flags == TMSUSPEND ? "suspend" : "end", () -> target.end(xid, flags));
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        return observed("prepare", () -> target.prepare(xid));
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        observe(onePhase ? "commit in one phase" : "commit", () -> target.commit(xid, onePhase));
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        observe("rollback", () -> target.rollback(xid));
    }

    @Override
    public Xid[] recover(int flag) throws XAException {
        return target.recover(flag);
    }

    @Override
    public void forget(Xid xid) throws XAException {
        observe("forget", () -> target.forget(xid));
    }

    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        return target.isSameRM(other instanceof ObservedResource observed ? observed.target : other);
    }

    @Override
    public int getTransactionTimeout() throws XAException {
        return target.getTransactionTimeout();
    }

    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        return target.setTransactionTimeout(seconds);
    }

    private void observe(String call, Action action) throws XAException {
        observed(call, () -> {
            action.run();
            return call;
        });
    }

    private <T> T observed(String call, Call<T> body) throws XAException {
        observer.before(name + " " + call);
        T result = body.run();
        observer.after(name + " " + call);
        return result;
    }
}
