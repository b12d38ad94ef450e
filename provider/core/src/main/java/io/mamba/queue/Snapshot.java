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
 * message  = flags(1 byte) distance [group] [deliverAt] [expireAt] [count branch claim availableAt]
 * flags    = priority (4 bits), then whether group, deliverAt, expireAt and count follow (1 bit each)
 * branch   = 0 for none, else its place in branches, from 1
 * claim    = 0 for none, else twice the member of a shared log that has it, and 1 more if it was to hand it out
 * </pre>
 *
 * Version 1 has no claim and no availableAt. Numbers and text are as in {@link QueueEventCodec}. The pieces put together are the snapshot, which {@link
 * RunningSnapshot} writes.
 */
final class Snapshot {
    static final int VERSION = 2;
    private static final int WITHOUT_CLAIMS = 1;
    static final int GROUP = 0x10;
    static final int DELIVER_AT = 0x20;
    static final int EXPIRE_AT = 0x40;
    static final int COUNT = 0x80;
    private static final int[] NO_MATCHES = {};

    private Snapshot() {}

    /** Answers the highest position enqueued. */
    static long read(Messages messages, QueueState state, Claims claims, List<byte[]> pieces) {
        BytesIn in = new BytesIn("a lane's snapshot", pieces);
        int version = in.octet();
        if (version != VERSION && version != WITHOUT_CLAIMS) {
            throw in.corrupt("its version is " + version + ", and only versions 1 and 2 are known here");
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
            int flags = in.octet();
            position = readMessage(flags, in, state, position, highest, groups);
            if ((flags & COUNT) != 0) {
                readDeliveries(in, state, position, branches);
                if (version != WITHOUT_CLAIMS) {
                    readClaim(in, messages.touchExpected(position), claims);
                }
            }
        }
        if (!in.isAtEnd()) {
            throw in.corrupt("there is more than its last message");
        }
        return highest;
    }

    private static long readMessage(int flags, BytesIn in, QueueState state, long before, long highest, long[] groups) {
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
        return position;
    }

    private static void readDeliveries(BytesIn in, QueueState state, long position, String[] branches) {
        int count = in.upTo(Integer.MAX_VALUE);
        int branch = in.upTo(branches.length);
        state.apply(new Delivered(position, count));
        if (branch > 0) {
            state.apply(new Prepared(branches[branch - 1], new long[] {position}));
        }
    }

    private static void readClaim(BytesIn in, Touched message, Claims claims) {
        long claim = in.position();
        claims.restore(message, claim >>> 1, (claim & 1) != 0, in.position());
    }
}
