package io.mamba.queue;

import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Prepared;
import java.util.List;

/**
 * A lane's durable state as bytes.
 *
 * <pre>
 * snapshot = version(1 byte) highest settled expired buried groups branches messages
 * highest  = signed number: highest position enqueued, -1 for none
 * groups   = number (hash, 8 bytes)*
 * branches = number text*
 * messages = number message*, ascending by position
 * message  = flags(1 byte) distance [group] [deliverAt] [expireAt] [count branch]
 * flags    = priority (4 bits), then whether group, deliverAt, expireAt and count follow (1 bit each)
 * branch   = 0 for none, else its place in branches, from 1
 * </pre>
 *
 * Numbers and text are as in {@link QueueEventCodec}. The pieces put together are the snapshot.
 */
final class Snapshot {
    private static final int VERSION = 1;
    private static final int GROUP = 0x10;
    private static final int DELIVER_AT = 0x20;
    private static final int EXPIRE_AT = 0x40;
    private static final int COUNT = 0x80;
    private static final int[] NO_MATCHES = {};

    private Snapshot() {}

    static List<byte[]> write(Messages messages, long highest, int pieceSize) {
        BytesOut out = new BytesOut(pieceSize);
        out.octet(VERSION);
        out.signed(highest);
        out.unsigned(messages.counters.in(MessageState.SETTLED));
        out.unsigned(messages.counters.in(MessageState.EXPIRED));
        out.unsigned(messages.counters.in(MessageState.BURIED));
        int[] groups = writeGroups(messages.groupTable, out);
        List<String> branches = messages.touched.branches();
        out.unsigned(branches.size());
        branches.forEach(out::text);
        out.unsigned(messages.counters.live());
        long before = -1;
        LiveMessages live = new LiveMessages(messages, -1, Long.MAX_VALUE);
        while (live.hasNext()) {
            long position = live.nextLong();
            Touched touched = live.touched();
            Slot waiting = live.waiting();
            if (touched != null) {
                int branch = touched.branch == null ? 0 : branches.indexOf(touched.branch) + 1;
                int flags = touched.priority | (touched.count > 0 || branch > 0 ? COUNT : 0);
                int group = groups[touched.group];
                writeMessage(out, flags, position - before, group, touched.deliverAt, touched.expireAt);
                if ((flags & COUNT) != 0) {
                    out.unsigned(touched.count);
                    out.unsigned(branch);
                }
            } else if (waiting != null) {
                Chunk chunk = waiting.chunk();
                int slot = waiting.index();
                int group = groups[chunk.group(slot)];
                writeMessage(out, chunk.priority, position - before, group, chunk.delayOf(slot), chunk.expiryOf(slot));
            }
            before = position;
        }
        return out.pieces();
    }

    /** By group number, the group's place in the snapshot, from 1. */
    private static int[] writeGroups(GroupTable table, BytesOut out) {
        int[] places = new int[table.highest() + 1];
        out.unsigned(table.size());
        int place = 0;
        for (int number = 1; number <= table.highest(); number++) {
            if (table.isUsed(number)) {
                places[number] = ++place;
                out.fixed(table.hash(number));
            }
        }
        return places;
    }

    private static void writeMessage(BytesOut out, int flags, long distance, int group, long deliverAt, long expireAt) {
        out.octet(
                flags | (group != 0 ? GROUP : 0) | (deliverAt != 0 ? DELIVER_AT : 0) | (expireAt != 0 ? EXPIRE_AT : 0));
        out.unsigned(distance);
        if (group != 0) {
            out.unsigned(group);
        }
        if (deliverAt != 0) {
            out.unsigned(deliverAt);
        }
        if (expireAt != 0) {
            out.unsigned(expireAt);
        }
    }

    /** Answers the highest position enqueued. */
    static long read(Messages messages, QueueState state, List<byte[]> pieces) {
        BytesIn in = new BytesIn("a lane's snapshot", pieces);
        int version = in.octet();
        if (version != VERSION) {
            throw in.corrupt("its version is " + version + ", and only version " + VERSION + " is known here");
        }
        long highest = in.signed();
        messages.counters.restoreDone(in.position(), in.position(), in.position());
        long[] groups = new long[in.count(8)];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = in.fixed();
        }
        String[] branches = new String[in.count(1)];
        for (int i = 0; i < branches.length; i++) {
            branches[i] = in.text();
        }
        long position = -1;
        long number = in.position();
        for (long i = 0; i < number; i++) {
            position = readMessage(in, state, position, highest, groups, branches);
        }
        if (!in.isAtEnd()) {
            throw in.corrupt("there is more than its last message");
        }
        return highest;
    }

    private static long readMessage(
            BytesIn in, QueueState state, long before, long highest, long[] groups, String[] branches) {
        int flags = in.octet();
        int priority = flags & 0xF;
        if (priority >= Waiting.PRIORITIES) {
            throw in.corrupt("the priority " + priority + " is not between 0 and 9");
        }
        long position = before + in.position();
        if (position <= before || position > highest) {
            throw in.corrupt("the position " + position + " is not above " + before + " and up to " + highest);
        }
        int group = (flags & GROUP) == 0 ? 0 : in.upTo(groups.length);
        long deliverAt = (flags & DELIVER_AT) == 0 ? 0 : in.position();
        long expireAt = (flags & EXPIRE_AT) == 0 ? 0 : in.position();
        long hash = group == 0 ? 0 : groups[group - 1];
        state.apply(new Enqueued(position, priority, hash, deliverAt, expireAt, NO_MATCHES));
        if ((flags & COUNT) != 0) {
            int count = in.upTo(Integer.MAX_VALUE);
            int branch = in.upTo(branches.length);
            state.apply(new Delivered(position, count));
            if (branch > 0) {
                state.apply(new Prepared(branches[branch - 1], new long[] {position}));
            }
        }
        return position;
    }
}
