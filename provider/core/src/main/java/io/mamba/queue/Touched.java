package io.mamba.queue;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A message that is more than a waiting one: it was acquired or handed out once, is prepared, or arrived out of order.
 * Only {@link TouchedMessages} changes the fields that it sorts by.
 */
final class Touched {
    static final Comparator<Touched> DELIVERY_ORDER = (one, other) -> one.priority == other.priority
            ? Long.compare(one.position, other.position)
            : Integer.compare(other.priority, one.priority);
    static final Comparator<Touched> TIME_ORDER =
            Comparator.<Touched>comparingLong(message -> message.timer).thenComparingLong(message -> message.position);

    final long position;
    final int priority;
    /** Its group's number, 0 for none. */
    final int group;

    final long expireAt;
    /** The views whose selector matches; view 0 is not in it. */
    final Bits views = new Bits();

    MessageState state = MessageState.AVAILABLE;
    /** How often it was handed out. */
    int count;
    /** Whether it was handed out since it was acquired. */
    boolean marked;
    /** The member of a shared log that has claimed it; 0 for none. PREPARED, it is who has prepared it. */
    long member;
    /** Whether that claim was to hand it out, and has raised the count. */
    boolean delivers;
    /** Whether a claim of this member's, for {@link #holder}, is being written. */
    boolean claiming;
    /** Whether {@link #holder} has it: ACQUIRED, or COMMITTING for a unit of work. */
    boolean held;

    long holder;
    /** End of the sender's delay, 0 once it has passed. */
    long deliverAt;
    /** End of the back-off, 0 for none. While it lasts the group is blocked. */
    long backOffUntil;
    /** When something is due about it while it is AVAILABLE; 0 for never. */
    long timer;

    /** The branch that has it PREPARED. */
    @Nullable
    String branch;
    /** Why it came back the last time. */
    @Nullable
    String cause;

    Touched(long position, int priority, int group, long deliverAt, long expireAt) {
        this.position = position;
        this.priority = priority;
        this.group = group;
        this.deliverAt = deliverAt;
        this.expireAt = expireAt;
    }

    boolean matches(int view) {
        return view == 0 || views.get(view);
    }

    /** Waits for a time. */
    boolean scheduled() {
        return deliverAt != 0 || backOffUntil != 0;
    }

    boolean due(long now) {
        return deliverAt <= now && backOffUntil <= now;
    }

    boolean expired(long now) {
        return expireAt != 0 && expireAt <= now;
    }
}
