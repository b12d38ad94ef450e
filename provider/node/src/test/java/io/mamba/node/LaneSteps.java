package io.mamba.node;

import static io.mamba.node.ModelMessage.State.AVAILABLE;
import static io.mamba.node.ModelMessage.State.COMMITTING;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.StartFrom;
import io.mamba.message.Address;
import io.mamba.node.ModelLane.ModelDemand;
import io.mamba.node.Session.Taken;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Demands, subscriptions, purge and redrive. */
final class LaneSteps {
    /** A subscription that somebody joined. */
    private static final class Subscription {
        final SubscriptionSpec spec;
        final Lane lane;
        final ModelLane model;
        int users;

        Subscription(SubscriptionSpec spec, Lane lane, ModelLane model) {
            this.spec = spec;
            this.lane = lane;
            this.model = model;
        }
    }

    private final World world;
    private final QueueSteps queues;
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

    LaneSteps(World world, QueueSteps queues) {
        this.world = world;
        this.queues = queues;
    }

    // ---- demands ------------------------------------------------------------------------------------------------

    void demand(Session session, Lane lane, ModelLane model) {
        Selector selector = queues.anySelector(model);
        ModelDemand[] own = new ModelDemand[1];
        Demand demand = new Demand(
                session.holder,
                queues.number(model, selector),
                got -> world.guard(() -> answered(session, model, Objects.requireNonNull(own[0]), got)));
        own[0] = new ModelDemand(demand, session.holder, selector);
        model.demands.add(own[0]);
        world.attempt(() -> lane.demand(demand));
    }

    private void answered(Session session, ModelLane model, ModelDemand demand, Acquired got) {
        int place = model.demands.indexOf(demand);
        ModelMessage message = model.messages.get(got.position());
        Model.check(place >= 0, () -> "answered although taken back: " + got + " of " + model);
        if (message == null) {
            throw new AssertionError("got " + got + " of " + model);
        }
        String branch = message.branch;
        if (branch != null && model.memoryOnly() && world.model.rollingBack.contains(branch)) {
            world.model.resolve(model, branch, false);
        }
        if (world.inSteps > 0 && message.state == COMMITTING) {
            world.answeredInSteps.add(message);
            message.marked = false;
            message.state = AVAILABLE;
        }
        Model.check(message.state == AVAILABLE, () -> "got " + message + " of " + model);
        if (world.inSteps == 0 && !model.memoryOnly()) {
            for (ModelDemand earlier : model.demands.subList(0, place)) {
                Model.check(
                        next(model, earlier) == null, "passed over: " + earlier + " for " + message + " of " + model);
            }
            Model.check(next(model, demand) == message, () -> "got " + message + " instead of another of " + model);
        }
        model.demands.remove(place);
        model.acquire(message, session.holder);
        queues.received(got, message);
        session.held.add(new Taken(got.lane(), model, message));
    }

    private @Nullable ModelMessage next(ModelLane lane, ModelDemand demand) {
        return lane.next(demand.holder(), demand.selector(), world.now());
    }

    /** Takes the demands of a holder, or of all, back. */
    void cancel(Lane lane, ModelLane model, @Nullable Session session) {
        for (ModelDemand demand : List.copyOf(model.demands)) {
            if (session == null || demand.holder() == session.holder) {
                boolean open = model.demands.contains(demand);
                Model.check(world.ask(() -> lane.cancel(demand.demand())) == open, "open, it says, is not " + open);
                model.demands.remove(demand);
            }
        }
    }

    /** The session closes: its demands everywhere are taken back. */
    void cancelAll(Session session) {
        for (ModelLane model : List.copyOf(world.model.lanes.values())) {
            world.node.lane(model.id).ifPresent(lane -> cancel(lane, model, session));
        }
    }

    // ---- subscriptions ------------------------------------------------------------------------------------------

    /** After a crash the durable ones are there, inactive; they are joined again as they were, or otherwise. */
    void forget() {
        subscriptions.clear();
    }

    /** A lane somebody receives from, or null. */
    @Nullable
    ModelLane anyJoined() {
        List<Subscription> joined =
                subscriptions.values().stream().filter(one -> one.users > 0).toList();
        return joined.isEmpty() ? null : world.any(joined).model;
    }

    Lane laneOf(ModelLane model) {
        return world.ask(() -> world.node.lane(model.id).orElseThrow());
    }

    void step() {
        if (Thread.holdsLock(world.node.subscriptions())) {
            return; // Another thread would wait.
        }
        switch (world.random.nextInt(6)) {
            case 0, 1, 2 -> join(spec());
            case 3, 4 -> leave();
            default -> unsubscribe("d" + world.random.nextInt(3));
        }
    }

    private SubscriptionSpec spec() {
        Address topic = world.any(QueueSteps.TOPICS);
        Selector selector = world.chance(4) ? Selector.parse("colour = 'red'") : null;
        String notOrigin = world.chance(4) ? "here" : null;
        String name = world.chance(4) ? null : (world.chance(4) ? "s" : "d" + world.random.nextInt(3));
        boolean durable = name != null && name.startsWith("d");
        boolean shared = name != null && (!durable || name.equals("d2"));
        return new SubscriptionSpec(topic, null, name, shared, durable, selector, notOrigin, StartFrom.LATEST);
    }

    private void join(SubscriptionSpec spec) {
        String key = spec.name() == null ? null : SubscriptionSpec.key(spec.durable(), null, spec.name());
        ModelLane before = key == null ? null : find(key);
        Subscription known = key == null ? null : subscriptions.get(key);
        int users = known == null ? 0 : known.users;
        boolean same = before != null && matches(before, spec);
        boolean legal = users == 0 || (spec.shared() && same);
        if (before != null && !same && legal) {
            before.closing = true;
        }
        List<Lane> joined = new ArrayList<>();
        MambaException refusal =
                world.attempt(() -> joined.add(world.node.subscriptions().join(spec)));
        if (refusal != null) {
            expect(refusal, legal && !isMoved(before, refusal));
            if (before != null) {
                dropped(before, world.node.lane(before.id).isEmpty());
            }
            return;
        }
        Model.check(legal, "joined although in use: " + spec);
        Lane lane = joined.get(0);
        if (before != null && !same) {
            dropped(before, true);
        }
        ModelLane model = world.model.lane(lane.id());
        if (model == null) {
            model = world.model.beginInMemory(lane.id(), lane.terms());
        }
        Model.check(model.memoryOnly() != spec.durable() && (!same || model == before), "joined " + model);
        ModelLane there = model;
        Subscription subscription = subscriptions.compute(
                lane.id().subscription(),
                (any, old) -> old != null && old.model == there ? old : new Subscription(spec, lane, there));
        subscription.users++;
    }

    private void dropped(ModelLane lane, boolean gone) {
        lane.closing = false;
        if (gone) {
            world.model.remove(lane);
            lane.gone = true;
            subscriptions.values().removeIf(one -> one.model == lane);
        }
    }

    private @Nullable ModelLane find(String subscription) {
        return world.model.lanes.values().stream()
                .filter(lane -> lane.id.subscription().equals(subscription))
                .findFirst()
                .orElse(null);
    }

    private static boolean matches(ModelLane lane, SubscriptionSpec spec) {
        return lane.id.destination().equals(spec.topic())
                && Objects.equals(lane.terms.filter(), spec.selector())
                && Objects.equals(lane.terms.notOrigin(), spec.notOrigin());
    }

    /** While it is moved over what is retained, nobody can end it or replace it. */
    private static boolean isMoved(@Nullable ModelLane lane, MambaException refusal) {
        return lane != null && lane.emptying && refusal.code() == ErrorCode.ILLEGAL_STATE;
    }

    private static void expect(MambaException refusal, boolean legal) {
        boolean caller = refusal.code().category() == ErrorCode.Category.CALLER;
        Model.check(legal != caller, (legal ? "refused although legal: " : "refused in the wrong way: ") + refusal);
    }

    private void leave() {
        List<Subscription> joined =
                subscriptions.values().stream().filter(one -> one.users > 0).toList();
        if (!joined.isEmpty()) {
            leave(world.any(joined));
        }
    }

    private void leave(Subscription one) {
        if (one.users == 1) {
            cancel(one.lane, one.model, null);
        }
        one.users--;
        Model.check(world.attempt(() -> world.node.subscriptions().leave(one.lane)) == null, "cannot leave");
        if (one.users == 0 && !one.spec.durable()) {
            dropped(one.model, true);
        }
    }

    private void unsubscribe(String name) {
        ModelLane lane = find(SubscriptionSpec.key(true, null, name));
        Subscription known = subscriptions.get(SubscriptionSpec.key(true, null, name));
        boolean legal = lane != null && (known == null || known.users == 0);
        if (lane != null && legal) {
            lane.closing = true;
        }
        MambaException refusal = world.attempt(() -> world.node.subscriptions().unsubscribe(null, name));
        if (refusal != null) {
            expect(refusal, legal && !isMoved(lane, refusal));
        } else {
            Model.check(legal, "unsubscribed although in use: " + name);
        }
        if (lane != null) {
            dropped(lane, refusal == null);
        }
    }

    /** Everybody leaves, and durable subscriptions end. */
    void leaveAll() {
        for (Subscription one : List.copyOf(subscriptions.values())) {
            while (one.users > 0) {
                leave(one);
            }
        }
        for (int i = 0; i < 3; i++) {
            for (int tries = 0; tries < 5; tries++) {
                unsubscribe("d" + i);
            }
        }
    }

    // ---- administration -----------------------------------------------------------------------------------------

    void purge(Address queue) {
        ModelLane model = world.model.queue(queue);
        if (model.emptying || queues.queue(queue) == null) {
            return;
        }
        Collection<ModelMessage> before = model.in(AVAILABLE).stream()
                .filter(message -> !model.isExhausted(message) && !message.isExpired(world.now()))
                .toList();
        model.emptying = true;
        MambaException refusal = world.attempt(() -> {
            int purged = world.node.purge(queue);
            Model.check(purged >= before.size() - (world.waiting > 0 ? before.size() : 0), purged + " of " + before);
        });
        model.emptying = false;
        Model.check(
                refusal != null
                        || before.stream().noneMatch(message -> message.state == AVAILABLE && world.waiting == 0),
                "left by a purge: " + model);
    }

    void redrive(Address origin) {
        Address letters = DeadLetters.queueFor(origin);
        ModelLane model = world.model.lanes.get(StateRecords.laneKey(LaneId.of(letters)));
        if (model == null || model.emptying || world.node.lane(model.id).isEmpty()) {
            return;
        }
        model.emptying = true;
        world.attempt(() -> Transfer.redrive(world.node, origin));
        model.emptying = false;
    }
}
