package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.UnitOfWork;
import io.mamba.jms.error.Errors;
import io.mamba.message.Envelope;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionInProgressException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session whose transactions others demarcate: a transaction manager through the session's XAResource, or a container
 * through {@link #begin}, {@link #end}. Work goes to the branch the session is associated with now, else to the container's
 * local transaction, else it takes effect by itself as in AUTO.
 */
public final class EnlistedSettlement implements Settlement {
    private final ClientSession session;
    private final boolean container;
    private final AutoSettlement alone;

    /** The container's local transaction. Guarded by this. */
    private @Nullable UnitOfWork local;

    private EnlistedSettlement(ClientSession session, boolean container) {
        this.session = session;
        this.container = container;
        alone = new AutoSettlement(session);
    }

    /** Of an XASession, which never ends a transaction itself. */
    static EnlistedSettlement ofXaSession(ClientSession session) {
        return new EnlistedSettlement(session, false);
    }

    /** Of a container's sessions, which are like those in AUTO while there is no transaction. */
    public static EnlistedSettlement inContainer(ClientSession session) {
        return new EnlistedSettlement(session, true);
    }

    /** A local transaction begins (LocalTransaction.begin of a managed connection). */
    public synchronized void begin() {
        if (local != null) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE, "A local transaction is under way; end it before the next begins.");
        }
        local = session.begin();
    }

    /** The local transaction ends. */
    public void end(boolean commit) {
        UnitOfWork ended;
        synchronized (this) {
            ended = local;
            local = null;
        }
        if (ended == null) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "No local transaction is under way.");
        }
        if (commit) {
            ended.commit();
        } else {
            ended.rollback();
        }
    }

    private synchronized @Nullable UnitOfWork present() {
        UnitOfWork branch = session.branch();
        return branch != null ? branch : local;
    }

    /** What work goes to; null if it takes effect by itself, which is refused after a branch that failed behind our back. */
    private @Nullable UnitOfWork unit() {
        UnitOfWork unit = present();
        if (unit == null) {
            session.checkNotCutOff();
        }
        return unit;
    }

    @Override
    public void send(Envelope message) {
        UnitOfWork unit = unit();
        if (unit == null) {
            alone.send(message);
        } else {
            unit.send(message);
        }
    }

    @Override
    public CompletableFuture<Void> sendAsync(Envelope message) {
        UnitOfWork unit = unit();
        if (unit == null) {
            return alone.sendAsync(message);
        }
        unit.send(message);
        return CompletableFuture.completedFuture(null);
    }

    /** Whether the delivery went into a unit. Given back where nothing may be received. */
    private boolean enlist(Delivery delivery) {
        UnitOfWork unit;
        try {
            unit = unit();
        } catch (MambaException cutOff) {
            session.giveBack(List.of(delivery));
            throw cutOff;
        }
        if (unit == null) {
            return false;
        }
        delivery.mark();
        unit.add(delivery);
        return true;
    }

    @Override
    public void received(Delivery delivery) {
        if (!enlist(delivery)) {
            alone.received(delivery);
        }
    }

    @Override
    public void unreadable(Delivery delivery) {
        if (!enlist(delivery)) {
            alone.unreadable(delivery);
        }
    }

    @Override
    public void delivering(Delivery delivery) {
        if (!enlist(delivery)) {
            alone.delivering(delivery);
        }
    }

    @Override
    public void delivered(Delivery delivery) {
        alone.delivered(delivery);
    }

    @Override
    public void failed(Delivery delivery, String cause) {
        UnitOfWork unit = present();
        if (unit != null) {
            unit.failure(cause);
        }
        alone.failed(delivery, cause);
    }

    @Override
    public void acknowledge() {
        alone.acknowledge();
    }

    private boolean isAlone() {
        return container && present() == null;
    }

    @Override
    public void recover() throws JMSException {
        if (!isAlone()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "A session in transactions of others cannot recover.");
        }
        alone.recover();
    }

    @Override
    public void commit() throws JMSException {
        if (isAlone()) {
            alone.commit();
        }
        throw demarcated();
    }

    @Override
    public void rollback() throws JMSException {
        if (isAlone()) {
            alone.rollback();
        }
        throw demarcated();
    }

    private static JMSException demarcated() {
        return new TransactionInProgressException(
                "The transactions of this session are begun and ended by its transaction manager or container only.",
                ErrorCode.ILLEGAL_STATE.name());
    }

    /** A branch goes on without the session; a local transaction is ended by its container. */
    @Override
    public void close() {}
}
