package io.mamba.node;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What of a partition stays for replay: everything from a position on that only moves forward. Age and size are known by
 * block, a 64th of what the rule says each, so that it costs about a hundred objects however many messages stay; a block
 * goes as a whole, so the oldest messages stay up to a 64th longer. Owned by the partition's inbox.
 */
final class Retained {
    private static final int BLOCKS = 64;

    /**
     * What is known of some neighbouring messages.
     *
     * @param end behind the last position
     * @param oldest when the first was sent
     * @param newest when the youngest was sent, or an earlier one in the log if that is younger
     */
    record Block(long first, long end, long bytes, long oldest, long newest) {
        Block with(long position, long size, long sentAt) {
            return new Block(
                    Math.min(first, position),
                    Math.max(end, position + 1),
                    bytes + size,
                    oldest,
                    Math.max(newest, sentAt));
        }
    }

    /**
     * As it is written down.
     *
     * @param from before it nothing stays
     * @param goneUntil what has gone was sent at this time or before; 0 if nothing has gone
     * @param seen data records before it are counted
     */
    record State(long from, long goneUntil, long seen, List<Block> blocks) {}

    private final Deque<Block> blocks = new ArrayDeque<>();
    private Retention rule = Retention.NONE;
    private long from;
    private long goneUntil;
    private long seen;
    private long bytes;
    private boolean changed;

    /** From now on this rule holds. What was settled before retention began is gone. */
    void rule(Retention next, long end, long now) {
        if (rule.keeps() != next.keeps()) {
            blocks.clear();
            bytes = 0;
            from = end;
            seen = end;
            goneUntil = end == 0 ? 0 : now;
            changed = true;
        }
        rule = next;
    }

    /** As it was written down. */
    void restore(State state, Retention holds) {
        rule = holds;
        from = state.from();
        goneUntil = state.goneUntil();
        seen = state.seen();
        blocks.addAll(state.blocks());
        bytes = state.blocks().stream().mapToLong(Block::bytes).sum();
    }

    State state() {
        return new State(from, goneUntil, seen, List.copyOf(blocks));
    }

    /** Whether {@link #state} is another one than at the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void unwritten() {
        changed = true;
    }

    boolean keeps() {
        return rule.keeps();
    }

    /** Whether a message stays after it was settled. */
    boolean keeps(long position) {
        return rule.keeps() && position >= from;
    }

    /** Before it nothing stays that no lane needs. */
    long from() {
        return from;
    }

    /** Data records from here on have to be read when the partition is opened. */
    long seen() {
        return seen;
    }

    /** Whether all that was sent at this time or later is there. */
    boolean reaches(long time) {
        return rule.keeps() && (goneUntil == 0 || time > goneUntil);
    }

    /** A position before which nothing that stays was sent at this time or later. */
    long seek(long time) {
        return blocks.stream()
                .filter(block -> block.newest() >= time)
                .mapToLong(Block::first)
                .min()
                .orElse(seen);
    }

    /**
     * A message arrives; answers whether it stays.
     *
     * @param again it is read from the log, and may be counted already
     */
    boolean add(long position, LogRecord record, long now, boolean again) {
        if (!keeps(position)) {
            return false;
        }
        if (again && position < seen) {
            return true;
        }
        long size = size(record);
        long sentAt = record.timestamp() > 0 ? Math.min(record.timestamp(), now) : now;
        Block last = blocks.peekLast();
        if (last == null || isFull(last, size, sentAt)) {
            long newest = Math.max(sentAt, last == null ? goneUntil : last.newest());
            blocks.addLast(new Block(position, position + 1, size, sentAt, newest));
        } else {
            blocks.removeLast();
            blocks.addLast(last.with(position, size, sentAt));
        }
        bytes += size;
        seen = Math.max(seen, position + 1);
        changed = true;
        return true;
    }

    private boolean isFull(Block block, long size, long sentAt) {
        return (rule.bytes() > 0 && block.bytes() + size > rule.bytes() / BLOCKS)
                || (rule.millis() > 0 && sentAt - block.oldest() > rule.millis() / BLOCKS);
    }

    private static long size(LogRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        long size = key == null ? 0 : key.length;
        size += value == null ? 0 : value.length;
        for (Header header : record.headers()) {
            size += header.name().length();
            size += header.bytes().length;
        }
        return size;
    }

    /** Lets go of what is too old or too much; answers whether {@link #from} has moved. */
    boolean trim(long now) {
        long before = from;
        for (Block first = blocks.peekFirst(); first != null && goes(first, now); first = blocks.peekFirst()) {
            blocks.removeFirst();
            bytes -= first.bytes();
            from = Math.max(from, first.end());
            goneUntil = Math.max(goneUntil, first.newest());
            changed = true;
        }
        return from > before;
    }

    private boolean goes(Block first, long now) {
        return (rule.millis() > 0 && first.newest() + rule.millis() <= now)
                || (rule.bytes() > 0 && bytes - first.bytes() >= rule.bytes());
    }

    /** When {@link #trim} has something to do, by time. */
    Optional<Instant> nextDeadline() {
        Block first = blocks.peekFirst();
        return first == null || rule.millis() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(first.newest() + rule.millis()));
    }

    /** How many objects it takes: for tests. */
    int blocks() {
        return blocks.size();
    }
}
