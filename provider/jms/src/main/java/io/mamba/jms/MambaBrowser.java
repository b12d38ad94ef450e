package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.Acknowledgement;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.selector.Selector;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A browser; each enumeration is a snapshot of what waited when it was asked for. */
public final class MambaBrowser implements QueueBrowser {
    private final MambaSession session;
    private final Queue queue;
    private final Address address;
    private final @Nullable Selector selector;

    private volatile boolean closed;

    MambaBrowser(MambaSession session, Queue queue, Address address, @Nullable Selector selector) {
        this.session = session;
        this.queue = queue;
        this.address = address;
        this.selector = selector;
    }

    private void checkOpen() throws JMSException {
        if (closed || session.isClosed()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The browser is closed.");
        }
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        return queue;
    }

    @Override
    public @Nullable String getMessageSelector() throws JMSException {
        checkOpen();
        return selector == null ? null : selector.text();
    }

    @Override
    public Enumeration<Message> getEnumeration() throws JMSException {
        checkOpen();
        Iterator<Envelope> snapshot = Errors.checked(
                () -> session.clientSession().browse(address, selector).iterator());
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return !closed && !session.isClosed() && snapshot.hasNext();
            }

            @Override
            public Message nextElement() {
                return session.connection().messages().received(snapshot.next(), 1, Acknowledgement.NONE);
            }
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
