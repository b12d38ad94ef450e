package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.WhenFull;
import io.mamba.message.Address;
import io.mamba.queue.Load;
import io.mamba.queue.Room;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What lets messages into a destination: at once where it has no limits, else when its {@link Room} has place for them.
 * Every {@link #enter} is followed by {@link #done} or {@link #refused}. Thread-safe: the room is owned by the lock, which
 * is held shortly and never while another is waited for.
 */
final class Gate {
    private enum State {
        /** There are no limits: only who is under way is counted. */
        OPEN,
        LIMITED,
        /** Limits are changing: nobody gets in. */
        CLOSED
    }

    private final Address address;
    /** Of a shared log: whatever arrives is counted by {@link #count}, whoever sent it; own sends count until they are there. */
    private final boolean countsArrivals;

    /** Throws if nothing works any more. */
    private final Runnable checkAlive;
    /** Returns when everything is known that arrived or was settled before. */
    private final Runnable catchUp;
    /** Moves the oldest messages out; false if there are none. */
    private final Predicate<Load> makeRoom;
    /** Told once each time it becomes full. */
    private final BiConsumer<Limits, Load> onFull;

    private final AtomicInteger underWay = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Room.Place, Condition> waiting = new HashMap<>();
    /** One at a time moves the oldest messages out, so that not more go than must. */
    private final ReentrantLock makingRoom = new ReentrantLock();

    private volatile State state = State.OPEN;
    private volatile Limits limits = Limits.NONE;
    private Room room = new Room(Long.MAX_VALUE, Long.MAX_VALUE, Load.NONE);
    private boolean full;

    Gate(
            Address address,
            Runnable checkAlive,
            Runnable catchUp,
            Predicate<Load> makeRoom,
            BiConsumer<Limits, Load> onFull,
            boolean countsArrivals) {
        this.countsArrivals = countsArrivals;
        this.address = address;
        this.checkAlive = checkAlive;
        this.catchUp = catchUp;
        this.makeRoom = makeRoom;
        this.onFull = onFull;
    }

    Limits limits() {
        return limits;
    }

    /** What is held and promised; meaningless without limits. */
    Load used() {
        lock.lock();
        try {
            return room.used();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a batch in. Waits, makes room or refuses as the limits say.
     *
     * @param frees what of this destination the same batch finishes
     * @throws MambaException RESOURCE_LIMIT; ILLEGAL_STATE if the sender has ended
     */
    void enter(Load load, Load frees, Sender sender) {
        if (countsArrivals && state == State.LIMITED) {
            catchUp.run(); // what was sent before, by whichever node, counts
        }
        enter(() -> passes(counted(load), counted(frees), sender));
    }

    /** Lets in what nobody may refuse: dead letters and expired messages. They count. */
    void enterAnyway(Load load) {
        enter(() -> {
            room.takeAnyway(counted(load));
            return true;
        });
    }

    /** Lets in what was counted before: the sends of a prepared branch. */
    void enterCounted() {
        enter(() -> true);
    }

    private void enter(BooleanSupplier tryPassing) {
        underWay.incrementAndGet();
        if (state == State.OPEN) {
            return;
        }
        leave();
        lock.lock();
        try {
            boolean passed = false;
            while (!passed) {
                awaitOpening();
                passed = tryPassing.getAsBoolean();
            }
            underWay.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** Messages are there that came in another way. */
    void count(Load load) {
        lock.lock();
        try {
            room.takeAnyway(counted(load));
        } finally {
            lock.unlock();
        }
    }

    /** What was let in is in the log. */
    void done(Load load) {
        if (countsArrivals) {
            free(load);
        }
        leave();
    }

    /** What was let in was refused by the log. */
    void refused(Load load) {
        free(load);
        leave();
    }

    /** Messages are done with. */
    void free(Load load) {
        if (state == State.OPEN) {
            return;
        }
        lock.lock();
        try {
            serve(room.free(counted(load)));
            full &= !room.isRelaxed();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps everybody out, and returns when nobody is under way. Then {@link #open} is called. */
    void close() {
        lock.lock();
        try {
            state = State.CLOSED;
            waiting.values().forEach(Condition::signal);
            while (underWay.get() > 0) {
                checkAlive.run();
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param held what is in the destination, and in prepared branches for it */
    void open(Limits limits, Load held) {
        lock.lock();
        try {
            this.limits = limits;
            room = new Room(limits.maxMessages(), limits.maxBytes(), counted(held));
            full = false;
            state = limits.equals(Limits.NONE) ? State.OPEN : State.LIMITED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Who waits looks again whether that makes sense. */
    void wake() {
        lock.lock();
        try {
            waiting.values().forEach(Condition::signal);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        if (underWay.decrementAndGet() == 0 && state == State.CLOSED) {
            wake();
        }
    }

    private void awaitOpening() {
        while (state == State.CLOSED) {
            checkAlive.run();
            changed.awaitUninterruptibly();
        }
    }

    /** False if the limits change meanwhile. */
    private boolean passes(Load load, Load frees, Sender sender) {
        if (room.take(load, frees)) {
            return true;
        }
        lock.unlock();
        try {
            catchUp.run();
        } finally {
            lock.lock();
        }
        if (state != State.LIMITED) {
            return false;
        }
        if (room.take(load, frees)) {
            return true;
        }
        if (!room.couldEverFit(load, frees)) {
            throw new MambaException(
                    ErrorCode.RESOURCE_LIMIT,
                    address.inWords() + " can never take " + load.messages() + " messages"
                            + (limits.countBytes() ? " of " + load.bytes() + " bytes" : "")
                            + " at once: its limits are " + limits.text(Load.NONE)
                            + ". Send less at once, or raise maxMessages and maxBytes.");
        }
        if (limits.whenFull() == WhenFull.REFUSE) {
            noteFull();
            throw refusal("the send was refused at once (whenFull=refuse)");
        }
        Room here = room;
        Room.Place place = here.queue(load, frees);
        waiting.put(place, lock.newCondition());
        sender.waitsAt(this);
        try {
            noteFull(); // in line already: whoever is told may free what this sender waits for
            if (limits.whenFull() == WhenFull.OLDEST_TO_DLQ) {
                awaitRoomMade(here, place);
            } else {
                awaitRoom(here, place, sender);
            }
        } finally {
            sender.waitsNoMoreAt(this);
            waiting.remove(place);
            if (!place.isServed()) {
                serve(here.leave(place));
            }
        }
        return isLimitedBy(here);
    }

    private void noteFull() {
        if (!full) {
            full = true;
            onFull.accept(limits, room.used());
        }
    }

    private void awaitRoom(Room here, Room.Place place, Sender sender) {
        Condition served = waiting.get(place);
        long left = limits.sendTimeout().toNanos();
        while (mustWait(here, place) && served != null) {
            checkAlive.run();
            if (sender.hasEnded()) {
                throw new MambaException(
                        ErrorCode.ILLEGAL_STATE,
                        "A send that waited for room in " + address.inWords() + " was ended: its session is closed.");
            }
            if (left <= 0) {
                throw refusal("the send was refused after it had waited for "
                        + limits.sendTimeout().toMillis() + " ms (whenFull=block, sendTimeout)");
            }
            try {
                left = served.awaitNanos(left);
            } catch (InterruptedException disturbed) {
                Thread.currentThread().interrupt();
                if (mustWait(here, place)) {
                    throw refusal("the thread was interrupted while its send waited for room");
                }
            }
        }
    }

    private void awaitRoomMade(Room here, Room.Place place) {
        while (mustWait(here, place)) {
            checkAlive.run();
            lock.unlock();
            boolean moved;
            try {
                moved = makeRoomFor(here, place);
            } finally {
                lock.lock();
            }
            if (!moved && mustWait(here, place)) {
                throw refusal("the send was refused, since none of them could go to the dead-letter queue"
                        + " (whenFull=oldestToDlq): all are with consumers, in transactions or wait for a time");
            }
        }
    }

    private boolean makeRoomFor(Room here, Room.Place place) {
        makingRoom.lock();
        try {
            Load missing;
            lock.lock();
            try {
                if (!mustWait(here, place)) {
                    return true;
                }
                missing = here.missing(place);
            } finally {
                lock.unlock();
            }
            return makeRoom.test(missing);
        } finally {
            makingRoom.unlock();
        }
    }

    private boolean mustWait(Room here, Room.Place place) {
        return !place.isServed() && isLimitedBy(here);
    }

    /** False once the limits have changed, or are about to. */
    private boolean isLimitedBy(Room here) {
        return state == State.LIMITED && room.equals(here);
    }

    private void serve(List<Room.Place> served) {
        for (Room.Place place : served) {
            Condition waits = waiting.get(place);
            if (waits != null) {
                waits.signal();
            }
        }
    }

    private MambaException refusal(String what) {
        return new MambaException(
                ErrorCode.RESOURCE_LIMIT,
                address.inWords() + " is full (" + limits.text(room.used()) + "): " + what
                        + ". Receive messages from it, or raise its limits.");
    }

    private Load counted(Load load) {
        return limits.countBytes() ? load : new Load(load.messages(), 0);
    }
}
