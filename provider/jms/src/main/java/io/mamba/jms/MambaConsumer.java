package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.client.Delivery;
import io.mamba.client.Receiver;
import io.mamba.client.Source;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.MambaMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A consumer of a queue or of a subscription, by receive or by listener, never both. Any thread may close it. */
public final class MambaConsumer implements QueueReceiver, TopicSubscriber, ListenerDispatch.Listening {
    private static final System.Logger LOG = System.getLogger(MambaConsumer.class.getName());

    /** Milliseconds that nobody outlives and nanoseconds cannot count. */
    private static final long FOR_EVER = Duration.ofDays(100 * 365).toMillis();

    private final MambaSession session;
    private final Receiver receiver;
    private final Destination destination;
    private final Source source;

    private final Object receives = new Object();
    /** Calls of receive that have not returned. Guarded by receives. */
    private int receiving;

    private volatile @Nullable MessageListener listener;
    private volatile boolean closed;

    MambaConsumer(MambaSession session, Receiver receiver, Destination destination, Source source) {
        this.session = session;
        this.receiver = receiver;
        this.destination = destination;
        this.source = source;
    }

    private interface Take {
        @Nullable
        Delivery from(Receiver receiver);
    }

    private void checkOpen() throws JMSException {
        if (closed || session.isClosed()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The consumer is closed.");
        }
    }

    @Override
    public @Nullable Message receive() throws JMSException {
        return receive(0);
    }

    @Override
    public @Nullable Message receive(long timeout) throws JMSException {
        return receive(waiting(timeout));
    }

    @Override
    public @Nullable Message receiveNoWait() throws JMSException {
        return receive(Receiver::receiveNow);
    }

    /** As receive, for the body alone. */
    <T> @Nullable T receiveBody(Class<T> wanted, long timeout) throws JMSException {
        return body(wanted, waiting(timeout));
    }

    <T> @Nullable T receiveBodyNoWait(Class<T> wanted) throws JMSException {
        return body(wanted, Receiver::receiveNow);
    }

    private static Take waiting(long timeout) throws JMSException {
        if (timeout < 0) {
            throw Errors.of(
                    ErrorCode.INVALID_ARGUMENT, "Expected a timeout of 0 (for ever) or more, but got " + timeout + ".");
        }
        return receiver -> receiver.receive(timeout == 0 || timeout > FOR_EVER ? null : Duration.ofMillis(timeout));
    }

    private @Nullable Message receive(Take take) throws JMSException {
        return receive(() -> {
            Delivery delivery = take.from(receiver);
            if (delivery == null) {
                return null;
            }
            MambaMessage message = session.message(delivery);
            session.settlement().received(delivery);
            return message;
        });
    }

    /** A call that closing waits for: what it has taken must be its caller's before the session gives back the rest. */
    private <T> @Nullable T receive(Errors.Call<T> call) throws JMSException {
        checkOpen();
        session.serverWork().checkUnused();
        synchronized (receives) {
            receiving++;
        }
        try {
            if (listener != null) {
                throw Errors.of(ErrorCode.ILLEGAL_STATE, "The consumer has a message listener; receive is not for it.");
            }
            return Errors.checked(call);
        } finally {
            synchronized (receives) {
                receiving--;
                receives.notifyAll();
            }
        }
    }

    private <T> @Nullable T body(@Nullable Class<T> wanted, Take take) throws JMSException {
        checkOpen();
        if (wanted == null) {
            throw Errors.of(ErrorCode.MESSAGE_FORMAT, "Expected the class of the body, but got null.");
        }
        return receive(() -> {
            Delivery delivery = take.from(receiver);
            if (delivery == null) {
                return null;
            }
            T body;
            try {
                body = body(wanted, session.message(delivery));
            } catch (JMSException e) {
                session.settlement().unreadable(delivery);
                throw e;
            }
            session.settlement().received(delivery);
            return body;
        });
    }

    /** MessageFormatException where there is none of that class, or an object that must or can not be read. */
    private static <T> T body(Class<T> wanted, MambaMessage message) throws JMSException {
        T body = message.hasBody(wanted) ? message.getBody(wanted) : null;
        if (body == null) {
            throw Errors.of(ErrorCode.MESSAGE_FORMAT, message + " has no body that is a " + wanted.getName() + ".");
        }
        return body;
    }

    @Override
    public @Nullable MessageListener getMessageListener() throws JMSException {
        checkOpen();
        session.checkPermission(Permission.MESSAGE_LISTENER);
        return listener;
    }

    @Override
    public void setMessageListener(@Nullable MessageListener listener) throws JMSException {
        checkOpen();
        session.checkPermission(Permission.MESSAGE_LISTENER);
        session.serverWork().checkUnused();
        MessageListener before = this.listener;
        this.listener = listener;
        if (isReceiving()) {
            this.listener = before;
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The consumer is being used to receive.");
        }
        Errors.check(() -> {
            if (listener == null) {
                receiver.sink(null);
            } else if (before == null) {
                receiver.sink(delivery -> session.dispatch().offer(this, delivery));
                receiver.demand();
            }
        });
    }

    @Override
    public @Nullable MessageListener activeListener() {
        return closed ? null : listener;
    }

    /** Takes what waits already without a detour; asks for what comes. */
    void demandNext() {
        if (activeListener() != null && !receiver.isClosed()) {
            Delivery waiting = null;
            try {
                waiting = receiver.take();
            } catch (MambaException refused) {
                LOG.log(System.Logger.Level.WARNING, "The next message comes later: " + refused.getMessage());
            }
            if (waiting == null) {
                receiver.demand();
            } else {
                session.dispatch().offer(this, waiting);
            }
        }
    }

    @Override
    public @Nullable String getMessageSelector() throws JMSException {
        checkOpen();
        return source.selector() == null ? null : source.selector().text();
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        if (destination instanceof Queue queue && source.destination().kind().isQueue()) {
            return queue;
        }
        throw Errors.of(ErrorCode.ILLEGAL_STATE, "This consumer receives from a topic.");
    }

    @Override
    public Topic getTopic() throws JMSException {
        checkOpen();
        if (destination instanceof Topic topic && !source.destination().kind().isQueue()) {
            return topic;
        }
        throw Errors.of(ErrorCode.ILLEGAL_STATE, "This consumer receives from a queue.");
    }

    @Override
    public boolean getNoLocal() throws JMSException {
        checkOpen();
        return source.noLocal();
    }

    private boolean isReceiving() {
        synchronized (receives) {
            return receiving > 0;
        }
    }

    /** A listener may close its own consumer; others wait until it has returned. */
    @Override
    public void close() throws JMSException {
        Errors.check(() -> {
            end();
            awaitReceives();
            session.dispatch().awaitIdle(this);
            session.forget(this);
        });
    }

    /** After {@link #end}: until the last receive has returned, with its message or without. */
    void awaitReceives() {
        synchronized (receives) {
            Waiting.until(receives, () -> receiving == 0);
        }
    }

    /** Frees a blocked receive and takes no more messages; does not wait for a listener. */
    void end() {
        closed = true;
        receiver.close();
    }
}
