package io.mamba.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a lane. A holder is a session: what it acquired is its own until settled or released. */
public sealed interface QueueCommand {
    /**
     * Take up to {@code max} deliverable messages, highest priority first, then by position. A group of which a message
     * is with another holder, in a unit under way, prepared or backing off is passed over. In a shared log they are the
     * holder's once the claim has come back by the log and has won; one that was handed out before is taken alone, as it
     * may be the one that kills its process.
     *
     * @param selector a registered selector's number, or {@link QueueState#NO_SELECTOR}
     */
    record Acquire(long holder, int selector, int max) implements QueueCommand {}

    /** The holder is about to hand this acquired message out: writes the delivery mark, which raises the count. */
    record Mark(long holder, long position) implements QueueCommand {}

    /** These acquired messages are done with, outside any unit of work. */
    record Settle(long holder, long[] positions) implements QueueCommand {}

    /**
     * These acquired messages come back, in order. One whose count has reached the limit is buried.
     *
     * @param cause why a listener failed; null where they are only given back
     * @param backOff whether they wait before the next delivery (first redelivery at once, then growing)
     */
    record Release(long holder, long[] positions, @Nullable String cause, boolean backOff) implements QueueCommand {}

    /** Everything the holder has acquired (not what is in a unit under way or prepared) comes back. */
    record ReleaseAll(long holder) implements QueueCommand {}

    /** These acquired messages, not marked yet, go on to another holder: nobody else sees them meanwhile. */
    record HandOver(long holder, long[] positions, long to) implements QueueCommand {}

    /** A local commit is being written: the decision's events are Settled; the soft event locks the messages. */
    record Commit(long holder, long[] positions) implements QueueCommand {}

    /** An XA prepare is being written: the decision's events are Prepared. */
    record Prepare(long holder, String branch, long[] positions) implements QueueCommand {}

    /**
     * What was being written was refused by the log and nothing of it is there. A commit or prepare: back to ACQUIRED, of
     * this holder. An expiry, burial or purge: back to AVAILABLE, whoever the holder; in a shared log to the member itself
     * (holder 0), which still has them. A claim: back to AVAILABLE.
     */
    record Refused(long holder, long[] positions) implements QueueCommand {}

    /** A prepared branch has its outcome: settled, or available again (or buried at the limit). */
    record Resolve(String branch, boolean commit, @Nullable String cause) implements QueueCommand {}

    /**
     * Shared logs: these messages, as far as they are AVAILABLE, are claimed without being delivered, to be purged, moved or
     * buried by the holder.
     */
    record Claim(long holder, long[] positions) implements QueueCommand {}

    /** As Claim, for a bounded number of those before this position; without events if there is none. */
    record ClaimBefore(long holder, long before) implements QueueCommand {}

    /**
     * Time has passed: delays end, messages expire, back-off ends, messages at the limit are buried. What the member itself
     * (holder 0) has of a shared log comes to its end or back.
     *
     * @param keeps whether it is for this member to expire and to bury what nobody holds; in a log of one node it always is
     */
    record Tick(boolean keeps) implements QueueCommand {
        public Tick() {
            this(true);
        }
    }

    /**
     * Administration: remove these available messages, settled without delivery. An empty array stands for all: each
     * decision takes a bounded number of them; the last one, without events, says that nothing is left.
     */
    record Purge(long[] positions) implements QueueCommand {}

    /** These messages go to the dead-letter queue: available ones, or in a shared log those that the holder has claimed. */
    record Bury(long holder, long[] positions, String cause) implements QueueCommand {}

    /**
     * The lane is moved forward: as a Purge of all available messages before this position, a bounded number of them with
     * each decision. What is held stays with its holder.
     */
    record Skip(long before) implements QueueCommand {}

    /**
     * The lane is moved back: those of these messages that it does not hold, and that have not expired, wait in it again.
     * They count as never delivered.
     */
    record Requeue(List<QueueEvent.Enqueued> messages) implements QueueCommand {
        public Requeue {
            messages = List.copyOf(messages);
        }
    }
}
