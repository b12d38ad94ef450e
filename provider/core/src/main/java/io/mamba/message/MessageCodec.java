package io.mamba.message;

import io.mamba.log.LogRecord;

/** Envelope to record and back, without loss; the one place that knows the header names of docs/log-format.md. */
public final class MessageCodec {
    private MessageCodec() {}

    /** The record for the partition of the envelope's destination. */
    public static LogRecord encode(Envelope envelope) {
        throw new UnsupportedOperationException("under construction");
    }

    /**
     * The message in a record of {@code destination}'s partition. A record that some other program wrote is a message
     * too: BYTES, or TEXT where its content type says so; headers that are not Mamba's become String properties.
     */
    public static Envelope decode(LogRecord record, Address destination) {
        throw new UnsupportedOperationException("under construction");
    }
}
