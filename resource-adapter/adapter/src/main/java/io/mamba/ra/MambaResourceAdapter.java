package io.mamba.ra;

import io.mamba.ra.inbound.MambaActivationSpec;
import io.mamba.thread.Threads;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.Objects;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Mamba in an application server. Starting it opens nothing: some servers start adapters, and even activate endpoints,
 * before their properties are set. Equal by configuration.
 */
public final class MambaResourceAdapter extends LogProperties implements ResourceAdapter {
    private static final long serialVersionUID = 1L;

    private transient @Nullable RunningAdapter running;
    private transient boolean stopped;

    /** Which log, and as whom, where connection factories and endpoints leave it open. */
    public LogAccess log() {
        return access();
    }

    /** Those in which a log that is opened now does its own work; null, for threads of Mamba's own, before the adapter starts. */
    public synchronized @Nullable Threads threads() {
        return running == null ? null : running.threads();
    }

    /** The log is in use by connections: stays open until the adapter stops, whatever the server's pool does. */
    public void keepOpen() {
        RunningAdapter adapter;
        synchronized (this) {
            adapter = running;
        }
        if (adapter != null) {
            adapter.recovery();
        }
    }

    /**
     * This one uses the log until it is forgotten, or until the adapter stops.
     *
     * @throws ResourceException if the adapter has stopped
     */
    public void usedBy(AdapterUser user) throws ResourceException {
        RunningAdapter adapter;
        synchronized (this) {
            if (stopped) {
                throw new ResourceException("Mamba's resource adapter is stopped.");
            }
            adapter = running;
        }
        if (adapter != null) {
            adapter.usedBy(user);
        }
    }

    @Override
    public synchronized void start(BootstrapContext context) throws ResourceAdapterInternalException {
        if (running != null) {
            throw new ResourceAdapterInternalException("Mamba's resource adapter is started already.");
        }
        RunningAdapter started = new RunningAdapter(context, this::log);
        started.start();
        running = started;
        stopped = false;
    }

    @Override
    public void stop() {
        RunningAdapter last;
        synchronized (this) {
            last = running;
            running = null;
            stopped = true;
        }
        if (last != null) {
            last.stop();
        }
    }

    /** Checks what the activation says, records it and returns; the log is opened by another thread. */
    @Override
    public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec) throws ResourceException {
        if (!(spec instanceof MambaActivationSpec mamba)) {
            throw new NotSupportedException("Expected an activation of " + MambaActivationSpec.class.getName()
                    + ", but it is of " + spec.getClass().getName() + ".");
        }
        mamba.validate();
        running().activate(endpoints, mamba);
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
        RunningAdapter adapter;
        synchronized (this) {
            adapter = running;
        }
        if (adapter != null) {
            adapter.deactivate(spec);
        }
    }

    /** One, whatever the activations: any of Mamba's XA resources lists and finishes all branches of the log. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) throws ResourceException {
        return new XAResource[] {running().recovery()};
    }

    private synchronized RunningAdapter running() throws ResourceException {
        if (running == null) {
            throw new ResourceException("Mamba's resource adapter is not started.");
        }
        return running;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MambaResourceAdapter adapter && log().equals(adapter.log());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(log());
    }
}
