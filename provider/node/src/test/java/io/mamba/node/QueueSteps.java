package io.mamba.node;

import static io.mamba.node.ModelMessage.State.AVAILABLE;
import static io.mamba.node.ModelMessage.State.COMMITTING;
import static io.mamba.node.ModelMessage.State.ENDED;
import static io.mamba.node.ModelMessage.State.HELD;
import static io.mamba.node.ModelMessage.State.LEAVING;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.message.Address;
import io.mamba.message.BodyType;
import io.mamba.message.Envelope;
import io.mamba.node.Session.Taken;
import io.mamba.node.Session.Work;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Sends, takes, settles, gives back, commits and rolls back, and says what each call must have done on return. */
final class QueueSteps {
    static final List<Address> QUEUES = List.of(Address.queue("q1"), Address.queue("q2"), Address.queue("q3"));
    static final List<Address> TOPICS = List.of(Address.topic("t1"), Address.topic("t2"));
    private static final List<String> CAUSES = List.of("boom", "bang");
    private static final List<Selector> SELECTORS =
            List.of(selector("colour = 'red'"), selector("colour <> 'red'"), selector("JMSPriority > 4"));

    private final World world;
    private final Map<ModelLane, Map<Selector, Integer>> selectors = new HashMap<>();
    private final Map<Durability, Long> lastAnswered = new HashMap<>();

    QueueSteps(World world) {
        this.world = world;
    }

    private static Selector selector(String text) {
        Selector parsed = Selector.parse(text);
        if (parsed == null) {
            throw new IllegalArgumentException(text);
        }
        return parsed;
    }

    /** After a crash positions may come again. */
    void forget() {
        lastAnswered.clear();
        selectors.clear();
    }

    // ---- sending ------------------------------------------------------------------------------------------------

    Envelope message() {
        List<Address> targets = new ArrayList<>(QUEUES);
        targets.addAll(TOPICS);
        return message(world.any(targets));
    }

    /** One that the log must force. */
    Envelope persistent() {
        Envelope message = message(QUEUES.get(0));
        while (!message.persistent()) {
            message = message(QUEUES.get(0));
        }
        return message;
    }

    private Envelope message(Address to) {
        String id = "ID:" + world.ids.size();
        world.ids.add(id);
        long now = world.now();
        Map<String, Object> properties =
                world.chance(2) ? Map.of() : Map.of("colour", world.chance(2) ? "red" : "blue");
        return new Envelope(
                id,
                to,
                !world.chance(4),
                world.chance(3) ? world.random.nextInt(10) : 4,
                now,
                world.chance(8) ? now + 1 + world.random.nextInt(1500) : 0,
                world.chance(8) ? now + world.random.nextInt(1000) : 0,
                null,
                null,
                null,
                null,
                world.chance(2) ? null : "g" + world.random.nextInt(3),
                properties,
                BodyType.TEXT,
                (id + "x".repeat(world.random.nextInt(world.engine.largestBody()))).getBytes(UTF_8),
                world.chance(2) ? null : "here");
    }

    void send() {
        Envelope message = message();
        if (world.chance(3)) {
            sendAsync(message);
            return;
        }
        if (world.attempt(() -> world.node.send(message)) == null) {
            expectInLog(String.valueOf(message.id()), Durability.NONE);
        } else {
            world.model.withheld.add(String.valueOf(message.id()));
        }
    }

    private void sendAsync(Envelope message) {
        String id = String.valueOf(message.id());
        MambaException refusal = world.attempt(() -> {
            var unused = world.node
                    .sendAsync(message, new Sender())
                    .whenComplete((nothing, failure) -> world.guard(() -> {
                        if (failure != null) {
                            world.model.withheld.add(id);
                        } else {
                            expectInLog(id, Durability.NONE);
                            ObservedLog.Entry entry = world.entryOf(id);
                            Long before = lastAnswered.put(entry.level, entry.positions[0]);
                            Model.check(
                                    before == null || before < entry.positions[0],
                                    "sends complete out of order: " + id);
                        }
                    }));
        });
        if (refusal != null) {
            world.model.withheld.add(id);
        }
    }

    private void expectInLog(String id, Durability level) {
        ObservedLog.Entry entry = world.entryOf(id);
        Model.check(entry.committed, "answered before it was in the log: " + id);
        Durability needed = entry.needed.compareTo(level) >= 0 ? entry.needed : level;
        Model.check(entry.level.compareTo(needed) >= 0, id + " was sent " + entry.level + " instead of " + needed);
    }

    // ---- taking -------------------------------------------------------------------------------------------------

    @Nullable
    Lane queue(Address queue) {
        List<Lane> lane = new ArrayList<>();
        MambaException refusal = world.attempt(() -> lane.add(world.node.queue(queue)));
        return refusal == null ? lane.get(0) : null;
    }

    /** One of those in use at the lane, or null for all messages. */
    @Nullable
    Selector anySelector(ModelLane lane) {
        List<Selector> used = new ArrayList<>(selectorsOf(lane).keySet());
        return used.isEmpty() || world.chance(3) ? null : world.any(used);
    }

    int number(ModelLane lane, @Nullable Selector selector) {
        return selector == null
                ? QueueState.NO_SELECTOR
                : selectorsOf(lane).getOrDefault(selector, QueueState.NO_SELECTOR);
    }

    private Map<Selector, Integer> selectorsOf(ModelLane lane) {
        return selectors.computeIfAbsent(lane, any -> new LinkedHashMap<>());
    }

    void changeSelectors() {
        Lane lane = queue(world.any(QUEUES));
        if (lane == null) {
            return;
        }
        ModelLane model = world.model.queue(lane.id().destination());
        Map<Selector, Integer> used = selectorsOf(model);
        Selector selector = world.any(SELECTORS);
        if (!used.containsKey(selector)) {
            used.put(selector, world.ask(() -> lane.useSelector(selector)));
        } else if (model.demands.stream().noneMatch(demand -> selector.equals(demand.selector()))) {
            used.remove(selector);
            lane.dropSelector(selector);
        }
    }

    void acquire(Session session, Lane lane, ModelLane model) {
        Selector selector = anySelector(model);
        ModelMessage expected = model.next(session.holder, selector, world.now());
        Acquired got = acquire(session, lane, model, selector);
        Long position = got == null ? null : got.position();
        Model.check(
                Objects.equals(position, expected == null ? null : expected.position),
                "expected " + expected + " for " + session.holder + " with " + selector + ", got " + got + " of "
                        + model);
        if (got == null || expected == null) {
            return;
        }
        session.held.add(new Taken(lane, model, expected));
        received(got, expected);
        if (world.chance(3)) {
            return;
        }
        mark(session, session.held.get(session.held.size() - 1));
    }

    /** The model knows before anybody else acts. */
    private @Nullable Acquired acquire(Session session, Lane lane, ModelLane model, @Nullable Selector selector) {
        List<Acquired> got = new ArrayList<>();
        world.attempt(() -> {
            Acquired message = lane.acquireNow(session.holder, number(model, selector));
            ModelMessage known = message == null ? null : model.messages.get(message.position());
            if (message != null) {
                got.add(message);
            }
            if (known != null) {
                Model.check(known.state == AVAILABLE, () -> "got " + known + " of " + model);
                model.acquire(known, session.holder);
            }
        });
        return got.isEmpty() ? null : got.get(0);
    }

    void received(Acquired got, ModelMessage message) {
        Model.check(got.attempt() == message.count + 1, "attempt " + got.attempt() + " of " + message);
        Envelope envelope = got.message() != null ? got.message() : world.node.read(got.lane(), got.position());
        Model.check(message.id().equals(envelope.id()), () -> "got " + envelope + " instead of " + message);
    }

    void mark(Session session, Taken taken) {
        int before = taken.message().count;
        MambaException refusal =
                world.attempt(() -> world.node.mark(taken.lane(), session.holder, taken.message().position));
        if (taken.isGone()) {
            return;
        }
        if (refusal == null && taken.model().memoryOnly()) {
            taken.message().count++;
            taken.message().marked = true;
        }
        Model.check(
                taken.message().count == before + (refusal == null ? 1 : 0) && taken.message().state == HELD,
                "after its mark: " + taken.message());
        if (refusal == null && !taken.model().memoryOnly()) {
            QueueEvent mark = new QueueEvent.Delivered(taken.message().position, before + 1);
            ObservedLog.Entry entry = world.entryOf(taken.model().id, mark::equals);
            Model.check(entry.committed && entry.level.compareTo(Durability.WRITTEN) >= 0, "a mark of " + entry.level);
        }
    }

    // ---- settling and giving back -------------------------------------------------------------------------------

    void settle(Session session) {
        List<Taken> some = someOfOneLane(session);
        if (some.isEmpty()) {
            return;
        }
        Durability level = world.chance(2) ? Durability.WRITTEN : Durability.DURABLE;
        move(some, HELD, COMMITTING);
        Lane lane = some.get(0).lane();
        MambaException refusal = world.attempt(() -> world.node.settle(lane, session.holder, positions(some), level));
        if (refusal == null) {
            settled(some);
            session.held.removeAll(some);
            if (!lane.memoryOnly() && !some.get(0).isGone()) {
                long position = some.get(0).message().position;
                ObservedLog.Entry entry = world.entryOf(
                        lane.id(),
                        event -> event instanceof QueueEvent.Settled ends
                                && LongStream.of(ends.positions()).anyMatch(end -> end == position));
                Model.check(entry.committed && entry.level.compareTo(level) >= 0, "settled " + entry.level);
            }
        } else {
            move(some, COMMITTING, HELD);
        }
    }

    /** What a settlement or commit that returned has done. */
    void settled(List<Taken> taken) {
        for (Taken one : taken) {
            if (one.isGone()) {
                continue;
            }
            if (one.model().memoryOnly()) {
                one.model().end(one.message());
            }
            Model.check(one.message().state == ENDED, () -> "settled, but " + one.message() + " in " + one.model());
        }
    }

    static void move(List<Taken> taken, ModelMessage.State from, ModelMessage.State to) {
        for (Taken one : taken) {
            if (one.message().state == from) {
                one.message().state = to;
            }
        }
    }

    static long[] positions(List<Taken> taken) {
        return taken.stream().mapToLong(one -> one.message().position).toArray();
    }

    void release(Session session, List<Taken> some, @Nullable String cause) {
        if (some.isEmpty()) {
            return;
        }
        session.held.removeAll(some);
        givenBack(some, cause);
        Lane lane = some.get(0).lane();
        world.inSteps++;
        MambaException refusal = world.attempt(() -> world.node.release(lane, session.holder, positions(some), cause));
        world.inSteps--;
        Model.check(refusal == null, "not taken back: " + refusal);
    }

    void givenBack(List<Taken> taken, @Nullable String cause) {
        for (Taken one : taken) {
            if (one.isGone() || one.message().state == LEAVING) {
                continue;
            }
            if (world.answeredInSteps.remove(one.message())) {
                one.message().cause = cause == null ? one.message().cause : cause;
            } else {
                one.model().release(one.message(), cause, world.now());
            }
        }
    }

    @Nullable
    String anyCause() {
        return world.chance(2) ? null : world.any(CAUSES);
    }

    List<Taken> someOfOneLane(Session session) {
        if (session.held.isEmpty()) {
            return List.of();
        }
        Lane lane = world.any(session.held).lane();
        return session.held.stream()
                .filter(one -> one.lane() == lane && !world.chance(3))
                .toList();
    }

    // ---- units --------------------------------------------------------------------------------------------------

    void workIn(Session session, Work work) {
        if (world.chance(3) || session.held.isEmpty()) {
            Envelope message = message();
            world.model.withheld.add(String.valueOf(message.id()));
            if (world.attempt(() -> work.unit.send(message)) == null) {
                work.sent.add(String.valueOf(message.id()));
            }
        } else {
            Taken taken = world.any(session.held);
            if (world.attempt(() -> work.take(taken, session.holder)) == null) {
                session.held.remove(taken);
            }
        }
        if (world.chance(8)) {
            work.failure = world.any(CAUSES);
            work.unit.failure(work.failure);
        }
    }

    void commit(Session session, Work work) {
        session.unit = null;
        MambaException refusal = write(work, () -> world.node.commit(work.unit));
        if (refusal == null) {
            committed(work);
        } else {
            Model.check(refusal.code().category() == ErrorCode.Category.RETRY, "commit: " + refusal);
            rollBack(work, () -> world.node.rollback(work.unit));
        }
    }

    /** Runs what commits a unit; after a refusal everything is as it was. */
    @Nullable
    MambaException write(Work work, Runnable call) {
        world.model.withheld.removeAll(work.sent);
        move(work.taken, HELD, COMMITTING);
        MambaException refusal = world.attempt(call);
        if (refusal != null) {
            world.model.withheld.addAll(work.sent);
            move(work.taken, COMMITTING, HELD);
        }
        return refusal;
    }

    /** All of it is in the log by one durable batch. */
    void committed(Work work) {
        settled(work.taken);
        for (String id : work.sent) {
            ObservedLog.Entry entry = world.entryOf(id);
            Model.check(entry.ids.containsAll(work.sent), "sent in more than one batch: " + work.sent);
            expectInLog(id, Durability.DURABLE);
        }
    }

    void rollBack(Work work, Runnable call) {
        givenBack(work.taken, work.failure);
        world.inSteps++;
        MambaException refusal = world.attempt(call);
        world.inSteps--;
        Model.check(refusal == null, "not rolled back: " + refusal);
    }
}
