package io.mamba.node;

import io.mamba.message.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * A message that a holder has taken from a lane.
 *
 * @param attempt what its delivery count will be when it is handed out
 * @param message the message if it was at hand; else it is read from the log
 */
public record Acquired(
        Lane lane, long position, int attempt, @Nullable Envelope message) {}
