package io.mamba.queue;

import org.jspecify.annotations.Nullable;

/**
 * A message that could be delivered next, ordered as messages are delivered: highest priority first, then by position.
 *
 * @param touched null for an untouched one
 * @param parkable whether a scan met it, so that it can be set aside if its group is blocked
 */
record Candidate(
        int priority,
        long position,
        int group,
        long expireAt,
        @Nullable Touched touched,
        boolean parkable) implements Comparable<Candidate> {
    static Candidate of(Chunk chunk, int slot, boolean parkable) {
        return new Candidate(
                chunk.priority, chunk.position(slot), chunk.group(slot), chunk.expiryOf(slot), null, parkable);
    }

    static Candidate of(Touched message) {
        return new Candidate(message.priority, message.position, message.group, message.expireAt, message, false);
    }

    /** How often it has been handed out. */
    int count() {
        return touched == null ? 0 : touched.count;
    }

    boolean expired(long now) {
        return expireAt != 0 && expireAt <= now;
    }

    @Override
    public int compareTo(Candidate other) {
        return priority != other.priority
                ? Integer.compare(other.priority, priority)
                : Long.compare(position, other.position);
    }
}
