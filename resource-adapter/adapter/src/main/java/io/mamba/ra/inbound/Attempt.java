package io.mamba.ra.inbound;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.client.ClientSession;
import io.mamba.client.Delivery;
import io.mamba.client.UnitOfWork;
import io.mamba.jms.message.Acknowledgement;
import io.mamba.jms.message.MessageFactory;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.List;

/**
 * One delivery of one message to an endpoint, on one thread. Inside a transaction the message is in the branch's unit of
 * work before the bean sees it, and the transaction decides; without one it is settled when the bean has returned. What
 * becomes of the message is one value, acted on in one place.
 */
final class Attempt {
    private static final Logger LOG = System.getLogger(Attempt.class.getName());
    private static final Method ON_MESSAGE = onMessage();

    private enum Fate {
        /** The bean has not seen it. */
        UNREAD,
        /** The transaction settles it or gives it back. */
        IN_TRANSACTION,
        PROCESSED,
        FAILED
    }

    private final MessageEndpoint endpoint;
    private final ClientSession session;
    private final boolean transacted;
    private final MessageFactory messages;
    private final Delivery delivery;

    private Fate fate = Fate.UNREAD;
    private String cause = "";
    private boolean fit = true;

    /** @param transacted whether the server promises a transaction around the bean */
    Attempt(
            MessageEndpoint endpoint,
            ClientSession session,
            boolean transacted,
            MessageFactory messages,
            Delivery delivery) {
        this.endpoint = endpoint;
        this.session = session;
        this.transacted = transacted;
        this.messages = messages;
        this.delivery = delivery;
    }

    /**
     * @return whether the endpoint can take another message; false if the server failed, not the bean
     * @throws MambaException if the log failed
     */
    boolean run() {
        boolean begun = false;
        try {
            endpoint.beforeDelivery(ON_MESSAGE);
            begun = true;
            handOver();
        } catch (NoSuchMethodException | ResourceException | RuntimeException e) {
            fit = false;
            LOG.log(Level.WARNING, "Expected to deliver " + name() + ", but could not.", e);
        } finally {
            if (begun) {
                afterDelivery();
            }
            settle();
        }
        return fit;
    }

    private void handOver() {
        UnitOfWork branch = session.branch();
        if (transacted && branch == null) {
            throw new IllegalStateException(
                    "The server says that the bean is transacted but has not enlisted the message's XA resource.");
        }
        delivery.mark();
        Message message;
        try {
            message = messages.received(delivery.message(), delivery.attempt(), Acknowledgement.NONE);
        } catch (MambaException e) {
            if (e.code() != ErrorCode.MESSAGE_FORMAT) {
                throw e;
            }
            failed("the message cannot be read: " + e.getMessage());
            return;
        }
        if (branch == null) {
            fate = Fate.PROCESSED;
        } else {
            branch.add(delivery);
            fate = Fate.IN_TRANSACTION;
            branch.failure(FailureText.ROLLED_BACK);
        }
        try {
            ((MessageListener) endpoint).onMessage(message);
        } catch (RuntimeException | Error e) { // a bean's error is the message's failure, not the thread's
            LOG.log(Level.DEBUG, "The bean failed with " + name(), e);
            if (branch == null) {
                failed(FailureText.of(e));
            } else {
                tell(branch, FailureText.of(e));
            }
        }
    }

    /** The transaction may be over already: timed out, or rolled back where the bean threw. */
    private static void tell(UnitOfWork branch, String text) {
        try {
            branch.failure(text);
        } catch (MambaException e) {
            LOG.log(Level.DEBUG, "The transaction ended before its failure was told: {0}", e.getMessage());
        }
    }

    private void failed(String text) {
        fate = Fate.FAILED;
        cause = text;
    }

    private void afterDelivery() {
        try {
            endpoint.afterDelivery();
        } catch (ResourceException | RuntimeException e) {
            fit = false;
            LOG.log(Level.WARNING, "The server failed after the delivery of " + name() + ".", e);
            if (fate == Fate.PROCESSED) {
                failed(FailureText.of(e));
            }
        }
    }

    private void settle() {
        List<Delivery> one = List.of(delivery);
        switch (fate) {
            case UNREAD -> session.giveBack(one);
            case PROCESSED -> session.settle(one, false);
            case FAILED -> session.fail(one, cause);
            case IN_TRANSACTION -> {
                // commit and rollback of the branch do it
            }
        }
    }

    static boolean isTransacted(MessageEndpointFactory endpoints) {
        try {
            return endpoints.isDeliveryTransacted(ON_MESSAGE);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("The bean has no onMessage", e);
        }
    }

    /** There is no endpoint to try it with. */
    static void giveBack(ClientSession session, Delivery delivery) {
        session.giveBack(List.of(delivery));
    }

    private String name() {
        return delivery.message().id() + " from " + delivery.message().destination();
    }

    private static Method onMessage() {
        try {
            return MessageListener.class.getMethod("onMessage", Message.class);
        } catch (NoSuchMethodException e) {
            throw new LinkageError("jakarta.jms.MessageListener has no onMessage", e);
        }
    }
}
