package io.mamba.jms;

import io.mamba.message.Address;
import jakarta.jms.Queue;

/** A queue by name; bean-constructible, so that it can be an administered object. */
public non-sealed class MambaQueue extends MambaDestination implements Queue {
    private static final long serialVersionUID = 1L;

    /** For beans and references; {@link #setName} must follow. */
    public MambaQueue() {
        this("");
    }

    public MambaQueue(String name) {
        this(Address.Kind.QUEUE, name);
    }

    MambaQueue(Address.Kind kind, String name) {
        super(kind, name);
    }

    @Override
    public String getQueueName() {
        return getName();
    }
}
