package io.mamba.node;

import io.mamba.log.LogRecord;
import io.mamba.log.StoredRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/**
 * What stays of a partition so that it can be replayed, beside what its lanes need. Owned by the partition's inbox, as its
 * {@link PartitionOwner} is.
 */
final class ReplayStock {
    private final PartitionOwner owner;
    private final Node node;
    private final Retained retained = new Retained();
    /** How many need everything that is retained for the time being. */
    private int keepingAll;
    /** When something that is retained may go; the end of time if nobody watches. */
    private long trimAt = Long.MAX_VALUE;

    ReplayStock(PartitionOwner owner, Node node) {
        this.owner = owner;
        this.node = node;
    }

    private long now() {
        return node.now().toEpochMilli();
    }

    /** Whether anything stays. */
    boolean keeps() {
        return retained.keeps();
    }

    /** Whether this message stays. */
    boolean keeps(long position) {
        return retained.keeps(position);
    }

    /** A data record: whether it stays. */
    boolean add(StoredRecord record) {
        return retained.add(record.position(), record.record(), now(), !owner.isLive());
    }

    /** As the log said, when it is opened; null if it said nothing. */
    void restore(Retained.@Nullable State state, Retention rule) {
        if (state != null && rule.keeps()) {
            retained.restore(state, rule);
        } else if (state != null || rule.keeps()) {
            retained.rule(rule, owner.fence(), now());
            retained.unwritten();
        }
        owner.noteDurability();
    }

    /**
     * From now on this rule holds. Any thread.
     *
     * @param first what was before it is gone in any case
     */
    void rule(Retention rule, long first) {
        long fence = owner.fence();
        owner.inbox().execute(() -> {
            boolean kept = retained.keeps();
            retained.rule(rule, Math.max(first, owner.foldedUpTo()), now());
            owner.noteDurability();
            if (kept && !rule.keeps()) {
                node.log().retain(owner.partition(), Math.min(fence, owner.foldedUpTo()), owner.needed());
            }
            trim();
        });
    }

    /** The partition is gone. */
    void end() {
        retained.rule(Retention.NONE, owner.foldedUpTo(), now());
    }

    /** The position before which only what lanes need stays, if everything before {@code end} has come here. */
    long from(long end) {
        if (owner.isBound()) {
            return 0;
        }
        return retained.keeps() ? Math.min(retained.from(), end) : end;
    }

    /** Whether all that was sent at this time or later is retained. */
    boolean reaches(long time) {
        return owner.isBound() || retained.reaches(time);
    }

    /** A position before which nothing that is retained or held was sent at this time or later. */
    long firstSince(long time) {
        if (owner.isBound()) {
            return 0;
        }
        long first = retained.keeps() ? Math.max(retained.from(), retained.seek(time)) : owner.foldedUpTo();
        PrimitiveIterator.OfLong needed = owner.needed();
        return needed.hasNext() ? Math.min(first, needed.nextLong()) : first;
    }

    boolean isKeepingAll() {
        return keepingAll > 0;
    }

    /** Until {@link #keepNoMore} nothing that is retained goes. */
    void keepAll() {
        keepingAll++;
    }

    void keepNoMore() {
        keepingAll--;
        trim();
    }

    /** Data records from here on have to be read when the partition is opened, if it retains any. */
    Optional<Long> readFrom() {
        return retained.keeps() ? Optional.of(retained.seen()) : Optional.empty();
    }

    /** What the log has to be told of what is retained; empty if it knows. */
    Optional<LogRecord> record() {
        if (!retained.takeChanged()) {
            return Optional.empty();
        }
        return Optional.of(
                retained.keeps()
                        ? StateRecords.retained(owner.address(), retained.state(), now())
                        : StateRecords.retainedGone(owner.address(), now()));
    }

    /** The record was refused. */
    void unwritten() {
        retained.unwritten();
    }

    /**
     * Lets go of what is too old or too much, once everything that the log has told of has come here: a record that was
     * overtaken by others may be on its way.
     */
    void trim() {
        if (!owner.isLive() || keepingAll > 0) {
            return;
        }
        if (retained.trim(now())) {
            long before = Math.min(retained.from(), owner.fence());
            owner.inbox().execute(() -> node.log().retain(owner.partition(), before, owner.needed()));
        }
        retained.nextDeadline().ifPresent(this::watch);
    }

    private void watch(Instant deadline) {
        long at = deadline.toEpochMilli();
        if (at >= trimAt) {
            return;
        }
        trimAt = at;
        node.at(
                deadline,
                () -> owner.inbox().execute(() -> {
                    if (trimAt == at) {
                        trimAt = Long.MAX_VALUE;
                    }
                    trim();
                }));
    }
}
