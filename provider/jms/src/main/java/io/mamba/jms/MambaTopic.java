package io.mamba.jms;

import io.mamba.message.Address;
import jakarta.jms.Topic;

/** A topic by name; bean-constructible, so that it can be an administered object. */
public non-sealed class MambaTopic extends MambaDestination implements Topic {
    private static final long serialVersionUID = 1L;

    /** For beans and references; {@link #setName} must follow. */
    public MambaTopic() {
        this("");
    }

    public MambaTopic(String name) {
        this(Address.Kind.TOPIC, name);
    }

    MambaTopic(Address.Kind kind, String name) {
        super(kind, name);
    }

    @Override
    public String getTopicName() {
        return getName();
    }
}
