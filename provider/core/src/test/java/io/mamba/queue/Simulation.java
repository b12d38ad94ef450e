package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.Decision.Acquisition;
import io.mamba.queue.QueueEvent.Committing;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Matched;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A lane under random commands, beside a plain model that knows who should get what. Batches are accepted late, refused
 * now and then, always in order. Owned by one thread.
 */
final class Simulation {
    private static final QueueSettings SETTINGS =
            new QueueSettings(3, Duration.ofMillis(100), 2.0, Duration.ofSeconds(1));
    private static final int HOLDERS = 4;
    private static final int SELECTORS = 3;

    private final Random random;
    private final QueueState state;
    private final List<QueueEvent> log = new ArrayList<>();
    private final Deque<Decision> underWay = new ArrayDeque<>();
    private final Map<Long, Arrived> arrived = new TreeMap<>();
    private final Set<Long> done = new HashSet<>();
    private final int[] selectors = new int[SELECTORS];
    private final List<Long> skipped = new ArrayList<>();
    private long now = 1_000_000;
    private long lastPosition;
    private int lastBranch;
    private @Nullable List<byte[]> snapshot;
    private int snapshotAt;

    /** What the model knows of a message. */
    private static final class Arrived {
        final Enqueued event;
        MessageState state = MessageState.AVAILABLE;
        long holder = -1;
        int count;
        long backOffUntil;

        Arrived(Enqueued event) {
            this.event = event;
        }
    }

    Simulation(long seed) {
        random = new Random(seed);
        state = new QueueState(SETTINGS, random.nextBoolean() ? Chunk.CAPACITY : 1 + random.nextInt(8));
        for (int i = 0; i < SELECTORS; i++) {
            selectors[i] = state.registerSelector();
        }
    }

    void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> enqueue();
            case 4, 5, 6, 7, 8 -> acquire(random.nextInt(HOLDERS));
            case 9, 10 -> markOne();
            case 11 -> settle();
            case 12 -> release();
            case 13 -> commit();
            case 14 -> prepare();
            case 15 -> resolve();
            case 16 -> run(new QueueCommand.Tick());
            case 17 -> rarely();
            case 18 -> now += random.nextInt(300);
            default -> acceptOrRefuse(random.nextInt(10) == 0);
        }
        while (underWay.size() > 3 || (!underWay.isEmpty() && random.nextInt(3) > 0)) {
            acceptOrRefuse(random.nextInt(20) == 0);
        }
        check();
    }

    private void rarely() {
        switch (random.nextInt(6)) {
            case 0 -> run(new QueueCommand.ReleaseAll(random.nextInt(HOLDERS)));
            case 1 -> run(new QueueCommand.Purge(new long[0]));
            case 2 -> takeSnapshot();
            case 3 -> registerAgain();
            case 4 -> refusesWhatIsNotHeld();
            default -> enqueueAgain();
        }
    }

    private void enqueue() {
        for (int i = random.nextInt(6); i >= 0; i--) {
            long position;
            if (!skipped.isEmpty() && random.nextInt(4) == 0) {
                position = skipped.remove(random.nextInt(skipped.size()));
            } else {
                lastPosition += 1 + random.nextInt(3);
                if (random.nextInt(10) == 0) {
                    skipped.add(lastPosition++);
                }
                if (random.nextInt(200) == 0) {
                    lastPosition += 5_000_000_000L;
                }
                position = lastPosition;
            }
            int priority = random.nextInt(3) == 0 ? random.nextInt(10) : 4;
            long group = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(4);
            long deliverAt = random.nextInt(8) == 0 ? now + random.nextInt(500) : 0;
            long expireAt = random.nextInt(8) == 0 ? now + 1 + random.nextInt(1000) : 0;
            Enqueued event = new Enqueued(position, priority, group, deliverAt, expireAt, matches(position));
            log.add(event);
            state.apply(event);
            arrived.put(position, new Arrived(event));
        }
    }

    private int[] matches(long position) {
        List<Integer> matching = new ArrayList<>();
        for (int i = 0; i < SELECTORS; i++) {
            if (matches(i, position)) {
                matching.add(selectors[i]);
            }
        }
        return matching.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean matches(int selector, long position) {
        return position % (selector + 2) == 0;
    }

    private void enqueueAgain() {
        if (!arrived.isEmpty()) {
            state.apply(any(new ArrayList<>(arrived.values())).event);
        }
    }

    private void registerAgain() {
        int which = random.nextInt(SELECTORS);
        state.unregisterSelector(selectors[which]);
        selectors[which] = state.registerSelector();
        long after = -1;
        while (true) {
            PrimitiveIterator.OfLong unmatched = state.unmatched(selectors[which], after);
            for (int i = 0; i < 3 && unmatched.hasNext(); i++) {
                after = unmatched.nextLong();
                if (matches(which, after)) {
                    state.apply(new Matched(selectors[which], after));
                }
            }
            if (!unmatched.hasNext()) {
                return;
            }
        }
    }

    private void acquire(long holder) {
        int which = random.nextInt(SELECTORS + 1) - 1;
        int selector = which < 0 ? QueueState.NO_SELECTOR : selectors[which];
        int max = 1 + random.nextInt(5);
        List<Long> expected = expectedFor(holder, which, max);
        Decision decision = run(new QueueCommand.Acquire(holder, selector, max));

        List<Long> positions =
                decision.acquired().stream().map(Acquisition::position).toList();
        assertThat(positions)
                .as(() -> "acquired at " + now + " by " + holder + " with selector " + which + " of\n" + description())
                .isEqualTo(expected);
        for (Acquisition acquisition : decision.acquired()) {
            Arrived message = known(acquisition.position());
            assertThat(acquisition.attempt()).isEqualTo(message.count + 1);
            message.state = MessageState.ACQUIRED;
            message.holder = holder;
            message.backOffUntil = 0;
        }
    }

    /** The order by definition: look at everything each time. */
    private List<Long> expectedFor(long holder, int which, int max) {
        List<Arrived> waiting = new ArrayList<>();
        for (Arrived message : arrived.values()) {
            Enqueued event = message.event;
            if (message.state == MessageState.AVAILABLE
                    && event.deliverAt() <= now
                    && (event.expireAt() == 0 || event.expireAt() > now)
                    && message.backOffUntil <= now
                    && message.count < SETTINGS.maxDeliveries()
                    && (which < 0 || matches(which, event.position()))
                    && !isBlocked(event.group(), holder)) {
                waiting.add(message);
            }
        }
        waiting.sort((a, b) -> a.event.priority() != b.event.priority()
                ? Integer.compare(b.event.priority(), a.event.priority())
                : Long.compare(a.event.position(), b.event.position()));
        return waiting.stream()
                .limit(max)
                .map(message -> message.event.position())
                .toList();
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        for (Arrived message : arrived.values()) {
            text.append(message.state).append(" by ").append(message.holder);
            text.append(", delivered ")
                    .append(message.count)
                    .append(", back-off ")
                    .append(message.backOffUntil);
            text.append(": ").append(message.event).append(System.lineSeparator());
        }
        return text.toString();
    }

    private boolean isBlocked(long group, long holder) {
        return group != 0
                && arrived.values().stream()
                        .filter(message -> message.event.group() == group)
                        .anyMatch(message -> switch (message.state) {
                            case ACQUIRED -> message.holder != holder;
                            case COMMITTING -> message.holder >= 0;
                            case PREPARED -> true;
                            case AVAILABLE -> message.backOffUntil > now;
                            case SETTLED, EXPIRED, BURIED -> false;
                        });
    }

    private void markOne() {
        List<Arrived> held = held();
        if (!held.isEmpty()) {
            Arrived message = any(held);
            run(new QueueCommand.Mark(message.holder, message.event.position()));
        }
    }

    private void settle() {
        long holder = random.nextInt(HOLDERS);
        run(new QueueCommand.Settle(holder, someHeldBy(holder)));
    }

    private void release() {
        long holder = random.nextInt(HOLDERS);
        String cause = random.nextBoolean() ? "the listener failed" : null;
        run(new QueueCommand.Release(holder, someHeldBy(holder), cause, random.nextBoolean()));
    }

    private void commit() {
        long holder = random.nextInt(HOLDERS);
        run(new QueueCommand.Commit(holder, someHeldBy(holder)));
    }

    private void prepare() {
        long holder = random.nextInt(HOLDERS);
        run(new QueueCommand.Prepare(holder, "branch-" + lastBranch++, someHeldBy(holder)));
    }

    private void resolve() {
        List<String> branches = state.preparedBranches();
        if (!branches.isEmpty() && underWay.isEmpty()) {
            String cause = random.nextBoolean() ? "rolled back" : null;
            run(new QueueCommand.Resolve(any(branches), random.nextBoolean(), cause));
            acceptOrRefuse(random.nextInt(5) == 0);
        }
    }

    private void refusesWhatIsNotHeld() {
        for (Arrived message : arrived.values()) {
            long stranger = message.holder + 1;
            QueueCommand command = new QueueCommand.Settle(stranger, new long[] {message.event.position()});
            try {
                state.decide(command, Instant.ofEpochMilli(now));
                throw new AssertionError("not refused: " + command);
            } catch (MambaException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE);
            }
        }
    }

    private Decision run(QueueCommand command) {
        String before = state.fingerprint(Instant.ofEpochMilli(now));
        QueueCounts countsBefore = state.counts();
        Decision decision = state.decide(command, Instant.ofEpochMilli(now));
        assertThat(state.fingerprint(Instant.ofEpochMilli(now))).isEqualTo(before);
        assertThat(state.counts()).isEqualTo(countsBefore);
        for (QueueEvent event : decision.soft()) {
            assertThat(event.soft()).isTrue();
            state.apply(event);
            follow(event);
        }
        if (!decision.events().isEmpty()) {
            underWay.add(decision);
        }
        return decision;
    }

    private void acceptOrRefuse(boolean refuse) {
        Decision decision = underWay.poll();
        if (decision == null) {
            return;
        }
        if (refuse) {
            refuse(decision);
            return;
        }
        List<QueueEvent> read = QueueEventCodec.decode(QueueEventCodec.encode(decision.events()));
        for (QueueEvent event : read) {
            log.add(event);
            state.apply(event);
            follow(event);
        }
    }

    private void refuse(Decision decision) {
        for (QueueEvent event : decision.soft()) {
            if (event instanceof Committing committing) {
                for (long position : committing.positions()) {
                    Arrived message = arrived.get(position);
                    if (message == null) {
                        continue;
                    }
                    run(new QueueCommand.Refused(message.holder, new long[] {position}));
                }
            }
        }
    }

    private void follow(QueueEvent event) {
        if (event instanceof QueueEvent.Released released) {
            Arrived message = known(released.position());
            message.state = MessageState.AVAILABLE;
            message.backOffUntil = released.availableAt();
            message.holder = -1;
        } else if (event instanceof Committing committing) {
            for (long position : committing.positions()) {
                known(position).state = MessageState.COMMITTING;
            }
        } else if (event instanceof QueueEvent.Reacquired reacquired) {
            for (long position : reacquired.positions()) {
                known(position).state = MessageState.ACQUIRED;
            }
        } else if (event instanceof QueueEvent.Delivered delivered) {
            Arrived message = arrived.get(delivered.position());
            if (message != null) {
                message.count = delivered.count();
            }
        } else if (event instanceof QueueEvent.Settled settled) {
            finish(settled.positions());
        } else if (event instanceof QueueEvent.Expired expired) {
            finish(expired.positions());
        } else if (event instanceof QueueEvent.Buried buried) {
            finish(buried.position());
        } else if (event instanceof QueueEvent.Prepared prepared) {
            prepared(prepared);
        } else if (event instanceof QueueEvent.Resolved resolved) {
            resolved(resolved);
        } else if (event instanceof QueueEvent.BackingOff failed) {
            failedAt.put(failed.branch(), failed.from());
        }
    }

    private final Map<String, Long> failedAt = new HashMap<>();
    private final Map<String, long[]> branches = new HashMap<>();

    private void prepared(QueueEvent.Prepared event) {
        branches.put(event.branch(), event.positions());
        for (long position : event.positions()) {
            Arrived message = arrived.get(position);
            if (message != null) {
                message.state = MessageState.PREPARED;
            }
        }
    }

    private void resolved(QueueEvent.Resolved event) {
        long failed = failedAt.getOrDefault(event.branch(), 0L);
        long[] positions = Objects.requireNonNull(branches.remove(event.branch()));
        for (long position : positions) {
            if (event.commit()) {
                finish(position);
            } else {
                Arrived message = arrived.get(position);
                if (message == null) {
                    continue;
                }
                message.state = MessageState.AVAILABLE;
                message.holder = -1;
                long delay = SETTINGS.redeliveryDelay(message.count).toMillis();
                message.backOffUntil = failed == 0 || delay == 0 ? 0 : failed + delay;
            }
        }
    }

    private void finish(long... positions) {
        for (long position : positions) {
            if (arrived.remove(position) != null) {
                assertThat(done.add(position)).isTrue();
            }
        }
    }

    private void takeSnapshot() {
        if (skipped.isEmpty()) {
            snapshot = state.snapshot(1 + random.nextInt(200));
            snapshotAt = log.size();
        } else {
            long position = skipped.remove(0);
            Enqueued event = new Enqueued(position, 4, 1, 0, 0, matches(position));
            log.add(event);
            state.apply(event);
            arrived.put(position, new Arrived(event));
        }
    }

    private void check() {
        QueueCounts counts = state.counts();
        assertThat(counts.enqueued()).isEqualTo(arrived.size() + (long) done.size());
        assertThat(counts.available() + counts.acquired() + counts.committing() + counts.prepared())
                .isEqualTo(arrived.size());
        assertThat(counts.settled() + counts.expired() + counts.buried()).isEqualTo(done.size());
        assertThat(counts.available()).isEqualTo(number(MessageState.AVAILABLE));
        assertThat(counts.acquired()).isEqualTo(number(MessageState.ACQUIRED));
        assertThat(counts.committing()).isEqualTo(number(MessageState.COMMITTING));
        assertThat(counts.prepared()).isEqualTo(number(MessageState.PREPARED));
        assertThat(counts.scheduled()).isBetween(0L, counts.available());
    }

    private long number(MessageState wanted) {
        return arrived.values().stream()
                .filter(message -> message.state == wanted)
                .count();
    }

    /** Live state, replayed state, and state restored from the last snapshot and the log behind it are the same. */
    void checkReplay() {
        QueueState replayed = new QueueState(SETTINGS);
        replay(replayed, log);
        assertThat(replayed.fingerprint(Instant.ofEpochMilli(now)))
                .isEqualTo(state.fingerprint(Instant.ofEpochMilli(now)));
        List<byte[]> pieces = snapshot;
        if (pieces != null) {
            QueueState restored = QueueState.restore(SETTINGS, pieces);
            replay(restored, log.subList(snapshotAt, log.size()));
            assertThat(restored.fingerprint(Instant.ofEpochMilli(now)))
                    .isEqualTo(state.fingerprint(Instant.ofEpochMilli(now)));
        }
        QueueState copied = QueueState.restore(SETTINGS, state.snapshot(100));
        assertThat(copied.fingerprint(Instant.ofEpochMilli(now)))
                .isEqualTo(state.fingerprint(Instant.ofEpochMilli(now)));
    }

    private void replay(QueueState target, List<QueueEvent> events) {
        events.forEach(target::apply);
        QueueCounts counts = target.counts();
        assertThat(counts.acquired() + counts.committing()).isZero();
        assertThat(counts.available() + counts.prepared()).isEqualTo(arrived.size());
    }

    private List<Arrived> held() {
        return arrived.values().stream()
                .filter(message -> message.state == MessageState.ACQUIRED)
                .toList();
    }

    private long[] someHeldBy(long holder) {
        return held().stream()
                .filter(message -> message.holder == holder && random.nextBoolean())
                .mapToLong(message -> message.event.position())
                .toArray();
    }

    private Arrived known(long position) {
        return Objects.requireNonNull(arrived.get(position), () -> "message " + position);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
