package io.mamba.log.file;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Appends that wait for their level, one queue for each, and what is done when they have reached it. The queues are
 * guarded by the journal's lock; the rounds belong to whoever has the completing role.
 */
final class Completions {
    private static final int TOLD_AT_ONCE = 64;

    private final Deque<Append> none = new ArrayDeque<>();
    private final Deque<Append> written = new ArrayDeque<>();
    private final Deque<Append> durable = new ArrayDeque<>();
    private final List<Deque<Append>> byLevel = List.of(none, written, durable);
    private final Tails tails;
    private long durableSenders;
    /** Taken from the queues, their tails not all told. */
    private List<Append> telling = List.of();

    Completions(Tails tails) {
        this.tails = tails;
    }

    private Deque<Append> queue(Durability level) {
        return switch (level) {
            case NONE -> none;
            case WRITTEN -> written;
            case DURABLE -> durable;
        };
    }

    void add(Append append) {
        if (append.level == Durability.DURABLE && append.waiter != null) {
            durableSenders++;
        }
        queue(append.level).add(append);
    }

    /** The oldest that waits for a force beyond this position, or null. */
    @Nullable
    Append oldestNotForced(long forced) {
        Append youngest = queue(Durability.DURABLE).peekLast();
        if (youngest == null || youngest.end() <= forced) {
            return null;
        }
        for (Append append : queue(Durability.DURABLE)) {
            if (append.end() > forced) {
                return append;
            }
        }
        return null;
    }

    @Nullable
    Append oldestWritten() {
        return queue(Durability.WRITTEN).peek();
    }

    /** How many durable appends ever came whose senders wait. */
    long durableSenders() {
        return durableSenders;
    }

    int waiting(Durability level) {
        return queue(level).size();
    }

    /** The position of the partition's first record that is not told to its tails yet, or {@code otherwise}. */
    long firstUnderWay(PartitionState state, long otherwise) {
        long first = otherwise;
        for (Append append : telling) {
            first = Math.min(first, firstOf(append, state, first));
        }
        for (Deque<Append> queue : byLevel) {
            for (Append append : queue) {
                if (append.position >= first) {
                    break;
                }
                first = Math.min(first, firstOf(append, state, first));
            }
        }
        return first;
    }

    private static long firstOf(Append append, PartitionState state, long otherwise) {
        PartitionState[] states = append.payload.states();
        for (int i = 0; i < states.length; i++) {
            if (states[i] == state) {
                return append.positions[i];
            }
        }
        return otherwise;
    }

    /** The positions of the partition's records that no round has taken yet, from a position on. */
    Set<Long> notTaken(PartitionState state, long from) {
        Set<Long> found = new HashSet<>();
        for (Deque<Append> queue : byLevel) {
            for (Append append : queue) {
                PartitionState[] states = append.payload.states();
                for (int i = 0; i < states.length; i++) {
                    if (states[i] == state && append.positions[i] >= from) {
                        found.add(append.positions[i]);
                    }
                }
            }
        }
        return found;
    }

    /** The next append that has reached its level, or null. */
    @Nullable
    Append next(long writtenTo, long forcedTo, @Nullable MambaException failed) {
        for (Durability level : Durability.values()) {
            Append head = queue(level).peek();
            if (head != null && (failed != null || reached(head, writtenTo, forcedTo))) {
                return head;
            }
        }
        return null;
    }

    static boolean reached(Append append, long writtenTo, long forcedTo) {
        return switch (append.level) {
            case NONE -> true;
            case WRITTEN -> append.end() <= writtenTo;
            case DURABLE -> append.end() <= forcedTo;
        };
    }

    /** Takes all that have reached their level. */
    Round take(long writtenTo, long forcedTo, @Nullable MambaException failed) {
        List<Append> reached = new ArrayList<>();
        List<@Nullable List<Tails.FileTail>> listening = new ArrayList<>();
        Append next = next(writtenTo, forcedTo, failed);
        while (next != null) {
            queue(next.level).remove();
            if (failed != null && !reached(next, writtenTo, forcedTo)) {
                next.failure = failed;
            }
            reached.add(next);
            listening.add(next.failure == null ? tails.listening(next) : null);
            next = next(writtenTo, forcedTo, failed);
        }
        telling = reached;
        return new Round(reached, listening);
    }

    /** The tails of a round have been told: its records count as committed. */
    void told(Round round) {
        telling = List.of();
        for (Append append : round.appends) {
            for (PartitionState state : append.payload.states()) {
                state.underWay--;
            }
        }
    }

    /** Appends to complete, with the tails to tell before. */
    record Round(List<Append> appends, List<@Nullable List<Tails.FileTail>> listening) {
        boolean isEmpty() {
            return appends.isEmpty();
        }

        /** In the order of the round; neighbours with the same listeners together, but not so many that others wait. */
        void tell() {
            int start = 0;
            for (int i = 1; i <= appends.size(); i++) {
                List<Tails.FileTail> tails = listening.get(start);
                if (i == appends.size() || i - start == TOLD_AT_ONCE || !Objects.equals(listening.get(i), tails)) {
                    if (tails != null) {
                        Tails.tell(appends.subList(start, i), tails);
                    }
                    start = i;
                }
            }
        }

        void complete() {
            for (Append append : appends) {
                append.done = true;
                if (append.waiter != null) {
                    LockSupport.unpark(append.waiter);
                }
                if (append.future != null && append.failure != null) {
                    append.future.completeExceptionally(append.failure);
                } else if (append.future != null) {
                    append.future.complete(append.positions);
                }
            }
        }
    }
}
