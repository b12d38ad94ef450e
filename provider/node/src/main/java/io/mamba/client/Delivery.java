package io.mamba.client;

import io.mamba.message.Envelope;

/** A message acquired by a session. Settled, failed or given back through the session, or put into a unit of work. */
public final class Delivery {
    Delivery() {}

    public Envelope message() {
        throw new UnsupportedOperationException("under construction");
    }

    /** JMSXDeliveryCount: 1 the first time. */
    public int attempt() {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * Writes the delivery mark, once: from now on the count includes this delivery, also if the process dies. Returns
     * when it is WRITTEN.
     */
    public void mark() {
        throw new UnsupportedOperationException("under construction");
    }
}
