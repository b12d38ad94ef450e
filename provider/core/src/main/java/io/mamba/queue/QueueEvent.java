package io.mamba.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What changed. Applied by {@link QueueState#apply} only, live and on replay alike. */
public sealed interface QueueEvent {
    /** Soft events are never logged: after replay what they did is as if it had not been. */
    default boolean soft() {
        return false;
    }

    /**
     * A message of the data partition belongs to this lane. Not logged by the lane: the data partition is the log of it.
     * Applying one whose position the lane holds already changes nothing.
     *
     * @param group a 64-bit hash of JMSXGroupID, 0 for none
     * @param deliverAt milliseconds since the epoch, 0 for at once
     * @param expireAt milliseconds since the epoch, 0 for never
     * @param matches numbers of the registered selectors that match
     */
    record Enqueued(long position, int priority, long group, long deliverAt, long expireAt, int[] matches)
            implements QueueEvent {}

    /** The message was handed out; {@code count} is its delivery count from now on. */
    record Delivered(long position, int count) implements QueueEvent {}

    record Settled(long[] positions) implements QueueEvent {}

    record Prepared(String branch, long[] positions) implements QueueEvent {}

    /** The branch's messages are settled, or go back. */
    record Resolved(String branch, boolean commit) implements QueueEvent {}

    /** The message went to the dead-letter queue in the same batch. */
    record Buried(long position) implements QueueEvent {}

    record Expired(long[] positions) implements QueueEvent {}

    /**
     * Messages that this lane had done with wait in it again, as if they had just come: never delivered, in their old place.
     * Logged with all that the lane knows of a message, so that replay needs no old data record. One that the lane
     * holds already stays as it is.
     *
     * @param messages their {@code matches} are not logged: whoever applies it live evaluates selectors anew
     */
    record Requeued(List<Enqueued> messages) implements QueueEvent {
        public Requeued {
            messages = List.copyOf(messages);
        }
    }

    /** AVAILABLE to ACQUIRED. */
    record Acquired(long holder, long[] positions) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /**
     * ACQUIRED to AVAILABLE, not before {@code availableAt} (milliseconds since the epoch, 0 for at once). Also COMMITTING
     * to AVAILABLE, when the expiry, burial or purge that was being written was refused.
     */
    record Released(
            long position, long availableAt, @Nullable String cause) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /**
     * ACQUIRED to COMMITTING, while a commit or prepare is being written; AVAILABLE to COMMITTING, while an expiry, burial
     * or purge is.
     */
    record Committing(long[] positions) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** COMMITTING to ACQUIRED (of {@code holder}): the write was refused. */
    record Reacquired(long holder, long[] positions) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** Delays and back-offs up to this time have ended. */
    record Ticked(long now) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** A newly registered selector's result for a waiting message. */
    record Matched(int selector, long position) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /**
     * What an acquire learned on its way, so that the next one need not learn it again.
     *
     * @param found by priority, the position before which the selector's receivers find nothing; -1 for not looked
     * @param parked messages of blocked groups that were met: set aside until their group is free
     */
    record Scanned(int selector, long[] found, long[] parked) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** The branch is being rolled back. Its messages then back off, counted from this time; 0 if they do not. */
    record BackingOff(String branch, long from) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }
}
