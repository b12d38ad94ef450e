package io.mamba.queue;

import java.util.List;

/** Logged events as bytes, versioned; soft events and Enqueued are refused. Specified in docs/log-format.md. */
public final class QueueEventCodec {
    private QueueEventCodec() {}

    public static byte[] encode(List<QueueEvent> events) {
        throw new UnsupportedOperationException("under construction");
    }

    public static List<QueueEvent> decode(byte[] bytes) {
        throw new UnsupportedOperationException("under construction");
    }
}
