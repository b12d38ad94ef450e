package io.mamba.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.Decision.Acquisition;
import io.mamba.queue.QueueEvent.Committing;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Matched;
import io.mamba.queue.QueueModel.Arrived;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
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
    private final QueueModel model = new QueueModel(SETTINGS);
    private final int[] selectors = new int[SELECTORS];
    private final List<Long> skipped = new ArrayList<>();
    private long now = 1_000_000;
    private long lastPosition;
    private int lastBranch;
    private @Nullable RunningSnapshot running;
    private List<byte[]> pieces = new ArrayList<>();
    private int runningSince;
    private @Nullable List<byte[]> snapshot;
    private int snapshotAt;

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
        goOnWithSnapshot();
        check();
    }

    private void rarely() {
        switch (random.nextInt(10)) {
            case 0 -> run(new QueueCommand.ReleaseAll(random.nextInt(HOLDERS)));
            case 1 -> run(new QueueCommand.Purge(new long[0]));
            case 2 -> takeSnapshot();
            case 3 -> registerAgain();
            case 4 -> refusesWhatIsNotHeld();
            case 5 -> buryOldest();
            case 6 -> run(new QueueCommand.Skip(random.nextLong(lastPosition + 2)));
            case 7, 8 -> requeue();
            default -> enqueueAgain();
        }
    }

    private void buryOldest() {
        List<Long> oldest = TestLane.list(state.oldest());
        assertThat(oldest)
                .isSorted()
                .isSubsetOf(model.arrived.values().stream()
                        .filter(message -> message.state == MessageState.AVAILABLE)
                        .map(Arrived::position)
                        .toList());
        long[] two = oldest.stream().limit(2).mapToLong(Long::longValue).toArray();
        run(new QueueCommand.Bury(0, two, "no room"));
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
            model.enqueue(event);
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

    /** All or some of what there ever was from a position on. */
    private void requeue() {
        long from = random.nextLong(lastPosition + 1);
        boolean all = random.nextBoolean();
        List<Enqueued> again = model.known.values().stream()
                .filter(message -> message.position() >= from && (all || random.nextInt(3) == 0))
                .toList();
        Decision decision = run(new QueueCommand.Requeue(again));
        List<Long> expected = again.stream()
                .filter(message -> !model.arrived.containsKey(message.position()))
                .filter(message -> message.expireAt() == 0 || message.expireAt() > now)
                .map(Enqueued::position)
                .toList();
        assertThat(decision.events().stream().flatMap(event -> ((QueueEvent.Requeued) event).messages().stream()))
                .extracting(Enqueued::position)
                .isEqualTo(expected);
    }

    private void enqueueAgain() {
        if (!model.arrived.isEmpty()) {
            state.apply(any(new ArrayList<>(model.arrived.values())).event);
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
        List<Long> expected = model.expectedFor(holder, position -> which < 0 || matches(which, position), max, now);
        Decision decision = run(new QueueCommand.Acquire(holder, selector, max));

        List<Long> positions =
                decision.acquired().stream().map(Acquisition::position).toList();
        assertThat(positions)
                .as(() -> "acquired at " + now + " by " + holder + " with selector " + which + " of\n" + model)
                .isEqualTo(expected);
        for (Acquisition acquisition : decision.acquired()) {
            assertThat(acquisition.attempt()).isEqualTo(model.known(acquisition.position()).count + 1);
            model.acquire(holder, acquisition.position());
        }
    }

    private void markOne() {
        long holder = random.nextInt(HOLDERS);
        List<Arrived> held = model.heldBy(holder);
        if (!held.isEmpty()) {
            run(new QueueCommand.Mark(holder, any(held).position()));
        }
    }

    private void settle() {
        long holder = random.nextInt(HOLDERS);
        run(new QueueCommand.Settle(holder, someHeldBy(holder)));
    }

    private void release() {
        long holder = random.nextInt(HOLDERS);
        String cause = random.nextBoolean() ? "the listener failed" : null;
        long[] positions = someHeldBy(holder);
        List<Long> toBury = model.atTheLimit(positions);
        Decision decision = run(new QueueCommand.Release(holder, positions, cause, random.nextBoolean()));
        assertThat(decision.burials().stream().map(Decision.Burial::position)).isEqualTo(toBury);
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
        for (Arrived message : model.arrived.values()) {
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
        String before = fingerprint(state);
        QueueCounts countsBefore = state.counts();
        Decision decision = state.decide(command, Instant.ofEpochMilli(now));
        assertThat(fingerprint(state)).isEqualTo(before);
        assertThat(state.counts()).isEqualTo(countsBefore);
        for (QueueEvent event : decision.soft()) {
            assertThat(event.soft()).isTrue();
            state.apply(event);
            model.follow(event);
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
        List<QueueEvent> read = QueueEventCodec.decode(QueueEventCodec.encode(0, decision.events()))
                .events();
        for (QueueEvent event : read) {
            log.add(event);
            state.apply(event);
            model.follow(event);
            if (event instanceof QueueEvent.Requeued back) {
                back.messages().forEach(message -> matchAgain(message.position()));
            }
        }
    }

    private void matchAgain(long position) {
        for (int selector : matches(position)) {
            state.apply(new Matched(selector, position));
        }
    }

    private void refuse(Decision decision) {
        for (QueueEvent event : decision.soft()) {
            if (event instanceof Committing committing) {
                for (long position : committing.positions()) {
                    Arrived message = model.arrived.get(position);
                    if (message == null) {
                        continue;
                    }
                    run(new QueueCommand.Refused(message.holder, new long[] {position}));
                }
            }
        }
    }

    /** Begins one, which later steps go on with; one that is not finished by the next is forgotten. */
    private void takeSnapshot() {
        running = state.beginSnapshot(1 + random.nextInt(200));
        pieces = new ArrayList<>();
        runningSince = log.size();
    }

    private void goOnWithSnapshot() {
        if (running != null && random.nextInt(3) == 0) {
            pieces.add(running.next());
            if (!running.hasNext()) {
                state.endSnapshot();
                running = null;
                snapshot = pieces;
                snapshotAt = runningSince;
            }
        }
    }

    private void check() {
        QueueCounts counts = state.counts();
        assertThat(counts.enqueued()).isEqualTo(model.arrived.size() + (long) model.done.size() + model.requeued);
        assertThat(counts.available() + counts.acquired() + counts.committing() + counts.prepared())
                .isEqualTo(model.arrived.size());
        assertThat(counts.settled() + counts.expired() + counts.buried())
                .isEqualTo(model.done.size() + (long) model.requeued);
        assertThat(counts.available()).isEqualTo(model.number(MessageState.AVAILABLE));
        assertThat(counts.acquired()).isEqualTo(model.number(MessageState.ACQUIRED));
        assertThat(counts.committing()).isEqualTo(model.number(MessageState.COMMITTING));
        assertThat(counts.prepared()).isEqualTo(model.number(MessageState.PREPARED));
        assertThat(counts.scheduled()).isBetween(0L, counts.available());
        assertThat(TestLane.list(state.live())).containsExactlyElementsOf(model.arrived.keySet());
        assertThat(TestLane.list(state.browse(Instant.ofEpochMilli(now)))).isEqualTo(model.browsable(now));
        checkDeadline();
    }

    /** There is a deadline for all that waits for a time, and a tick leaves none that has passed. */
    private void checkDeadline() {
        if (underWay.isEmpty() && random.nextInt(4) == 0) {
            run(new QueueCommand.Tick());
            while (!underWay.isEmpty()) {
                acceptOrRefuse(false);
            }
            assertThat(state.nextDeadline().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE))
                    .isGreaterThan(now);
        }
        assertThat(state.nextDeadline().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE))
                .isLessThanOrEqualTo(model.nextChange(now));
    }

    /** Live state, replayed state, and state restored from the last snapshot and the log behind it are the same. */
    void checkReplay() {
        QueueState replayed = new QueueState(SETTINGS);
        replay(replayed, log);
        assertThat(fingerprint(replayed)).isEqualTo(fingerprint(state));
        if (snapshot != null) {
            QueueState restored = QueueState.restore(SETTINGS, snapshot);
            replay(restored, log.subList(snapshotAt, log.size()));
            assertThat(fingerprint(restored)).isEqualTo(fingerprint(state));
        }
        if (running == null) {
            QueueState copied = QueueState.restore(SETTINGS, TestLane.snapshot(state, 100));
            assertThat(fingerprint(copied)).isEqualTo(fingerprint(state));
        }
    }

    private void replay(QueueState target, List<QueueEvent> events) {
        events.forEach(target::apply);
        QueueCounts counts = target.counts();
        assertThat(counts.acquired() + counts.committing()).isZero();
        assertThat(counts.available() + counts.prepared()).isEqualTo(model.arrived.size());
    }

    private String fingerprint(QueueState of) {
        return of.fingerprint(Instant.ofEpochMilli(now));
    }

    private long[] someHeldBy(long holder) {
        return model.heldBy(holder).stream()
                .filter(message -> random.nextBoolean())
                .mapToLong(Arrived::position)
                .toArray();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
