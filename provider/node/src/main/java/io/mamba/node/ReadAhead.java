package io.mamba.node;

import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * Reads messages of a partition that are not at hand any more from a log for which one read is a round trip: with those that
 * come next, whoever will get them. One thread at a time reads, since what it brings others want too. Thread-safe.
 */
final class ReadAhead {
    /** Of what the caller has. */
    private static final int MOST_BYTES = 2 * 1024 * 1024;

    /** With what comes next. */
    private static final int MOST_BYTES_AHEAD = 512 * 1024;

    private static final int MOST_MESSAGES_AHEAD = 512;
    /** When so many of the next ones are at hand, or so much, no more are read: they would drive those out. */
    private static final int ENOUGH_MESSAGES = 64;

    private static final int ENOUGH_BYTES = MOST_BYTES_AHEAD / 2;

    private final PartitionOwner owner;
    private final Node node;

    ReadAhead(PartitionOwner owner, Node node) {
        this.owner = owner;
        this.node = node;
    }

    /**
     * Any thread but the inbox's.
     *
     * @param positions what the caller has, above all the first of them
     * @return those of them that are at hand now; without the first one if it is gone
     */
    synchronized Map<Long, Envelope> read(Lane lane, long[] positions) {
        long position = positions[0];
        Map<Long, Envelope> found = new HashMap<>();
        Set<Long> wanted = new TreeSet<>();
        LongStream.of(positions).forEach(wanted::add);
        Set<Long> missing = owner.inbox().ask(() -> missing(lane, wanted, found));
        if (found.containsKey(position)) {
            return found;
        }
        Map<Long, Envelope> ahead = new HashMap<>();
        int[] bytes = {0};
        long[] ascending = missing.stream().mapToLong(Long::longValue).toArray();
        node.log().get(owner.partition(), ascending, stored -> {
            Envelope message =
                    MessageCodec.decode(stored.record(), owner.address().whole());
            (wanted.contains(stored.position()) ? found : ahead).put(stored.position(), message);
            byte[] body = message.body();
            bytes[0] += body == null ? 0 : body.length;
            int most = found.size() < wanted.size() ? MOST_BYTES : MOST_BYTES_AHEAD;
            return bytes[0] < most || stored.position() < position;
        });
        owner.inbox()
                .execute(() -> ahead.forEach((at, message) -> {
                    if (lane.state().holds(at)) {
                        owner.cache(at, message);
                    }
                }));
        return found;
    }

    /** Those that have to be read. In the inbox. */
    private Set<Long> missing(Lane lane, Set<Long> wanted, Map<Long, Envelope> found) {
        Set<Long> missing = new TreeSet<>();
        for (long position : wanted) {
            Envelope known = owner.cached(position);
            if (known == null) {
                missing.add(position);
            } else {
                found.put(position, known);
            }
        }
        if (!missing.isEmpty()) {
            missing.addAll(next(lane, MOST_MESSAGES_AHEAD - missing.size()));
        }
        return missing;
    }

    /** Those of the next ones that have to be read; none while enough are at hand. In the inbox. */
    private Set<Long> next(Lane lane, int most) {
        Set<Long> ahead = new TreeSet<>();
        PrimitiveIterator.OfLong next = lane.state().browse(owner.now());
        int atHand = 0;
        int bytes = 0;
        while (atHand + ahead.size() < most && next.hasNext()) {
            long position = next.nextLong();
            Envelope known = owner.cached(position);
            if (known == null) {
                ahead.add(position);
            } else {
                byte[] body = known.body();
                bytes += body == null ? 0 : body.length;
                if (++atHand >= ENOUGH_MESSAGES || bytes >= ENOUGH_BYTES) {
                    return Set.of();
                }
            }
        }
        return ahead;
    }
}
