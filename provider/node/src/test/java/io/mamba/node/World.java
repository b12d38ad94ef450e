package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.queue.QueueCounts;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node over a log that may do anything it is allowed to, beside the model that says what the node should be. One
 * thread: where a caller of the node would wait for the log, other steps are run before it goes on.
 */
final class World implements ObservedLog.Observer {
    private static final MambaUrl URL = MambaUrl.parse("mamba:file:/nowhere?maxDeliveries=3&maximumRedeliveryDelay=1s");
    /** How long messages stay at least where they are retained. */
    static final Duration RETAINED = Duration.ofSeconds(3);

    private static final MambaUrl RETAINING = URL.with("retainFor", RETAINED.toSeconds() + "s");
    private static final QueueSettings SETTINGS =
            new QueueSettings(3, Duration.ofMillis(100), 2.0, Duration.ofSeconds(1));
    private static final int DEEPEST = 3;
    /** So small that a lane changes between two pieces of its snapshot. */
    private static final int PIECE = 16;

    /** The process has died: unwinds whatever was under way. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("the process died", null, false, false);
        }
    }

    final Random random;
    final Engine engine;
    /** Every id that a message was given. */
    final Set<String> ids = new HashSet<>();

    private final MambaUrl url;
    private final Runnable others;
    private List<ObservedLog.Entry> entries = Collections.synchronizedList(new ArrayList<>());
    SimulatedTimers time = new SimulatedTimers(Instant.parse("2026-01-01T00:00:00Z"));
    Model model;
    Node node;
    /** How many callers wait for the log. */
    int waiting;
    /** Above 0 while a call changes a lane in more than one step, so that in between the model may be ahead. */
    int inSteps;
    /** Messages that went to somebody new in the middle of such a call. */
    final Set<ModelMessage> answeredInSteps = new HashSet<>();

    /** What was appended, in short. */
    private int trace;

    private long batches;
    private int crashes;
    /** The process died in the middle of something. */
    private boolean dead;

    private volatile boolean down;
    private volatile @Nullable Throwable broken;

    /**
     * @param retains whether settled messages stay for a while
     * @param others a step of somebody else, while a caller waits
     */
    World(Random random, Engine engine, boolean retains, Runnable others) {
        this.url = retains ? RETAINING : URL;
        this.model = new Model(SETTINGS, retains);
        this.random = random;
        this.engine = engine;
        this.others = others;
        engine.onDeath(() -> {
            dead = true;
            down = true;
        });
        this.node = open();
    }

    private Node open() {
        Node opened = Node.open(url, new ObservedLog(engine.log(), entries, this), time, time, PIECE);
        opened.onFailure(failure -> {
            if (!down) {
                note(new AssertionError("the node stopped: " + failure, failure));
            }
        });
        return opened;
    }

    NodeSimulation.Outcome outcome() {
        return new NodeSimulation.Outcome(batches, crashes, trace);
    }

    void pass(Duration duration) {
        time.pass(duration);
        engine.pass(duration);
    }

    long now() {
        return time.millis();
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    // ---- calls --------------------------------------------------------------------------------------------------

    /** Calls the node; gives its refusal, or null. */
    @Nullable
    MambaException attempt(Runnable call) {
        try {
            call.run();
            surface();
            return null;
        } catch (MambaException refusal) {
            surface();
            if (refusal.code().category() == ErrorCode.Category.FATAL) {
                throw new AssertionError("the node refused: " + refusal, refusal);
            }
            return refusal;
        } catch (RuntimeException | Error thrown) {
            surface();
            throw thrown;
        }
    }

    /** Calls the node, which must not refuse. */
    <T> T ask(Supplier<T> call) {
        List<T> answer = new ArrayList<>();
        MambaException refusal = attempt(() -> answer.add(call.get()));
        if (refusal != null) {
            throw new AssertionError("refused: " + refusal, refusal);
        }
        return answer.get(0);
    }

    /** The batch that a message was sent in last. */
    ObservedLog.Entry entryOf(String id) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).ids.contains(id)) {
                return entries.get(i);
            }
        }
        throw new AssertionError(id + " is not in the log, although that was said");
    }

    /** The last batch that has such an event of the lane. */
    ObservedLog.Entry entryOf(LaneId lane, Predicate<QueueEvent> wanted) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            for (LogRecord record : entries.get(i).batch.records()) {
                if (record.partition().equals(StateRecords.EVENTS)
                        && StateRecords.laneKeyOf(record).equals(StateRecords.laneKey(lane))
                        && StateRecords.eventsOf(record).stream().anyMatch(wanted)) {
                    return entries.get(i);
                }
            }
        }
        throw new AssertionError("nothing of it in the log of " + lane);
    }

    /** Remembers the first thing that went wrong, as the node may catch it. */
    void note(Throwable wrong) {
        if (broken == null && !(wrong instanceof Crash)) {
            broken = wrong;
        }
    }

    /** What goes wrong in a process that died in the middle of something does not matter. */
    void checkAlive() {
        if (dead) {
            throw new Crash();
        }
    }

    void surface() {
        checkAlive();
        if (broken != null) {
            throw new AssertionError(broken.getMessage(), broken);
        }
        if (down) {
            throw new Crash();
        }
    }

    /** Runs what the node must not swallow. */
    synchronized void guard(Runnable task) {
        if (dead) {
            return; // Whatever a dead process does, nobody sees.
        }
        try {
            task.run();
        } catch (RuntimeException | Error wrong) {
            note(wrong);
            throw wrong;
        }
    }

    void background() {
        if (time.hasReady()) {
            time.runOne(random);
            surface();
        }
    }

    // ---- what the log tells -------------------------------------------------------------------------------------

    @Override
    public void placing(ObservedLog.Entry entry) {
        if (down) {
            model.name(entry);
        } else {
            guard(() -> model.placing(entry, now()));
            batches++;
            for (LogRecord record : entry.batch.records()) {
                trace = 31 * trace + record.partition().hashCode() + Arrays.hashCode(record.value());
            }
        }
    }

    @Override
    public void refused(ObservedLog.Entry entry) {
        guard(() -> model.refused(entry));
    }

    @Override
    public void telling(StoredRecord record) {
        if (dead) {
            return;
        }
        try {
            Partition partition = record.record().partition();
            boolean there = engine.log().get(partition, record.position()) != null;
            Model.check(there, () -> "told of what is not in the log: " + record);
            model.tell(record);
        } catch (RuntimeException | Error wrong) {
            note(wrong); // The log is in the middle of something, and must not be left there.
        }
    }

    @Override
    public void waiting(CompletableFuture<long[]> append) {
        waiting++;
        try {
            while (!append.isDone()) {
                int dice = random.nextInt(40);
                boolean large = entries.get(entries.size() - 1).batch.records().size() > 1;
                if (dice < 20 && waiting <= DEEPEST) {
                    others.run();
                } else if (dice == 20 || (dice < 24 && large)) {
                    crash();
                } else {
                    engine.proceedOne();
                }
                surface();
            }
        } finally {
            waiting--;
        }
    }

    // ---- crashes ------------------------------------------------------------------------------------------------

    /** The process dies here. */
    void crash() {
        lose();
        throw new Crash();
    }

    private void lose() {
        Durability survives = random.nextBoolean() ? Durability.WRITTEN : Durability.DURABLE;
        Engine.Survival survival = new Engine.Survival(survives, random.nextInt(4), random.nextBoolean());
        down = true;
        dead = false;
        crashes++;
        guard(() -> entries = Collections.synchronizedList(engine.crash(survival, entries)));
    }

    /** The log fails: nothing works any more, and nothing pretends to. Then the process dies. */
    void breakDown(Envelope message) {
        down = true;
        guard(() -> {
            engine.breakDown();
            for (int tries = 0; !fails(() -> node.send(message)); tries++) {
                // Preparing room may meet the fault first, and survive it.
                Model.check(tries < 50, "a failed log takes calls");
                engine.breakDown();
            }
            Model.check(fails(node::checkpoint), "a failed log takes a checkpoint");
        });
        crash();
    }

    private static boolean fails(Runnable call) {
        try {
            call.run();
            return false;
        } catch (MambaException refusal) {
            return refusal.code().category() == ErrorCode.Category.FATAL;
        }
    }

    /** Another process opens what is left. */
    void recover() {
        if (dead) {
            lose();
        }
        Set<String> there = new HashSet<>();
        for (ObservedLog.Entry entry : entries) {
            entry.committed = true;
            there.addAll(entry.ids);
        }
        begin(there);
    }

    private void begin(Set<String> sent) {
        time.close();
        time = new SimulatedTimers(time.instant());
        down = false;
        waiting = 0;
        inSteps = 0;
        model = new Model(SETTINGS, model.retains);
        model.withheld.addAll(ids);
        model.withheld.removeAll(sent);
        guard(() -> {
            model.rebuild(entries);
            node = open();
            check();
        });
    }

    /** A clean close and another opening. */
    void restart() {
        engine.proceed();
        attempt(node::close);
        if (dead) {
            throw new Crash();
        }
        down = true;
        engine.reopen();
        Set<String> there = new HashSet<>();
        entries.forEach(entry -> there.addAll(entry.ids));
        begin(there);
    }

    // ---- invariants ---------------------------------------------------------------------------------------------

    /** What must hold whenever nothing is half done in this thread. */
    void check() {
        Set<String> unknown = new TreeSet<>();
        node.destinations()
                .owners()
                .forEach(owner -> owner.lanesHere().forEach(lane -> unknown.add(StateRecords.laneKey(lane.id()))));
        model.lanes.forEach((key, lane) -> {
            unknown.remove(key);
            if (!lane.closing && (waiting == 0 || !lane.memoryOnly())) {
                check(lane);
            }
        });
        unknown.removeIf(key -> key.startsWith("queue://") && isEmpty(key));
        Model.check(unknown.isEmpty(), () -> "lanes that should not be: " + unknown);
        checkBranches();
        if (waiting == 0 && engine.held() == 0) {
            checkSpace();
        }
    }

    private boolean isEmpty(String queueKey) {
        Address queue = Address.parse(queueKey.strip());
        return node.lane(LaneId.of(queue))
                .map(lane -> !lane.state().live().hasNext())
                .orElse(true);
    }

    private void check(ModelLane lane) {
        Lane live = node.lane(lane.id).orElse(null);
        if (live == null) {
            Model.check(lane.messages.isEmpty() && lane.id.destination().kind().isQueue(), () -> "missing: " + lane);
            return;
        }
        if (lane.memoryOnly()) {
            lane.messages
                    .values()
                    .removeIf(message -> message.state == ModelMessage.State.AVAILABLE
                            && message.isExpired(now())
                            && !live.state().holds(message.position));
        }
        String actual = fingerprint(live, time.instant());
        String expected = lane.fingerprint(now());
        Model.check(
                actual.equals(expected),
                () -> "expected\n" + expected + "but the lane has\n" + actual + "for\n" + lane);
        QueueCounts counts = live.state().counts();
        long available = counts.available() + counts.committing();
        long here = available + counts.acquired() + counts.prepared();
        Model.check(here == lane.messages.size(), () -> counts + " for\n" + lane);
        long all = here + counts.settled() + counts.expired() + counts.buried();
        Model.check(counts.enqueued() == all, () -> "not conserved: " + counts);
        if (!lane.emptying) {
            Model.check(counts.acquired() == lane.in(ModelMessage.State.HELD).size(), () -> counts + " for\n" + lane);
            Model.check(
                    counts.prepared() == lane.in(ModelMessage.State.PREPARED).size(), () -> counts + " for\n" + lane);
            if (!time.hasReady()) {
                lane.demands.forEach(demand -> Model.check(
                        lane.next(demand.holder(), demand.selector(), now()) == null,
                        () -> "somebody waits in vain in " + lane));
            }
        }
    }

    static String fingerprint(Lane lane, Instant now) {
        String text = lane.state().fingerprint(now);
        return text.substring(text.indexOf('\n') + 1);
    }

    private void checkBranches() {
        Set<String> found = new TreeSet<>();
        node.branches().inDoubt().forEach(branch -> found.add(branch.text()));
        Model.check(
                found.equals(model.prepared), () -> "expected in doubt " + model.prepared + ", but it says " + found);
    }

    /** The log has the messages that some lane needs, and no others. */
    private void checkSpace() {
        List<StoredRecord> contents = engine.contents();
        if (contents == null) {
            return;
        }
        Set<String> expected = new TreeSet<>();
        for (ModelLane lane : model.lanes.values()) {
            if (lane.closing) {
                return;
            }
            Partition partition = lane.id.destination().partition();
            lane.messages.keySet().forEach(position -> expected.add(partition + "@" + position));
        }
        Set<String> found = new TreeSet<>();
        for (StoredRecord record : contents) {
            Partition partition = record.record().partition();
            if (Address.of(partition).isPresent()) {
                found.add(partition + "@" + record.position());
            }
        }
        if (model.retains) {
            expected.addAll(model.sent(found));
        }
        Model.check(found.equals(expected), "expected in the log " + expected + ", but it has " + found);
    }

    /** Another node that reads the log now has the same lanes and branches. */
    void checkReplay() {
        Log copy = waiting == 0 ? engine.copy() : null;
        if (copy == null) {
            return;
        }
        SimulatedTimers standing = new SimulatedTimers(time.instant());
        Node replayed = Node.open(url, copy, standing, standing);
        for (ModelLane lane : model.lanes.values()) {
            if (!lane.memoryOnly() && !lane.closing) {
                String actual = replayed.lane(lane.id)
                        .map(there -> fingerprint(there, time.instant()))
                        .orElse("");
                Model.check(
                        actual.equals(lane.fingerprint(now())),
                        () -> "replay gives\n" + actual + "instead of\n" + lane);
            }
        }
        Set<String> found = new TreeSet<>();
        replayed.branches().inDoubt().forEach(branch -> found.add(branch.text()));
        Model.check(found.equals(model.prepared), "replay finds in doubt " + found + " instead of " + model.prepared);
    }
}
