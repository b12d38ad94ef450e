package io.mamba.client;

import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.node.Acquired;
import io.mamba.node.Lane;
import io.mamba.node.Node;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message acquired by a session. Settled, failed or given back through the session, or put into a unit of work. Used
 * by one thread at a time.
 */
public final class Delivery {
    private final ClientSession session;
    private final Acquired acquired;
    private final Function<Acquired, @Nullable Envelope> bodies;
    private final long round;
    private @Nullable Envelope message;
    private boolean marked;

    /** @param bodies reads the message if it is not at hand; null if it is gone */
    Delivery(ClientSession session, Acquired acquired, Function<Acquired, @Nullable Envelope> bodies) {
        this.session = session;
        this.acquired = acquired;
        this.bodies = bodies;
        this.message = acquired.message();
        this.round = session.round();
    }

    /**
     * The message; read from the log at the first call if it is not at hand.
     *
     * @throws io.mamba.MambaException as {@link Node#read}
     */
    public Envelope message() {
        Envelope there = find();
        return there == null ? session.node().read(lane(), position()) : there; // or that says why not
    }

    /** As {@link #message}; null if the log does not have it any more. */
    @Nullable
    Envelope find() {
        if (message == null) {
            message = bodies.apply(acquired);
        }
        return message;
    }

    /** Whether its session has given older messages back since it took this one. */
    public boolean isOvertaken() {
        return round != session.round();
    }

    /** The queue or topic it was received from. */
    public Address source() {
        return acquired.lane().id().destination().whole();
    }

    /** JMSXDeliveryCount: 1 the first time. */
    public int attempt() {
        return acquired.attempt();
    }

    /**
     * Writes the delivery mark, once: from now on the count includes this delivery, also if the process dies. Returns
     * when it is WRITTEN.
     */
    public void mark() {
        if (!marked) {
            session.node().mark(acquired.lane(), session.holder(), acquired.position());
            marked = true;
        }
    }

    Acquired acquired() {
        return acquired;
    }

    ClientSession session() {
        return session;
    }

    Lane lane() {
        return acquired.lane();
    }

    long position() {
        return acquired.position();
    }
}
