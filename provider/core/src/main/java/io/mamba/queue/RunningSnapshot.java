package io.mamba.queue;

import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.Prepared;
import io.mamba.queue.QueueEvent.Requeued;
import io.mamba.queue.QueueEvent.Resolved;
import io.mamba.queue.QueueEvent.Settled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;

/**
 * A lane's durable state at the moment when this was made, as bytes, written piece by piece while the lane goes on: what
 * the lane is about to change is taken down before, and what came later is left out. {@link Snapshot} has the format.
 * Owned by the lane's thread.
 */
public final class RunningSnapshot implements Iterator<byte[]> {
    private final Messages messages;
    private final long highest;
    private final BytesOut out;
    /** By group number, the group's place in the snapshot. */
    private final int[] groups;

    private final Map<String, Integer> branches = new HashMap<>();
    /** Messages behind {@link #passed} that have changed since, as they were. */
    private final TreeMap<Long, Message> kept = new TreeMap<>();
    /** Messages that came since, although they lie before the highest one. */
    private final Set<Long> late = new HashSet<>();

    /** The last message written. */
    private long written = -1;
    /** What lies up to here is written or left out. */
    private long passed = -1;

    private long remaining;

    RunningSnapshot(Messages messages, long highest, int pieceSize) {
        this.messages = messages;
        this.highest = highest;
        this.out = new BytesOut(pieceSize);
        out.octet(Snapshot.VERSION);
        out.signed(highest);
        out.unsigned(messages.counters.in(MessageState.SETTLED));
        out.unsigned(messages.counters.in(MessageState.EXPIRED));
        out.unsigned(messages.counters.in(MessageState.BURIED));
        groups = writeGroups();
        List<String> names = messages.touched.branches();
        out.unsigned(names.size());
        for (String name : names) {
            out.text(name);
            branches.put(name, branches.size() + 1);
        }
        remaining = messages.counters.live();
        out.unsigned(remaining);
    }

    /** A message as the snapshot has it. */
    private record Message(
            int priority,
            int group,
            long deliverAt,
            long expireAt,
            int count,
            int branch,
            long claim,
            long availableAt) {}

    private int[] writeGroups() {
        GroupTable table = messages.groupTable;
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

    @Override
    public boolean hasNext() {
        return remaining > 0 || !out.isEmpty();
    }

    /** The next piece. What it takes is bounded by the size of a piece, but for the first, which names all groups. */
    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        LiveMessages live = new LiveMessages(messages, passed, highest);
        while (remaining > 0 && !out.hasFullPiece()) {
            writeUpTo(live.hasNext() ? live.nextLong() : Long.MAX_VALUE, live);
        }
        return out.takePiece();
    }

    /** Writes kept messages before the position, and what is there now at it, as far as there is room. */
    private void writeUpTo(long position, LiveMessages live) {
        while (!kept.isEmpty() && kept.firstKey() <= position) {
            Map.Entry<Long, Message> next = kept.pollFirstEntry();
            write(next.getKey(), next.getValue());
            if (next.getKey() == position || remaining == 0 || out.hasFullPiece()) {
                return;
            }
        }
        if (position == Long.MAX_VALUE) {
            throw new IllegalStateException("a snapshot lacks " + remaining + " messages behind " + passed);
        }
        if (late.remove(position)) {
            passed = position;
            return;
        }
        Touched touched = live.touched();
        Slot waiting = live.waiting();
        if (touched != null) {
            write(position, messageOf(touched));
        } else if (waiting != null) {
            Chunk chunk = waiting.chunk();
            int slot = waiting.index();
            int group = groups[chunk.group(slot)];
            write(position, chunk.priority, group, chunk.delayOf(slot), chunk.expiryOf(slot));
            remaining--;
        }
    }

    private void write(long position, Message message) {
        boolean counted = message.count > 0 || message.branch > 0 || message.claim != 0 || message.availableAt != 0;
        int flags = message.priority | (counted ? Snapshot.COUNT : 0);
        write(position, flags, message.group, message.deliverAt, message.expireAt);
        if (counted) {
            out.unsigned(message.count);
            out.unsigned(message.branch);
            out.unsigned(message.claim);
            out.unsigned(message.availableAt);
        }
        remaining--;
    }

    private void write(long position, int flags, int group, long deliverAt, long expireAt) {
        out.octet(flags
                | (group != 0 ? Snapshot.GROUP : 0)
                | (deliverAt != 0 ? Snapshot.DELIVER_AT : 0)
                | (expireAt != 0 ? Snapshot.EXPIRE_AT : 0));
        out.unsigned(position - written);
        written = position;
        passed = position;
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

    /** To be called before the lane applies the event. */
    void before(QueueEvent event) {
        if (event instanceof Enqueued enqueued) {
            arrives(enqueued.position());
        } else if (event instanceof Delivered delivered) {
            keep(delivered.position());
        } else if (event instanceof Buried buried) {
            keep(buried.position());
        } else if (event instanceof Settled settled) {
            keep(settled.positions());
        } else if (event instanceof Expired expired) {
            keep(expired.positions());
        } else if (event instanceof Prepared prepared) {
            keep(prepared.positions());
        } else if (event instanceof QueueEvent.Claimed claimed) {
            keep(claimed.positions());
        } else if (event instanceof QueueEvent.GivenBack back) {
            keep(back.positions());
        } else if (event instanceof QueueEvent.Gone gone) {
            messages.touched.all().stream()
                    .filter(message -> message.member == gone.member())
                    .forEach(message -> keep(message.position));
        } else if (event instanceof Resolved resolved) {
            messages.touched.prepared(resolved.branch()).forEach(message -> keep(message.position));
        } else if (event instanceof Requeued requeued) {
            requeued.messages().forEach(message -> arrives(message.position()));
        }
    }

    private boolean isAhead(long position) {
        return position > passed && position <= highest && remaining > 0;
    }

    private void arrives(long position) {
        if (isAhead(position) && messages.state(position) == null) {
            late.add(position);
        }
    }

    private void keep(long[] positions) {
        for (long position : positions) {
            keep(position);
        }
    }

    private void keep(long position) {
        if (!isAhead(position) || kept.containsKey(position) || late.contains(position)) {
            return;
        }
        Touched touched = messages.touched.get(position);
        Slot waiting = touched == null ? messages.waiting.find(position) : null;
        if (touched != null) {
            kept.put(position, messageOf(touched));
        } else if (waiting != null) {
            Chunk chunk = waiting.chunk();
            int slot = waiting.index();
            int group = groups[chunk.group(slot)];
            kept.put(
                    position,
                    new Message(chunk.priority, group, chunk.delayOf(slot), chunk.expiryOf(slot), 0, 0, 0, 0));
        }
    }

    private Message messageOf(Touched touched) {
        int branch = touched.branch == null ? 0 : branches.getOrDefault(touched.branch, 0);
        return new Message(
                touched.priority,
                groups[touched.group],
                touched.deliverAt,
                touched.expireAt,
                touched.count,
                branch,
                touched.member << 1 | (touched.member != 0 && touched.delivers ? 1 : 0),
                messages.isShared() ? touched.backOffUntil : 0); // where a node is alone, giving back is soft
    }
}
