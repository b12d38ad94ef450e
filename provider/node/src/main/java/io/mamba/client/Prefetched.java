package io.mamba.client;

import io.mamba.message.Envelope;
import io.mamba.node.Acquired;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver has claimed of a shared log and not handed out yet: a claim is a round trip to the cluster, so a busy
 * receiver claims as many at once as it is likely to hand out in {@link #KEPT}. What is left then goes back, as somebody
 * idle may want it. Thread-safe by its monitor.
 */
final class Prefetched {
    /** So long a message is kept that others could have. */
    static final Duration KEPT = Duration.ofMillis(50);

    private static final int LARGEST = 2048;
    /** So many have to follow each other quickly before more than one is claimed. */
    private static final int IN_A_ROW = 16;

    /** By position, in the order of the lane. */
    private final Map<Long, Acquired> messages = new LinkedHashMap<>();

    private long lastHandedOut;
    private int inARow;
    /** Between two messages, in nanoseconds, on average. */
    private long interval;

    /** How many to claim next. */
    synchronized int wanted() {
        return inARow < IN_A_ROW ? 1 : (int) Math.max(1, Math.min(LARGEST, KEPT.toNanos() / 2 / Math.max(1, interval)));
    }

    /** Whether the next ones should be claimed before those here have all been handed out. */
    synchronized boolean runsLow() {
        int wanted = wanted();
        return wanted > 1 && messages.size() <= wanted / 2;
    }

    /** A message is handed out, from here or just claimed. */
    synchronized void handedOut(long nanoTime) {
        long since = nanoTime - lastHandedOut;
        lastHandedOut = nanoTime;
        if (inARow == 0 || since > KEPT.toNanos()) {
            interval = KEPT.toNanos();
            inARow = 1;
        } else {
            interval = (7 * interval + since) / 8;
            inARow++;
        }
    }

    synchronized void add(List<Acquired> claimed) {
        claimed.forEach(message -> messages.put(message.position(), message));
    }

    @Nullable
    synchronized Acquired poll() {
        Iterator<Acquired> all = messages.values().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Acquired first = all.next();
        all.remove();
        return first;
    }

    /** This message and those here that were not at hand. */
    synchronized long[] lackingAnd(long position) {
        return LongStream.concat(LongStream.of(position), lacking(messages.values()))
                .toArray();
    }

    private static LongStream lacking(Collection<Acquired> claimed) {
        return claimed.stream().filter(message -> message.message() == null).mapToLong(Acquired::position);
    }

    /** These, with their messages as far as one read brings those that were not at hand. */
    static List<Acquired> filled(List<Acquired> claimed, Function<long[], Map<Long, Envelope>> reader) {
        long[] lacking = lacking(claimed).toArray();
        if (lacking.length == 0) {
            return claimed;
        }
        Map<Long, Envelope> read = reader.apply(lacking);
        return claimed.stream()
                .map(message -> filled(message, read.get(message.position())))
                .toList();
    }

    private static Acquired filled(Acquired claimed, @Nullable Envelope read) {
        return read == null ? claimed : new Acquired(claimed.lane(), claimed.position(), claimed.attempt(), read);
    }

    /** What was read of those that were not at hand. */
    synchronized void fill(Map<Long, Envelope> read) {
        read.forEach(
                (position, message) -> messages.computeIfPresent(position, (same, known) -> filled(known, message)));
    }

    /** All that is here: they go back. */
    synchronized List<Acquired> takeAll() {
        List<Acquired> all = List.copyOf(messages.values());
        messages.clear();
        return all;
    }

    /** If some of these messages are still here, all that is here: it goes back, as else younger ones would be handed out first. */
    synchronized List<Acquired> takeBack(List<Acquired> claimed) {
        if (claimed.stream().noneMatch(message -> messages.containsKey(message.position()))) {
            return List.of();
        }
        interval *= 2;
        return takeAll();
    }
}
