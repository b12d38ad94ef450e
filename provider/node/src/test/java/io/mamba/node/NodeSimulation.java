package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.node.Session.Taken;
import io.mamba.node.Session.Work;
import io.mamba.transaction.BranchId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random program over a node, decided by its seed: several users, several lanes, a log that waits, refuses and
 * crashes. What must hold is checked after every step.
 */
final class NodeSimulation {
    private static final int SESSIONS = 4;

    /**
     * What a run came to.
     *
     * @param batches how many were appended
     * @param crashes how often the process died
     * @param trace the same for the same run
     */
    record Outcome(long batches, int crashes, int trace) {}

    private final World world;
    private final QueueSteps queues;
    private final BranchSteps branches;
    private final LaneSteps lanes;
    private final ReplaySteps replays;
    private final List<Session> sessions = new ArrayList<>();
    private boolean checkpointing;

    NodeSimulation(long seed, Engine engine) {
        world = new World(new Random(seed), engine, seed % 3 == 0, this::step);
        queues = new QueueSteps(world);
        branches = new BranchSteps(world, queues);
        lanes = new LaneSteps(world, queues);
        replays = new ReplaySteps(world);
    }

    /** Runs so many steps, then ends everything and looks at what is left. */
    Outcome run(int steps) {
        try {
            runSteps(steps);
            return world.outcome();
        } finally {
            world.engine.close();
        }
    }

    private void runSteps(int steps) {
        begin();
        for (int i = 0; i < steps; i++) {
            try {
                step();
                if (world.chance(6)) {
                    world.checkReplay();
                }
            } catch (World.Crash crash) {
                world.recover();
                begin();
            }
        }
        boolean finished = false;
        while (!finished) {
            try {
                world.engine.makeRoom();
                world.engine.proceed();
                finish();
                finished = true;
            } catch (World.Crash crash) {
                world.recover();
                begin();
            }
        }
    }

    private void begin() {
        sessions.clear();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new Session(world.node.newHolder()));
        }
        queues.forget();
        lanes.forget();
        branches.forgetUnprepared();
        checkpointing = false;
    }

    /** One step of somebody who is not in a call. */
    private void step() {
        try {
            List<Session> idle =
                    sessions.stream().filter(session -> !session.busy).toList();
            if (!idle.isEmpty()) {
                step(world.any(idle));
            }
            world.surface();
            world.check();
        } catch (RuntimeException | Error wrong) {
            world.checkAlive();
            world.note(wrong);
            throw wrong;
        }
    }

    private void step(Session session) {
        int dice = world.random.nextInt(100);
        if (dice < 70) {
            session.busy = true;
            try {
                use(session, dice);
            } finally {
                session.busy = false;
            }
        } else if (dice < 80) {
            time();
        } else if (dice < 86) {
            lanes.step();
        } else if (dice < 93) {
            disturb();
        } else {
            administer();
        }
    }

    private void use(Session session, int dice) {
        if (session.branch != null && dice >= 42 && dice < 56) {
            work(session);
        } else if (dice < 16) {
            queues.send();
        } else if (dice < 34) {
            withLane(session, false);
        } else if (dice < 38) {
            withLane(session, true);
        } else if (dice < 42) {
            if (!session.held.isEmpty()) {
                queues.mark(session, world.any(session.held));
            }
        } else if (dice < 46) {
            queues.settle(session);
        } else if (dice < 50) {
            queues.release(session, queues.someOfOneLane(session), queues.anyCause());
        } else if (dice < 53) {
            transact(session);
        } else if (dice < 61) {
            work(session);
        } else {
            branches.step(session);
        }
    }

    private void withLane(Session session, boolean demand) {
        ModelLane joined = lanes.anyJoined();
        Lane lane;
        ModelLane model;
        if (joined != null && world.chance(3)) {
            model = joined;
            lane = lanes.laneOf(joined);
        } else {
            Address queue = world.any(QueueSteps.QUEUES);
            Address from = demand || !world.chance(8) ? queue : DeadLetters.queueFor(queue);
            Lane there = queues.queue(from);
            if (there == null) {
                return;
            }
            lane = there;
            model = world.model.queue(from);
        }
        if (model.emptying || model.closing) {
            return;
        }
        if (demand) {
            if (world.chance(3)) {
                lanes.cancel(lane, model, session);
            } else {
                lanes.demand(session, lane, model);
            }
        } else {
            queues.acquire(session, lane, model);
        }
    }

    private void work(Session session) {
        Work inBranch = branches.workOf(session);
        Work unit = session.unit;
        if (inBranch != null) {
            workIn(session, inBranch);
        } else if (unit == null) {
            if (session.branch == null) {
                session.unit = new Work(world.node.newUnit());
            }
        } else if (!world.chance(3)) {
            workIn(session, unit);
        } else if (world.chance(2)) {
            queues.commit(session, unit);
        } else {
            session.unit = null;
            queues.rollBack(unit, () -> world.node.rollback(unit.unit));
        }
    }

    /** A transaction from its beginning, until its end or not. */
    private void transact(Session session) {
        if (session.unit != null || session.branch != null) {
            return;
        }
        boolean local = world.chance(3);
        if (local) {
            session.unit = new Work(world.node.newUnit());
        } else {
            branches.enter(session);
        }
        BranchId id = session.branch;
        Work work = local ? session.unit : branches.workOf(session);
        for (int i = world.random.nextInt(4); i >= 0 && work != null; i--) {
            withLane(session, false);
            workIn(session, work);
        }
        if (local && work != null && !world.chance(4)) {
            queues.commit(session, work);
        } else if (id != null && !world.chance(4)) {
            branches.leave(session);
            if (world.chance(4)) {
                branches.commit(id, true);
            } else {
                branches.prepare(id);
                if (world.chance(2)) {
                    branches.goOn(session, id);
                }
            }
        }
    }

    /** All that the session has, or some. */
    private void workIn(Session session, Work work) {
        for (int i = world.random.nextInt(4); i >= 0; i--) {
            queues.workIn(session, work);
        }
    }

    private void time() {
        if (world.chance(3)) {
            world.pass(Duration.ofMillis(world.random.nextInt(world.chance(10) ? 5_000 : 200)));
        } else {
            world.background();
        }
    }

    private void administer() {
        if (world.model.retains && world.chance(2)) {
            replays.step();
            return;
        }
        switch (world.random.nextInt(7)) {
            case 0, 1 -> checkpoint();
            case 2 -> queues.changeSelectors();
            case 3 -> lanes.purge(world.any(QueueSteps.QUEUES));
            case 4, 5 -> lanes.redrive(world.any(List.of(world.any(QueueSteps.QUEUES), world.any(QueueSteps.TOPICS))));
            default -> close(world.any(sessions));
        }
    }

    private void checkpoint() {
        if (!checkpointing && !Thread.holdsLock(world.node.subscriptions())) {
            checkpointing = true;
            try {
                world.attempt(world.node::checkpoint);
            } finally {
                checkpointing = false;
            }
        }
    }

    /** The session ends: what it has goes back. Another one begins. */
    private void close(Session session) {
        if (session.busy || session.branch != null) {
            return;
        }
        session.busy = true;
        lanes.cancelAll(session);
        Work unit = session.unit;
        if (unit != null) {
            queues.rollBack(unit, () -> world.node.rollback(unit.unit));
        }
        releaseAll(session);
        sessions.set(sessions.indexOf(session), new Session(world.node.newHolder()));
    }

    private void releaseAll(Session session) {
        while (!session.held.isEmpty()) {
            Lane lane = session.held.get(0).lane();
            List<Taken> ofLane =
                    session.held.stream().filter(one -> one.lane() == lane).toList();
            queues.release(session, ofLane, null);
        }
    }

    private void disturb() {
        switch (world.random.nextInt(18)) {
            case 0, 1, 2 ->
                world.engine.failNext(new MambaException(
                        world.chance(2) ? ErrorCode.RESOURCE_LIMIT : ErrorCode.UNAVAILABLE,
                        "refused by the simulation"));
            case 3, 4, 5 -> {
                if (world.engine.held() == 0) {
                    world.engine.hold(world.any(List.of(Durability.values())));
                }
            }
            case 6, 7 -> world.engine.proceed();
            case 8, 9, 10 -> {
                if (world.engine.held() > 0) {
                    world.engine.proceedOne();
                }
            }
            case 11 -> {
                if (world.chance(4)) {
                    world.breakDown(queues.persistent());
                }
                world.crash();
            }
            case 12, 13 -> world.engine.dieSoon();
            case 14 -> world.engine.fill();
            case 15 -> world.engine.makeRoom();
            default -> {
                if (world.waiting == 0 && world.chance(3)) {
                    world.restart();
                    begin();
                }
            }
        }
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    /** Everything is settled: the log needs nothing any more. */
    private void finish() {
        for (Session session : List.copyOf(sessions)) {
            branches.leave(session);
            close(session);
        }
        branches.finishAll();
        rest();
        for (int round = 0; round < 2; round++) { // draining a queue may bury what was at the limit before a restart
            for (ModelLane lane : List.copyOf(world.model.lanes.values())) {
                if (lane.id.destination().kind().isQueue()) {
                    drain(lane);
                }
            }
            rest();
        }
        lanes.leaveAll();
        rest();
        world.model.lanes.values().forEach(lane -> Model.check(lane.messages.isEmpty(), () -> "left: " + lane));
        while (world.attempt(world.node::checkpoint) != null) {
            world.check();
        }
        for (int i = 0; i < 3; i++) {
            world.attempt(world.node::checkpoint);
        }
        world.engine.checkEmpty();
        List<StoredRecord> contents = world.engine.contents();
        if (contents != null) {
            for (StoredRecord stored : contents) {
                LogRecord record = stored.record();
                Model.check(record.partition().equals(StateRecords.STATE), "left in the log: " + stored);
            }
        }
        world.check();
    }

    /** Time passes until nothing is to be done by itself. */
    private void rest() {
        for (int i = 0; i < 8; i++) {
            world.pass(Duration.ofSeconds(2));
            while (world.time.hasReady()) {
                world.background();
            }
            world.check();
        }
    }

    private void drain(ModelLane model) {
        Session session = sessions.get(0);
        for (int tries = 0; tries < 1000 && !model.messages.isEmpty(); tries++) {
            Lane lane = queues.queue(model.id.destination());
            if (lane != null) {
                queues.acquire(session, lane, model);
                List<Taken> held = List.copyOf(session.held);
                if (!held.isEmpty()) {
                    queues.settle(session);
                }
            }
        }
    }
}
