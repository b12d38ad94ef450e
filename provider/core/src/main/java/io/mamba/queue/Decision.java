package io.mamba.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a command. The caller applies {@code soft} at once, appends {@code events} (and, in the same batch,
 * for each burial a copy of the message to the dead-letter queue and its Buried event, which stands in events), and
 * applies them when the log has accepted the batch; if it refuses, it sends {@link QueueCommand.Refused} for what is
 * COMMITTING: what the {@link QueueEvent.Committing} events in {@code soft} name, whatever the command was.
 *
 * @param acquired for Acquire: what was taken; empty otherwise
 */
public record Decision(
        List<QueueEvent> soft, List<QueueEvent> events, List<Burial> burials, List<Acquisition> acquired) {
    public static final Decision NOTHING = new Decision(List.of(), List.of(), List.of(), List.of());

    /** A message taken. {@code attempt} is what JMSXDeliveryCount will be when it is handed out. */
    public record Acquisition(long position, int attempt) {}

    /** A message to be moved to the dead-letter queue. */
    public record Burial(
            long position, int attempts, @Nullable String cause) {}
}
