package io.mamba.log.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Single records and transactions go different ways, of which either may be faster. What one thread appends keeps its order all
 * the same: this knows which of them a thread has under way. Thread-safe.
 */
final class ThreadOrder {
    /** @param stripe where the transactions are, if there are any */
    private record UnderWay(int plain, int transactions, int stripe) {
        boolean isNothing() {
            return plain == 0 && transactions == 0;
        }
    }

    /**
     * Where a transaction goes.
     *
     * @param afterPlain whether it has to wait for single records of its thread
     */
    record Way(int stripe, boolean afterPlain) {}

    private static final UnderWay NOTHING = new UnderWay(0, 0, 0);

    private final Map<Long, UnderWay> byThread = new ConcurrentHashMap<>();

    /** @return false if it has to go by a transaction, behind those of its thread: nothing has begun then */
    boolean beginPlain(long thread) {
        UnderWay now = byThread.compute(thread, (id, before) -> {
            UnderWay known = before == null ? NOTHING : before;
            return known.transactions > 0 ? known : new UnderWay(known.plain + 1, 0, 0);
        });
        return now.transactions == 0;
    }

    /**
     * A thread's transactions go by one stripe as long as any of them is under way.
     *
     * @param anyStripe where it goes if none is
     */
    Way beginTransaction(long thread, int anyStripe) {
        UnderWay now = byThread.compute(thread, (id, before) -> {
            UnderWay known = before == null ? NOTHING : before;
            return new UnderWay(
                    known.plain, known.transactions + 1, known.transactions == 0 ? anyStripe : known.stripe);
        });
        return new Way(now.stripe, now.plain > 0);
    }

    void endPlain(long thread) {
        end(thread, 1, 0);
    }

    void endTransaction(long thread) {
        end(thread, 0, 1);
    }

    private void end(long thread, int plain, int transactions) {
        byThread.computeIfPresent(thread, (id, before) -> {
            UnderWay left = new UnderWay(before.plain - plain, before.transactions - transactions, before.stripe);
            return left.isNothing() ? null : left;
        });
    }
}
