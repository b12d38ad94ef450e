package io.mamba.queue;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.Prepared;
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
        } else {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Expected an event of the state log, but " + event + " is never written.");
        }
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
            default -> throw in.corrupt("the kind of event " + kind + " is not known here");
        };
    }
}
