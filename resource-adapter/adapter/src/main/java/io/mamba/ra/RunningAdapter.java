package io.mamba.ra;

import io.mamba.ra.inbound.Activation;
import io.mamba.ra.inbound.MambaActivationSpec;
import io.mamba.ra.inbound.ServerThreads;
import io.mamba.thread.OwnThreads;
import io.mamba.thread.Threads;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * What lives from start to stop of the resource adapter: its activations, by identity of their specs (servers reuse
 * activation names), its timer and its part in recovery. Any thread may call.
 */
final class RunningAdapter {
    private static final Duration BEGIN_BOUND = Duration.ofSeconds(5);

    private final BootstrapContext context;
    private final Supplier<LogAccess> log;
    private final RecoveryResource recovery;
    private final IdentityHashMap<ActivationSpec, Activation> activations = new IdentityHashMap<>();
    /** Weakly held: the server's pool says when one is done with. */
    private final Set<AdapterUser> users = Collections.newSetFromMap(new WeakHashMap<>());

    private final StandIn registered;
    /** Those in which the log does its own work. */
    private final WorkThreads lent;

    private final Object stopping = new Object();
    private @Nullable ServerThreads threads;
    private boolean stopped;

    RunningAdapter(BootstrapContext context, Supplier<LogAccess> log) {
        this.context = context;
        this.log = log;
        this.lent = new WorkThreads(context, BEGIN_BOUND, this::released);
        this.recovery = new RecoveryResource(log, lent);
        this.registered = new StandIn(recovery);
    }

    void start() {
        ArchiveClasses.load();
        if (PayaraRecovery.register(registered)) {
            recovery.bePatient();
        }
    }

    void activate(MessageEndpointFactory endpoints, MambaActivationSpec spec) throws ResourceException {
        Activation activation;
        synchronized (this) {
            if (stopped) {
                throw new ResourceException("Mamba's resource adapter is stopped.");
            }
            if (activations.containsKey(spec)) {
                throw new ResourceException("This endpoint is active already.");
            }
            if (threads == null) {
                threads = ServerThreads.of(context, lent);
            }
            activation = new Activation(endpoints, spec.settings(), log::get, threads);
            activations.put(spec, activation);
        }
        activation.start();
    }

    void deactivate(ActivationSpec spec) {
        Activation activation;
        synchronized (this) {
            activation = activations.remove(spec);
        }
        if (activation != null) {
            activation.stop();
        }
    }

    void usedBy(AdapterUser user) throws ResourceException {
        synchronized (this) {
            if (!stopped) {
                users.add(user);
                return;
            }
        }
        throw new ResourceException("Mamba's resource adapter is stopped.");
    }

    Threads threads() {
        return lent;
    }

    XAResource recovery() {
        return recovery.current();
    }

    /** The server wants its threads back before it stops the adapter: the log ends in good order, and with it its works. */
    private void released() {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        OwnThreads.thread(this::stop).start();
    }

    /** The server tells it to, or wants the log's threads back; whoever comes second waits for the first. */
    void stop() {
        synchronized (stopping) {
            end();
        }
    }

    private void end() {
        List<Activation> left;
        List<AdapterUser> using;
        ServerThreads last;
        synchronized (this) {
            stopped = true;
            left = new ArrayList<>(activations.values());
            activations.clear();
            using = new ArrayList<>(users);
            users.clear();
            last = threads;
            threads = null;
        }
        left.forEach(Activation::stop);
        if (last != null) {
            last.cancel();
        }
        using.forEach(AdapterUser::adapterStopped);
        registered.end();
        recovery.close();
    }
}
