package io.mamba.ra.inbound;

import io.mamba.MambaUrl;
import io.mamba.client.Client;
import io.mamba.client.Source;
import io.mamba.jms.MambaDestination;
import io.mamba.jms.message.AllowedClasses;
import io.mamba.jms.message.MessageFactory;
import io.mamba.message.Address;
import io.mamba.ra.ConnectionSettings;
import io.mamba.ra.LogAccess;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection to the log and the slots that use it: opened as a whole, closed as a whole, never repaired. It counts
 * the slots at work, so that closing can wait for them. Any thread may call.
 */
final class EndpointPool {
    private static final Logger LOG = System.getLogger(EndpointPool.class.getName());

    private final Activation activation;
    private final Client client;
    private final MessageFactory messages;
    private final List<Slot> slots = new ArrayList<>();

    private final Object lock = new Object();
    private int working;
    private boolean closing;

    private EndpointPool(Activation activation, Client client, MessageFactory messages) {
        this.activation = activation;
        this.client = client;
        this.messages = messages;
    }

    /** @throws io.mamba.MambaException as the client's open and receiver */
    static EndpointPool open(
            Activation activation,
            Address destination,
            ConnectionSettings factory,
            EndpointSettings settings,
            MessageEndpointFactory endpoints,
            ServerThreads threads) {
        LogAccess log = settings.connecting().own().orElse(factory.log());
        MambaUrl target = log.target();
        MessageFactory messages = new MessageFactory(
                MambaDestination::of,
                AllowedClasses.of(target.option("objectMessageAllow").orElse(null)));
        String own = factory.clientId();
        String clientId = own != null ? own : target.option("clientId").orElse(null);
        Client client = log.open(threads.lent());
        EndpointPool pool = new EndpointPool(activation, client, messages);
        try {
            Source source = settings.subscription().source(destination, settings.selector(), clientId);
            int count = settings.slots(source);
            for (int i = 0; i < count; i++) {
                pool.slots.add(
                        new Slot(pool, client, source, settings.redelivery(), endpoints, threads, settings.burst()));
            }
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        return pool;
    }

    MessageFactory messages() {
        return messages;
    }

    void start() {
        client.onFailure(this::failed);
        slots.forEach(Slot::start);
    }

    /** A slot begins to work; false if it must not, because the pool closes. */
    boolean enter() {
        synchronized (lock) {
            if (closing) {
                return false;
            }
            working++;
            return true;
        }
    }

    void leave() {
        synchronized (lock) {
            working--;
            lock.notifyAll();
        }
    }

    boolean isClosing() {
        synchronized (lock) {
            return closing;
        }
    }

    void failed(Throwable cause) {
        if (!isClosing()) {
            activation.failed(this, cause);
        }
    }

    /** Takes nothing more, waits for the slots at work, and gives everything back. */
    void close(Duration bound) {
        synchronized (lock) {
            closing = true;
        }
        slots.forEach(slot -> step(slot::stopReceiving));
        awaitIdle(bound);
        slots.forEach(slot -> step(slot::close));
        step(client::close);
    }

    /** A part of closing that fails, because the log has failed or the server is gone, must not keep the rest open. */
    private void step(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, () -> activation + " did not close cleanly.", e);
        }
    }

    private void awaitIdle(Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        boolean interrupted = false;
        synchronized (lock) {
            while (working > 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0 || interrupted) {
                    LOG.log(Level.WARNING, "{0} stops while {1} deliveries are in the bean.", activation, working);
                    break;
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return activation.toString();
    }
}
