package io.mamba.jms;

import io.mamba.ErrorCode;
import io.mamba.jms.error.Errors;
import io.mamba.jms.message.ForeignMessages;
import io.mamba.jms.message.MambaMessage;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A producer, with a destination of its own or without. The hint to leave out message ids is taken, the one to leave out
 * timestamps is not: JMSTimestamp is always set.
 */
public final class MambaProducer implements QueueSender, TopicPublisher {
    private final MambaSession session;
    private final @Nullable Destination destination;

    private boolean disableMessageId;
    private boolean disableMessageTimestamp;
    private int deliveryMode = Message.DEFAULT_DELIVERY_MODE;
    private int priority = Message.DEFAULT_PRIORITY;
    private long timeToLive = Message.DEFAULT_TIME_TO_LIVE;
    private long deliveryDelay = Message.DEFAULT_DELIVERY_DELAY;
    private volatile boolean closed;

    MambaProducer(MambaSession session, @Nullable Destination destination) {
        this.session = session;
        this.destination = destination;
    }

    /** What a send says about its message. */
    private record Quality(int deliveryMode, int priority, long timeToLive) {
        private Quality {
            if (deliveryMode != DeliveryMode.PERSISTENT && deliveryMode != DeliveryMode.NON_PERSISTENT) {
                throw new io.mamba.MambaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Expected a delivery mode of 1 (NON_PERSISTENT) or 2 (PERSISTENT), but got " + deliveryMode
                                + ".");
            }
            if (priority < 0 || priority > 9) {
                throw new io.mamba.MambaException(
                        ErrorCode.INVALID_ARGUMENT, "Expected a priority of 0 to 9, but got " + priority + ".");
            }
            if (timeToLive < 0) {
                throw new io.mamba.MambaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Expected a time to live of 0 (for ever) or more, but got " + timeToLive + ".");
            }
        }
    }

    private void checkOpen() throws JMSException {
        if (closed || session.isClosed()) {
            throw Errors.of(ErrorCode.ILLEGAL_STATE, "The producer is closed.");
        }
    }

    private Destination own() throws JMSException {
        checkOpen();
        if (destination == null) {
            throw new UnsupportedOperationException(
                    "This producer has no destination of its own; give one with each send.");
        }
        return destination;
    }

    private Destination given(@Nullable Destination to) throws JMSException {
        checkOpen();
        if (destination != null) {
            throw new UnsupportedOperationException(
                    "This producer sends to " + destination + " only; create one without destination.");
        }
        MambaDestination.own(to);
        return Objects.requireNonNull(to);
    }

    private static CompletionListener asynchronous(@Nullable CompletionListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("Expected a CompletionListener, but got null.");
        }
        return listener;
    }

    private Quality quality() {
        return new Quality(deliveryMode, priority, timeToLive);
    }

    private void dispatch(Destination to, @Nullable Message message, Quality quality, @Nullable CompletionListener done)
            throws JMSException {
        if (message == null) {
            throw Errors.of(ErrorCode.MESSAGE_FORMAT, "Expected a message, but got null.");
        }
        if (done != null) {
            session.checkPermission(Permission.ASYNC_SEND);
        }
        MambaMessage sent = ForeignMessages.own(message, session.connection().messages());
        long now = System.currentTimeMillis();
        sent.setJMSMessageID(disableMessageId ? null : MessageIds.next());
        sent.setJMSTimestamp(now);
        sent.setJMSDestination(to);
        sent.setJMSDeliveryMode(quality.deliveryMode());
        sent.setJMSPriority(quality.priority());
        sent.setJMSExpiration(session.clientSession()
                .expiration(
                        MambaDestination.own(to),
                        now + deliveryDelay,
                        quality.timeToLive() == 0 ? 0 : now + quality.timeToLive()));
        sent.setJMSDeliveryTime(now + deliveryDelay);
        Address reply = MambaDestination.reply(sent.getJMSReplyTo());
        Envelope envelope = sent.envelope(
                MambaDestination.own(to),
                reply,
                deliveryDelay > 0,
                session.connection().client().id());
        if (!sent.equals(message)) {
            ForeignMessages.headers(sent, message);
        }
        session.send(envelope, message, done);
    }

    @Override
    public void send(Message message) throws JMSException {
        Errors.check(() -> dispatch(own(), message, quality(), null));
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        Errors.check(() -> dispatch(own(), message, new Quality(deliveryMode, priority, timeToLive), null));
    }

    @Override
    public void send(Destination to, @Nullable Message message) throws JMSException {
        Errors.check(() -> dispatch(given(to), message, quality(), null));
    }

    @Override
    public void send(Destination to, Message message, int deliveryMode, int priority, long timeToLive)
            throws JMSException {
        Errors.check(() -> dispatch(given(to), message, new Quality(deliveryMode, priority, timeToLive), null));
    }

    @Override
    public void send(Message message, CompletionListener done) throws JMSException {
        Errors.check(() -> dispatch(own(), message, quality(), asynchronous(done)));
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive, CompletionListener done)
            throws JMSException {
        Errors.check(
                () -> dispatch(own(), message, new Quality(deliveryMode, priority, timeToLive), asynchronous(done)));
    }

    @Override
    public void send(Destination to, @Nullable Message message, CompletionListener done) throws JMSException {
        Errors.check(() -> dispatch(given(to), message, quality(), asynchronous(done)));
    }

    @Override
    public void send(
            Destination to, Message message, int deliveryMode, int priority, long timeToLive, CompletionListener done)
            throws JMSException {
        Errors.check(() ->
                dispatch(given(to), message, new Quality(deliveryMode, priority, timeToLive), asynchronous(done)));
    }

    @Override
    public void send(Queue to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void send(Queue to, Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        send((Destination) to, message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void publish(Message message) throws JMSException {
        send(message);
    }

    @Override
    public void publish(Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        send(message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void publish(Topic to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void publish(Topic to, Message message, int deliveryMode, int priority, long timeToLive)
            throws JMSException {
        send((Destination) to, message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void setDisableMessageID(boolean value) throws JMSException {
        checkOpen();
        disableMessageId = value;
    }

    @Override
    public boolean getDisableMessageID() throws JMSException {
        checkOpen();
        return disableMessageId;
    }

    @Override
    public void setDisableMessageTimestamp(boolean value) throws JMSException {
        checkOpen();
        disableMessageTimestamp = value;
    }

    @Override
    public boolean getDisableMessageTimestamp() throws JMSException {
        checkOpen();
        return disableMessageTimestamp;
    }

    private void set(Quality quality) {
        deliveryMode = quality.deliveryMode();
        priority = quality.priority();
        timeToLive = quality.timeToLive();
    }

    @Override
    public void setDeliveryMode(int deliveryMode) throws JMSException {
        checkOpen();
        Errors.check(() -> set(new Quality(deliveryMode, priority, timeToLive)));
    }

    @Override
    public int getDeliveryMode() throws JMSException {
        checkOpen();
        return deliveryMode;
    }

    @Override
    public void setPriority(int priority) throws JMSException {
        checkOpen();
        Errors.check(() -> set(new Quality(deliveryMode, priority, timeToLive)));
    }

    @Override
    public int getPriority() throws JMSException {
        checkOpen();
        return priority;
    }

    @Override
    public void setTimeToLive(long timeToLive) throws JMSException {
        checkOpen();
        Errors.check(() -> set(new Quality(deliveryMode, priority, timeToLive)));
    }

    @Override
    public long getTimeToLive() throws JMSException {
        checkOpen();
        return timeToLive;
    }

    @Override
    public void setDeliveryDelay(long deliveryDelay) throws JMSException {
        checkOpen();
        if (deliveryDelay < 0) {
            throw Errors.of(
                    ErrorCode.INVALID_ARGUMENT, "Expected a delay of 0 or more, but got " + deliveryDelay + ".");
        }
        this.deliveryDelay = deliveryDelay;
    }

    @Override
    public long getDeliveryDelay() throws JMSException {
        checkOpen();
        return deliveryDelay;
    }

    @Override
    public @Nullable Destination getDestination() throws JMSException {
        checkOpen();
        return destination;
    }

    @Override
    public @Nullable Queue getQueue() throws JMSException {
        return (Queue) getDestination();
    }

    @Override
    public @Nullable Topic getTopic() throws JMSException {
        return (Topic) getDestination();
    }

    /** Waits for completion listeners, as the API demands; nothing else is held here. */
    @Override
    public void close() throws JMSException {
        session.checkNotInCompletion("close its producer");
        if (!closed) {
            closed = true;
            session.awaitCompletions();
        }
    }
}
