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

    /**
     * The branch's messages are settled, or go back.
     *
     * @param availableAt in a shared log, when those that go back come again; 0 for at once, and in a log of one node
     */
    record Resolved(String branch, boolean commit, long availableAt) implements QueueEvent {
        public Resolved(String branch, boolean commit) {
            this(branch, commit, 0);
        }
    }

    /** The message went to the dead-letter queue in the same batch. */
    record Buried(long position) implements QueueEvent {}

    /** In a shared log it needs no claim: those that another member has claimed before stay. */
    record Expired(long[] positions) implements QueueEvent {}

    /**
     * A shared log's delivery mark: the member that writes it takes these messages, as far as they are AVAILABLE in the
     * log's order and no other member delivers from their group. About the others it says nothing.
     *
     * @param delivers whether they are to be handed out: then it raises their counts; else they are only to be moved away
     */
    record Claimed(long[] positions, boolean delivers) implements QueueEvent {}

    /**
     * In a shared log: those of these messages that the writing member holds, and has not prepared, are AVAILABLE again.
     *
     * @param availableAt not before this time, in milliseconds since the epoch; 0 for at once
     * @param cause why a listener failed, for the dead-letter queue
     * @param unread nobody has seen them: their counts are as before the claim
     */
    record GivenBack(
            long[] positions, long availableAt, @Nullable String cause, boolean unread) implements QueueEvent {}

    /**
     * A member has left a shared log: what it held and has not prepared is AVAILABLE again, with the count it has. One
     * record tells all lanes, so it is not among the events of a lane.
     */
    record Gone(long member) implements QueueEvent {}

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

    /** AVAILABLE to CLAIMING. */
    record Claiming(long holder, long[] positions) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** CLAIMING to AVAILABLE: the claim was not written. */
    record ClaimRefused(long[] positions) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
        }
    }

    /** A message that was claimed is handed out. */
    record HandedOut(long position) implements QueueEvent {
        @Override
        public boolean soft() {
            return true;
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
