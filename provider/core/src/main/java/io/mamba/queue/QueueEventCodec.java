package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.Prepared;
import io.mamba.queue.QueueEvent.Requeued;
import io.mamba.queue.QueueEvent.Resolved;
import io.mamba.queue.QueueEvent.Settled;
import java.util.ArrayList;
import java.util.List;

/**
 * Logged events as bytes, versioned; soft events and Enqueued are refused. Specified in docs/log-format.md.
 *
 * <pre>
 * events    = version(1 byte) event*
 * event     = 1 position count | 2 positions | 3 text positions | 4 text outcome | 5 position | 6 positions
 *             Delivered          Settled       Prepared           Resolved         Buried       Expired
 *           | 7 number message*
 *             Requeued
 * message   = flags(1 byte) position [group, 8 bytes] [deliverAt] [expireAt]
 * flags     = priority (4 bits), then whether group, deliverAt and expireAt follow (1 bit each)
 * positions = number (signed difference to the one before)*
 * text      = number byte*       UTF-8
 * outcome   = 0 rolled back | 1 committed
 * </pre>
 *
 * Numbers have seven bits a byte, lowest first; signed ones are zigzag.
 */
public final class QueueEventCodec {
    private static final int VERSION = 1;
    private static final int DELIVERED = 1;
    private static final int SETTLED = 2;
    private static final int PREPARED = 3;
    private static final int RESOLVED = 4;
    private static final int BURIED = 5;
    private static final int EXPIRED = 6;
    private static final int REQUEUED = 7;
    private static final int GROUP = 0x10;
    private static final int DELIVER_AT = 0x20;
    private static final int EXPIRE_AT = 0x40;
    private static final int[] NO_MATCHES = {};

    private QueueEventCodec() {}

    public static byte[] encode(List<QueueEvent> events) {
        BytesOut out = new BytesOut(Integer.MAX_VALUE);
        out.octet(VERSION);
        for (QueueEvent event : events) {
            write(event, out);
        }
        return out.takePiece();
    }

    private static void write(QueueEvent event, BytesOut out) {
        if (event instanceof Delivered delivered) {
            out.octet(DELIVERED);
            out.unsigned(delivered.position());
            out.unsigned(delivered.count());
        } else if (event instanceof Settled settled) {
            out.octet(SETTLED);
            out.positions(settled.positions());
        } else if (event instanceof Prepared prepared) {
            out.octet(PREPARED);
            out.text(prepared.branch());
            out.positions(prepared.positions());
        } else if (event instanceof Resolved resolved) {
            out.octet(RESOLVED);
            out.text(resolved.branch());
            out.octet(resolved.commit() ? 1 : 0);
        } else if (event instanceof Buried buried) {
            out.octet(BURIED);
            out.unsigned(buried.position());
        } else if (event instanceof Expired expired) {
            out.octet(EXPIRED);
            out.positions(expired.positions());
        } else if (event instanceof Requeued requeued) {
            out.octet(REQUEUED);
            writeMessages(requeued.messages(), out);
        } else {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Expected an event of the state log, but " + event + " is never written.");
        }
    }

    private static void writeMessages(List<Enqueued> messages, BytesOut out) {
        out.unsigned(messages.size());
        long before = 0;
        for (Enqueued message : messages) {
            out.octet(message.priority()
                    | (message.group() != 0 ? GROUP : 0)
                    | (message.deliverAt() != 0 ? DELIVER_AT : 0)
                    | (message.expireAt() != 0 ? EXPIRE_AT : 0));
            out.signed(message.position() - before);
            before = message.position();
            if (message.group() != 0) {
                out.fixed(message.group());
            }
            if (message.deliverAt() != 0) {
                out.unsigned(message.deliverAt());
            }
            if (message.expireAt() != 0) {
                out.unsigned(message.expireAt());
            }
        }
    }

    private static List<Enqueued> readMessages(BytesIn in) {
        List<Enqueued> messages = new ArrayList<>();
        long position = 0;
        for (int rest = in.count(2); rest > 0; rest--) {
            int flags = in.octet();
            int priority = flags & 0xF;
            position += in.signed();
            if (priority >= Waiting.PRIORITIES || position < 0) {
                throw in.corrupt("no message has the priority " + priority + " and the position " + position);
            }
            long group = (flags & GROUP) == 0 ? 0 : in.fixed();
            long deliverAt = (flags & DELIVER_AT) == 0 ? 0 : in.position();
            long expireAt = (flags & EXPIRE_AT) == 0 ? 0 : in.position();
            messages.add(new Enqueued(position, priority, group, deliverAt, expireAt, NO_MATCHES));
        }
        return messages;
    }

    /** @throws MambaException CORRUPT if the bytes are not events of a version known here */
    public static List<QueueEvent> decode(byte[] bytes) {
        BytesIn in = new BytesIn("a lane's events", List.of(bytes));
        int version = in.octet();
        if (version != VERSION) {
            throw in.corrupt("their version is " + version + ", and only version " + VERSION + " is known here");
        }
        List<QueueEvent> events = new ArrayList<>();
        while (!in.isAtEnd()) {
            events.add(read(in));
        }
        return events;
    }

    private static QueueEvent read(BytesIn in) {
        int kind = in.octet();
        return switch (kind) {
            case DELIVERED -> new Delivered(in.position(), in.upTo(Integer.MAX_VALUE));
            case SETTLED -> new Settled(in.positions());
            case PREPARED -> new Prepared(in.text(), in.positions());
            case RESOLVED -> new Resolved(in.text(), in.upTo(1) == 1);
            case BURIED -> new Buried(in.position());
            case EXPIRED -> new Expired(in.positions());
            case REQUEUED -> new Requeued(readMessages(in));
            default -> throw in.corrupt("the kind of event " + kind + " is not known here");
        };
    }
}
