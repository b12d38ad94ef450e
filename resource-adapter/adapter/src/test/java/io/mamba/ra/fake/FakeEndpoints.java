package io.mamba.ra.fake;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;

/** A message-driven bean in its container: with transactions of its own or without, with faults on demand. */
public final class FakeEndpoints implements MessageEndpointFactory {
    /** What the bean does. */
    public interface Bean {
        void onMessage(Message message) throws JMSException;
    }

    private final Bean bean;
    private final boolean transacted;
    private final AtomicInteger withoutTransaction = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger failingBefore = new AtomicInteger();
    private final AtomicInteger failingAfter = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    private FakeEndpoints(Bean bean, boolean transacted) {
        this.bean = bean;
        this.transacted = transacted;
    }

    public static FakeEndpoints transacted(Bean bean) {
        return new FakeEndpoints(bean, true);
    }

    public static FakeEndpoints untransacted(Bean bean) {
        return new FakeEndpoints(bean, false);
    }

    /** The next n endpoints cannot be had yet. */
    public FakeEndpoints unavailable(int n) {
        unavailable.set(n);
        return this;
    }

    public FakeEndpoints failBefore(int n) {
        failingBefore.set(n);
        return this;
    }

    public FakeEndpoints failAfter(int n) {
        failingAfter.set(n);
        return this;
    }

    /** In the next n deliveries the transaction that was promised is not there. */
    public FakeEndpoints forgetTransaction(int n) {
        withoutTransaction.set(n);
        return this;
    }

    /** Endpoints made and not yet released. */
    public int open() {
        return open.get();
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
        if (takes(unavailable)) {
            throw new UnavailableException("the application is starting");
        }
        open.incrementAndGet();
        return new Endpoint(resource);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) throws UnavailableException {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return transacted;
    }

    @Override
    public String getActivationName() {
        return "bean";
    }

    @Override
    public Class<?> getEndpointClass() {
        return Bean.class;
    }

    private static boolean takes(AtomicInteger faults) {
        return faults.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    /** One instance. */
    private final class Endpoint implements MessageEndpoint, MessageListener {
        private final XAResource resource;

        Endpoint(XAResource resource) {
            this.resource = resource;
        }

        @Override
        public void beforeDelivery(Method method) throws ResourceException {
            if (takes(failingBefore)) {
                throw new ResourceException("no transaction now");
            }
            if (transacted && !takes(withoutTransaction)) {
                FakeTransaction.begin().enlist(resource);
            }
        }

        @Override
        public void onMessage(Message message) {
            try {
                bean.onMessage(message);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            } catch (RuntimeException e) {
                FakeTransaction transaction = FakeTransaction.current();
                if (transaction != null) {
                    transaction.setRollbackOnly();
                }
                throw e;
            }
        }

        @Override
        public void afterDelivery() throws ResourceException {
            FakeTransaction transaction = FakeTransaction.current();
            if (transaction != null) {
                transaction.end();
            }
            if (takes(failingAfter)) {
                throw new ResourceException("the server failed afterwards");
            }
        }

        @Override
        public void release() {
            open.decrementAndGet();
        }
    }
}
