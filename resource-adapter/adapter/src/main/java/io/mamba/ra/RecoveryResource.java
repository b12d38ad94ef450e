package io.mamba.ra;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.client.Client;
import io.mamba.thread.Threads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * Mamba's XA resource for a transaction manager that recovers: opens the log when first asked, and answers
 * {@code XAER_RMFAIL} while it cannot, or waits, since an empty list would make the transaction manager forget its decisions. Some
 * servers keep it for ever; once closed it holds nothing. Any thread may call.
 */
final class RecoveryResource implements XAResource {
    private static final Logger LOG = System.getLogger(RecoveryResource.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Object lock = new Object();
    private final Threads threads;
    private @Nullable Supplier<LogAccess> log;
    private @Nullable Client client;
    private @Nullable Client failed;
    private @Nullable XAResource delegate;
    private volatile boolean patient;

    RecoveryResource(Supplier<LogAccess> log, Threads threads) {
        this.log = log;
        this.threads = threads;
    }

    /**
     * From now on {@code recover} answers when the log can be opened, or the adapter stops: the server takes an error for an
     * empty list, ends the transactions that it remembers with whoever is there, and forgets them.
     */
    void bePatient() {
        patient = true;
    }

    /** The log's own, by which any two are told to be the same resource manager; this one while it cannot be had. */
    XAResource current() {
        try {
            return resource();
        } catch (XAException e) {
            return this;
        }
    }

    private XAResource resource() throws XAException {
        synchronized (lock) {
            if (log == null) {
                throw failure("Mamba's resource adapter is stopped", null);
            }
            if (delegate != null) {
                return delegate;
            }
            closeFailed();
            try {
                Client opened = log.get().open(threads);
                opened.onFailure(cause -> forget(opened));
                client = opened;
                delegate = opened.xaResource(null);
                return delegate;
            } catch (MambaException e) {
                LOG.log(Level.WARNING, "Recovery cannot open the log: " + e.getMessage());
                throw failure("The log cannot be opened", e);
            }
        }
    }

    /** The node has failed, which its own thread says: the next call closes the client and opens another. */
    private void forget(Client lost) {
        synchronized (lock) {
            if (client == lost) {
                client = null;
                delegate = null;
                failed = lost;
            }
        }
    }

    private void closeFailed() {
        Client lost = failed;
        failed = null;
        if (lost != null) {
            lost.close();
        }
    }

    void close() {
        Client closed;
        synchronized (lock) {
            closed = client;
            client = null;
            delegate = null;
            log = null;
            lock.notifyAll();
            closeFailed();
        }
        if (closed != null) {
            closed.close();
        }
    }

    private static XAException failure(String text, @Nullable Throwable cause) {
        XAException failure = new XAException(text);
        failure.errorCode = XAException.XAER_RMFAIL;
        failure.initCause(cause);
        return failure;
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return resource().recover(flags);
            } catch (XAException e) {
                if (!patient || !mayPass(e)) {
                    throw e;
                }
                LOG.log(Level.WARNING, "Recovery waits for the log. Until then the server decides nothing.");
                await(pause, e);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private static boolean mayPass(XAException failure) {
        return failure.errorCode == XAException.XAER_RMFAIL
                && failure.getCause() instanceof MambaException cause
                && cause.code().category() == ErrorCode.Category.RETRY;
    }

    /** @throws XAException the failure, if the adapter stops meanwhile or the thread is interrupted */
    private void await(Duration pause, XAException failure) throws XAException {
        long until = System.nanoTime() + pause.toNanos();
        synchronized (lock) {
            for (long left = pause.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
                if (log == null) {
                    throw failure;
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw failure;
                }
            }
        }
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        resource().commit(xid, onePhase);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        resource().rollback(xid);
    }

    @Override
    public void forget(Xid xid) throws XAException {
        resource().forget(xid);
    }

    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        if (other == this) {
            return true;
        }
        XAResource peer = other instanceof RecoveryResource recovery ? recovery.resource() : other;
        return resource().isSameRM(peer);
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        return resource().prepare(xid);
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        resource().start(xid, flags);
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        resource().end(xid, flags);
    }

    @Override
    public int getTransactionTimeout() throws XAException {
        return resource().getTransactionTimeout();
    }

    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        return resource().setTransactionTimeout(seconds);
    }
}
