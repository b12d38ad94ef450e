package io.mamba.node;

import io.mamba.message.Envelope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The youngest messages of a partition and those read last, so that what is consumed soon is not read again. Owned by the partition's inbox. */
final class EnvelopeCache {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int OVERHEAD = 400;

    private final Map<Long, Envelope> messages = new LinkedHashMap<>();
    private int bytes;

    void put(long position, Envelope message) {
        remove(position);
        messages.put(position, message);
        bytes += size(message);
        var eldest = messages.entrySet().iterator();
        while (bytes > MAX_BYTES && eldest.hasNext()) {
            bytes -= size(eldest.next().getValue());
            eldest.remove();
        }
    }

    @Nullable
    Envelope get(long position) {
        return messages.get(position);
    }

    void remove(long position) {
        Envelope gone = messages.remove(position);
        if (gone != null) {
            bytes -= size(gone);
        }
    }

    private static int size(Envelope message) {
        byte[] body = message.body();
        return OVERHEAD + (body == null ? 0 : body.length);
    }
}
