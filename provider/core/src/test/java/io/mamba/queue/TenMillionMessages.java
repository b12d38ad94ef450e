package io.mamba.queue;

import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Settled;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A program: a lane of ten million messages with ten priorities, a million groups, a million deadlines and a selector
 * that matches one in a hundred, filled and drained. Fails if anything comes in the wrong order or is missing. Prints what
 * it took; {@link QueueInASmallHeapTest} runs it in a heap of its own.
 *
 * <p>Ten messages of a group follow each other, with the priorities 0 to 9. One of them has a deadline: in every other
 * group an expiry, else a delay.
 */
final class TenMillionMessages {
    private static final int MESSAGES = 10_000_000;
    private static final int GROUPS = MESSAGES / 10;
    private static final int BYTES_APART = 150;
    private static final int AT_A_TIME = 1_000;
    private static final long NOW = 1_000_000_000_000L;
    private static final long DEADLINES = NOW + 3_600_000;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final QueueState state = new QueueState(QueueSettings.DEFAULT);
    private final int selector = state.registerSelector();
    private final Instant now = Instant.ofEpochMilli(NOW);
    private final Instant late = Instant.ofEpochMilli(DEADLINES + GROUPS);

    public static void main(String[] arguments) {
        TenMillionMessages lane = new TenMillionMessages();
        lane.fill();
        lane.report();
        lane.drainTheSelected();
        lane.letTimePass();
        lane.drainInOrderOfPriorityPastAGroupThatIsHeld();
        check(lane.state.counts().available() == 0, "left: " + lane.state.counts());
    }

    private static int group(int message) {
        return message / 10;
    }

    private static int priority(int message) {
        return message % 10;
    }

    private static boolean hasDeadline(int message) {
        return group(message) % 10 == priority(message);
    }

    private static boolean expires(int message) {
        return hasDeadline(message) && group(message) / 10 % 2 == 0;
    }

    private static boolean isSelected(int message) {
        return group(message) % 10 == 7 && group(message) / 10 % 10 == priority(message) && !hasDeadline(message);
    }

    private static long position(int message) {
        return (long) message * BYTES_APART;
    }

    private void fill() {
        int[] matching = {selector};
        int[] none = {};
        for (int i = 0; i < MESSAGES; i++) {
            long deadline = hasDeadline(i) ? DEADLINES + group(i) : 0;
            state.apply(new Enqueued(
                    position(i),
                    priority(i),
                    0x9E3779B97F4A7C15L * (group(i) + 1),
                    expires(i) ? 0 : deadline,
                    expires(i) ? deadline : 0,
                    isSelected(i) ? matching : none));
        }
    }

    private void report() {
        System.gc();
        Runtime heap = Runtime.getRuntime();
        double used = heap.totalMemory() - heap.freeMemory();
        double besides = 32.0 * GROUPS + 16.0 * GROUPS + MESSAGES / 8.0;
        print("bytes for a message, by the lane's account", (double) state.heapBytes() / MESSAGES, 12);
        print("bytes for a group", (double) state.groupBytes() / GROUPS, 32);
        print("bytes for a deadline", (double) state.deadlineBytes() / GROUPS, 16);
        print(
                "bits for a message and a selector, with the arrays around them",
                8.0 * state.selectorBytes() / MESSAGES,
                1.25);
        print(
                "bytes of the heap in use for a message, without what groups, deadlines and selector may take",
                (used - besides) / MESSAGES,
                12);
        check(state.objects() == 0, state.objects() + " messages are objects");
    }

    private static void print(String what, double figure, double most) {
        System.out.printf(Locale.ROOT, "%s: %.2f (at most %s)%n", what, figure, most);
        check(figure <= most, what);
    }

    private void drainTheSelected() {
        Order expected = new Order(TenMillionMessages::isSelected);
        int drained = drain(SECOND, selector, now, expected);
        expected.end();
        check(drained == MESSAGES / 100 - MESSAGES / 1000, drained + " were selected");
    }

    /** Messages expire and delays end. */
    private void letTimePass() {
        while (state.nextDeadline().isPresent()) {
            Decision tick = state.decide(new QueueCommand.Tick(), late);
            check(!tick.soft().isEmpty() || !tick.events().isEmpty(), "a tick does nothing");
            tick.soft().forEach(state::apply);
            tick.events().forEach(state::apply);
        }
        check(state.counts().expired() == GROUPS / 2, "expired: " + state.counts());
        check(state.counts().scheduled() == 0, "still delayed: " + state.counts());
    }

    private void drainInOrderOfPriorityPastAGroupThatIsHeld() {
        List<Decision.Acquisition> held = acquire(FIRST, QueueState.NO_SELECTOR, late, 1);
        int first = (int) (held.get(0).position() / BYTES_APART);
        check(priority(first) == 9, "the first is " + first);

        Order others =
                new Order(message -> !isSelected(message) && !expires(message) && group(message) != group(first));
        drain(SECOND, QueueState.NO_SELECTOR, late, others);
        others.end();

        state.apply(new Settled(new long[] {position(first)}));
        Order group = new Order(message ->
                !isSelected(message) && !expires(message) && group(message) == group(first) && message != first);
        drain(SECOND, QueueState.NO_SELECTOR, late, group);
        group.end();
    }

    private int drain(long holder, int through, Instant when, Order expected) {
        int drained = 0;
        while (true) {
            List<Decision.Acquisition> taken = acquire(holder, through, when, AT_A_TIME);
            if (taken.isEmpty()) {
                return drained;
            }
            taken.forEach(message -> expected.next(message.position()));
            drained += taken.size();
            state.apply(new Settled(
                    taken.stream().mapToLong(Decision.Acquisition::position).toArray()));
        }
    }

    private List<Decision.Acquisition> acquire(long holder, int through, Instant when, int most) {
        Decision decision = state.decide(new QueueCommand.Acquire(holder, through, most), when);
        decision.soft().forEach(state::apply);
        return decision.acquired();
    }

    private interface Wanted {
        boolean test(int message);
    }

    /** Messages in the order in which they have to come: by priority from 9 to 0, then by position. */
    private static final class Order {
        private final Wanted wanted;
        private int priority = 9;
        private int message = 9 - 10;

        Order(Wanted wanted) {
            this.wanted = wanted;
        }

        private int following() {
            do {
                message += 10;
                if (message >= MESSAGES) {
                    message = --priority;
                }
            } while (priority >= 0 && !wanted.test(message));
            return priority < 0 ? -1 : message;
        }

        void next(long position) {
            int expected = following();
            check(
                    expected >= 0 && position(expected) == position,
                    "expected message " + expected + ", but got " + position / BYTES_APART);
        }

        void end() {
            int expected = following();
            check(expected < 0, "message " + expected + " did not come");
        }
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
