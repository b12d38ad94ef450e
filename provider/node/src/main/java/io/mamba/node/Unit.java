package io.mamba.node;

import io.mamba.log.LogRecord;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sends and takes of one transaction, until it is committed, prepared or rolled back. Not thread-safe. */
public final class Unit {
    /** Messages of one lane with one holder. */
    record Taken(Lane lane, long holder) {}

    private final Node node;
    private final List<LogRecord> sends = new ArrayList<>();
    private final Map<Taken, List<Long>> taken = new LinkedHashMap<>();
    private @Nullable String failure;

    Unit(Node node) {
        this.node = node;
    }

    public void send(Envelope message) {
        node.owner(message.destination());
        sends.add(MessageCodec.encode(message));
    }

    public void take(Lane lane, long holder, long position) {
        taken.computeIfAbsent(new Taken(lane, holder), key -> new ArrayList<>()).add(position);
    }

    /** Why it will be rolled back. */
    public void failure(String cause) {
        failure = cause;
    }

    public boolean isEmpty() {
        return sends.isEmpty() && taken.isEmpty();
    }

    @Nullable
    String failure() {
        return failure;
    }

    List<LogRecord> sends() {
        return sends;
    }

    Map<Taken, long[]> taken() {
        Map<Taken, long[]> positions = new LinkedHashMap<>();
        taken.forEach((key, list) ->
                positions.put(key, list.stream().mapToLong(Long::longValue).toArray()));
        return positions;
    }
}
