package io.mamba.jms.message;

import jakarta.jms.JMSException;

/** What {@code Message.acknowledge()} of a received message does. */
@FunctionalInterface
public interface Acknowledgement {
    /** For a message that nobody waits for: one made here, or one whose container acknowledges. */
    Acknowledgement NONE = () -> {};

    void acknowledge() throws JMSException;
}
