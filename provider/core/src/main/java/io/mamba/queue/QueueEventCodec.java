package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Claimed;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.GivenBack;
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
 * events    = 1 event* | 2 member event*
 *             of one node  of a member of a shared log
 * event     = 1 position count | 2 positions | 3 text positions | 4 text outcome | 5 position | 6 positions
 *             Delivered          Settled       Prepared           Resolved         Buried       Expired
 *           | 7 number message* | 8 delivers positions | 9 how positions [availableAt] [text]
 *             Requeued            Claimed                GivenBack                    cause
 * message   = flags(1 byte) position [group, 8 bytes] [deliverAt] [expireAt]
 * flags     = priority (4 bits), then whether group, deliverAt and expireAt follow (1 bit each)
 * positions = number (signed difference to the one before)*
 * text      = number byte*       UTF-8
 * outcome   = 0 rolled back | 1 committed | 2 availableAt: rolled back, and not to be delivered before
 * delivers  = 1 to be handed out | 0 to be moved away
 * how       = 1 if unread, and 2 if availableAt follows, and 4 if the cause follows
 * </pre>
 *
 * Numbers have seven bits a byte, lowest first; signed ones are zigzag.
 */
public final class QueueEventCodec {
    private static final int ALONE = 1;
    private static final int OF_A_MEMBER = 2;
    private static final int DELIVERED = 1;
    private static final int SETTLED = 2;
    private static final int PREPARED = 3;
    private static final int RESOLVED = 4;
    private static final int BURIED = 5;
    private static final int EXPIRED = 6;
    private static final int REQUEUED = 7;
    private static final int CLAIMED = 8;
    private static final int GIVEN_BACK = 9;
    private static final int ROLLED_BACK = 0;
    private static final int COMMITTED = 1;
    private static final int BACKING_OFF = 2;
    private static final int UNREAD = 1;
    private static final int LATER = 2;
    private static final int CAUSE = 4;
    private static final int GROUP = 0x10;
    private static final int DELIVER_AT = 0x20;
    private static final int EXPIRE_AT = 0x40;
    private static final int[] NO_MATCHES = {};

    private QueueEventCodec() {}

    /** Events with the member of a shared log that wrote them, 0 in a log of one node. */
    public record Written(long member, List<QueueEvent> events) {
        public Written {
            events = List.copyOf(events);
        }
    }

    /** @param member who writes them to a shared log; 0 in a log of one node */
    public static byte[] encode(long member, List<QueueEvent> events) {
        BytesOut out = new BytesOut(Integer.MAX_VALUE);
        if (member == 0) {
            out.octet(ALONE);
        } else {
            out.octet(OF_A_MEMBER);
            out.unsigned(member);
        }
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
            out.octet(resolved.commit() ? COMMITTED : resolved.availableAt() == 0 ? ROLLED_BACK : BACKING_OFF);
            if (!resolved.commit() && resolved.availableAt() != 0) {
                out.unsigned(resolved.availableAt());
            }
        } else if (event instanceof Buried buried) {
            out.octet(BURIED);
            out.unsigned(buried.position());
        } else if (event instanceof Expired expired) {
            out.octet(EXPIRED);
            out.positions(expired.positions());
        } else if (event instanceof Requeued requeued) {
            out.octet(REQUEUED);
            writeMessages(requeued.messages(), out);
        } else if (event instanceof Claimed claimed) {
            out.octet(CLAIMED);
            out.octet(claimed.delivers() ? 1 : 0);
            out.positions(claimed.positions());
        } else if (event instanceof GivenBack back) {
            write(back, out);
        } else {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Expected an event of the state log, but " + event + " is never written.");
        }
    }

    private static void write(GivenBack back, BytesOut out) {
        out.octet(GIVEN_BACK);
        out.octet((back.unread() ? UNREAD : 0)
                | (back.availableAt() != 0 ? LATER : 0)
                | (back.cause() != null ? CAUSE : 0));
        out.positions(back.positions());
        if (back.availableAt() != 0) {
            out.unsigned(back.availableAt());
        }
        if (back.cause() != null) {
            out.text(back.cause());
        }
    }

    private static GivenBack readGivenBack(BytesIn in) {
        int how = in.upTo(UNREAD | LATER | CAUSE);
        long[] positions = in.positions();
        long availableAt = (how & LATER) == 0 ? 0 : in.position();
        return new GivenBack(positions, availableAt, (how & CAUSE) == 0 ? null : in.text(), (how & UNREAD) != 0);
    }

    private static Claimed readClaimed(BytesIn in) {
        boolean delivers = in.upTo(1) == 1;
        return new Claimed(in.positions(), delivers);
    }

    private static Resolved readResolved(BytesIn in) {
        String branch = in.text();
        int outcome = in.upTo(BACKING_OFF);
        return new Resolved(branch, outcome == COMMITTED, outcome == BACKING_OFF ? in.position() : 0);
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
    public static Written decode(byte[] bytes) {
        BytesIn in = new BytesIn("a lane's events", List.of(bytes));
        int version = in.octet();
        if (version != ALONE && version != OF_A_MEMBER) {
            throw in.corrupt("their version is " + version + ", and only versions 1 and 2 are known here");
        }
        long member = version == ALONE ? 0 : in.position();
        List<QueueEvent> events = new ArrayList<>();
        while (!in.isAtEnd()) {
            events.add(read(in));
        }
        return new Written(member, events);
    }

    private static QueueEvent read(BytesIn in) {
        int kind = in.octet();
        return switch (kind) {
            case DELIVERED -> new Delivered(in.position(), in.upTo(Integer.MAX_VALUE));
            case SETTLED -> new Settled(in.positions());
            case PREPARED -> new Prepared(in.text(), in.positions());
            case RESOLVED -> readResolved(in);
            case BURIED -> new Buried(in.position());
            case EXPIRED -> new Expired(in.positions());
            case REQUEUED -> new Requeued(readMessages(in));
            case CLAIMED -> readClaimed(in);
            case GIVEN_BACK -> readGivenBack(in);
            default -> throw in.corrupt("the kind of event " + kind + " is not known here");
        };
    }
}
