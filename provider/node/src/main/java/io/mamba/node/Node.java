package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.queue.Decision;
import io.mamba.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A log with its queues in memory: what a client works on. Opened by replay, closed with a checkpoint. Any thread may
 * call; what blocks, blocks on the log only.
 */
public final class Node implements AutoCloseable {
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);
    private static final System.Logger LOGGER = System.getLogger(Node.class.getName());

    private final MambaUrl url;
    private final Log log;
    private final Clock clock;
    private final Timers timers;
    private final Admission admission;
    private final Sending sending;
    private final Appender appender;
    private final Units units;
    private final Branches branches;
    private final Replays replays;
    private final Subscriptions subscriptions;
    private final Destinations destinations;
    private final Checkpointer checkpointer;
    private final Members members = new Members();
    private final Participation participation;
    private final Progress progress;
    private final EventsTail events;
    private final DefinitionsTail definitions;
    private final Names names;
    private final LogWatch watch;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<String> clientIds = ConcurrentHashMap.newKeySet();
    private final AtomicLong holders = new AtomicLong();
    private final AtomicReference<@Nullable MambaException> failure = new AtomicReference<>();
    private final List<Consumer<MambaException>> failureListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private Node(MambaUrl url, Log log, Clock clock, Timers timers, int pieceSize) {
        this.url = url;
        this.log = log;
        this.clock = clock;
        this.timers = timers;
        this.participation = new Participation(this, log, members);
        this.progress = new Progress(log);
        this.events = new EventsTail(this, log);
        this.definitions = new DefinitionsTail(this, log);
        this.names = new Names(this, log);
        this.watch = new LogWatch(this, log);
        this.admission = new Admission(this);
        this.sending = new Sending(this, log);
        this.appender = new Appender(this, log);
        this.units = new Units(appender, admission, this::drain);
        this.branches = new Branches(this, units, appender, new BranchJournal(this, log));
        this.replays = new Replays(log, appender, units, progress);
        this.subscriptions = new Subscriptions(this, replays);
        this.destinations = new Destinations(this, url);
        this.checkpointer = new Checkpointer(this, log, pieceSize);
    }

    /** Replays the log; takes it over: closed with the node, or here if the replay fails. */
    public static Node open(MambaUrl url, Log log, Clock clock, Threads threads) {
        return open(url, log, clock, new ScheduledTimers(clock, threads));
    }

    static Node open(MambaUrl url, Log log, Clock clock, Timers timers) {
        return open(url, log, clock, timers, Checkpointer.PIECE);
    }

    /** @param pieceSize of snapshots, in bytes */
    static Node open(MambaUrl url, Log log, Clock clock, Timers timers, int pieceSize) {
        Node node = new Node(url, log, clock, timers, pieceSize);
        boolean opened = false;
        try {
            node.participation.join();
            Recovery recovery = new Recovery(node, log);
            recovery.run();
            recovery.goLive();
            node.participation.goLive();
            if (log.shared()) {
                node.branches.open();
            }
            if (node.participation.isKeeper()) {
                node.destinations().ownersInOrder().forEach(node.checkpointer::retained);
            }
            node.timers.every(LOOK_AFTER, node.guarded(node::lookAfter));
            node.timers.every(Checkpointer.LOOK_AFTER, node.guarded(node::checkpointIfDue));
            opened = true;
            return node;
        } finally {
            if (!opened) {
                node.timers.close();
                log.close();
            }
        }
    }

    /** The lane of a queue, which is created by this if that is allowed; the first of its {@link #parts}. */
    public Lane queue(Address queue) {
        destinations.owner(queue);
        return lane(LaneId.of(queue))
                .orElseThrow(() -> new MambaException(ErrorCode.INVALID_DESTINATION, queue + " is not a queue."));
    }

    /** The lanes of one queue or subscription, one for each partition of its destination: its own is the first. */
    public List<Lane> parts(Lane first) {
        LaneId id = first.id();
        return Stream.concat(
                        Stream.of(first),
                        destinations.parts(id.destination()).stream()
                                .skip(1)
                                .flatMap(part -> lane(new LaneId(part, id.subscription())).stream()))
                .toList();
    }

    /** The lane, if it exists. */
    public Optional<Lane> lane(LaneId id) {
        return Optional.ofNullable(lanes.get(StateRecords.laneKey(id)));
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Destinations destinations() {
        return destinations;
    }

    public LogWatch watch() {
        return watch;
    }

    public Branches branches() {
        return branches;
    }

    /** A number for a session, under which it holds messages. */
    public long newHolder() {
        return holders.incrementAndGet();
    }

    /** As {@link #send(Envelope, Sender)}, for a send whose wait nobody ends. */
    public void send(Envelope message) {
        send(message, new Sender());
    }

    /**
     * Sends outside a transaction: a persistent message is durable on return. May wait for room in a full destination.
     *
     * @throws MambaException RESOURCE_LIMIT if the destination or the disk is full; ILLEGAL_STATE if the sender has ended
     */
    public void send(Envelope message, Sender sender) {
        checkAlive();
        sending.send(message, sender);
    }

    /** As {@link #send}; completes in the order of sending, by a thread of Mamba's. The caller waits for room, if any. */
    public CompletableFuture<Void> sendAsync(Envelope message, Sender sender) {
        checkAlive();
        return sending.sendAsync(message, sender);
    }

    public Unit newUnit() {
        return new Unit(this);
    }

    /** As {@link #commit(Unit, Sender)}, for one whose wait nobody ends. */
    public void commit(Unit unit) {
        commit(unit, new Sender());
    }

    /**
     * Durable on return; on an exception nothing of it is in the log and its messages are with their holders. May wait for
     * room in full destinations; what it takes from a queue counts as room there.
     */
    public void commit(Unit unit, Sender sender) {
        checkAlive();
        units.commit(unit, sender);
    }

    public void rollback(Unit unit) {
        units.rollback(unit);
    }

    /** Writes the delivery mark of a message that is about to be handed out. */
    public void mark(Lane lane, long holder, long position) {
        units.mark(lane, holder, position);
    }

    public void settle(Lane lane, long holder, long[] positions, Durability level) {
        checkAlive();
        units.settle(lane, holder, positions, level);
    }

    /**
     * Settled by and by: completed when it is written. Shared logs only, where a session would wait for every message.
     */
    public CompletableFuture<Void> settleLater(Lane lane, long holder, long[] positions) {
        checkAlive();
        return units.settleLater(lane, holder, positions);
    }

    /** @param cause what failed, for back-off and the dead-letter queue; null if the messages are only given back */
    public void release(Lane lane, long holder, long[] positions, @Nullable String cause) {
        units.release(lane, holder, positions, cause);
    }

    /** As {@link #release} of unread messages of a shared log; completed when they are back, or the log has refused that. */
    public CompletableFuture<Void> releaseLater(Lane lane, long holder, long[] positions) {
        return units.releaseLater(lane, holder, positions);
    }

    /** What one holder acquired and has not marked is another's from now on. */
    public void handOver(Lane lane, long holder, long[] positions, long to) {
        units.handOver(lane, holder, positions, to);
    }

    /**
     * The message at a position, from the log.
     *
     * @throws MambaException FENCED or INTERNAL if it is gone
     */
    public Envelope read(Lane lane, long position) {
        Envelope message = find(lane, position);
        if (message == null) {
            // In a shared log others may have finished it, if they took this node for dead.
            throw new MambaException(
                    log.shared() ? ErrorCode.FENCED : ErrorCode.INTERNAL,
                    "Message " + position + " of " + lane.id() + " is not in the log any more.");
        }
        return message;
    }

    /** As {@link #read}; null if the message is gone. */
    public @Nullable Envelope find(Lane lane, long position) {
        return lane.owner().read(position);
    }

    /** Those of the messages that are at hand after one read, which is for the first of them, if they are there at all. */
    public Map<Long, Envelope> readSome(Lane lane, long[] positions) {
        return lane.owner().reading().read(lane, positions);
    }

    /** What waits and is visible in a queue now, in the order of delivery in each partition; read when it is come to. */
    public Iterable<Envelope> browse(Address queue) {
        Map<Lane, List<Long>> now = new LinkedHashMap<>();
        parts(queue(queue)).forEach(lane -> now.put(lane, browse(lane)));
        return () -> now.entrySet().stream()
                .map(entry -> entry.getValue().stream().map(position -> find(entry.getKey(), position)))
                .reduce(Stream.empty(), Stream::concat)
                .filter(Objects::nonNull)
                .iterator();
    }

    /** What waits and is visible in a lane now, in delivery order. */
    List<Long> browse(Lane lane) {
        awaitSeen(lane);
        return lane.owner().inbox().ask(() -> {
            List<Long> positions = new ArrayList<>();
            lane.state().browse(now()).forEachRemaining((Long position) -> positions.add(position));
            return positions;
        });
    }

    /**
     * What a queue has done with and is retained from this place on waits in it again, as if never delivered. What waits
     * or is held stays as it is.
     */
    public Replayed replay(Address queue, StartFrom from) {
        checkAlive();
        return replays.moveAll(parts(queue(queue)), from, false);
    }

    /** Removes what waits in a queue, durably. @return how many messages */
    public int purge(Address queue) {
        checkAlive();
        int purged = 0;
        for (Lane lane : parts(queue(queue))) {
            awaitSeen(lane);
            purged += units.purge(lane);
        }
        return purged;
    }

    /** False if another connection has the client id. */
    public boolean claimClientId(String clientId) {
        if (!clientIds.add(clientId)) {
            return false;
        }
        boolean taken = false;
        try {
            taken = names.take("client/" + clientId, true);
            return taken;
        } finally {
            if (!taken) {
                clientIds.remove(clientId);
            }
        }
    }

    public void releaseClientId(String clientId) {
        try {
            names.letGo("client/" + clientId);
        } finally {
            clientIds.remove(clientId);
        }
    }

    /** Told when the log has failed and nothing works any more. */
    public void onFailure(Consumer<MambaException> listener) {
        failureListeners.add(listener);
    }

    /** Whether the log has failed: then another node must be opened. */
    public boolean hasFailed() {
        return failure.get() != null;
    }

    public void removeFailureListener(Consumer<MambaException> listener) {
        failureListeners.remove(listener);
    }

    /** What every destination but the temporary ones holds. */
    public List<DestinationStatus> status() {
        seeAll();
        return destinations.status();
    }

    /** Snapshots and the log's checkpoint, now. */
    public void checkpoint() {
        try {
            checkpointer.run();
        } catch (MambaException refused) {
            throw failed(refused);
        }
    }

    /** A last checkpoint, then the log is closed. Idempotent as far as the log is. */
    @Override
    public void close() {
        closed = true;
        destinations.endWaits();
        timers.close();
        try {
            if (failure.get() == null && participation.isKeeper()) {
                checkpointer.run();
            }
        } finally {
            participation.leave();
            progress.end();
            log.close();
        }
    }

    public MambaUrl url() {
        return url;
    }

    /** The node's name, which its branches carry. */
    public String name() {
        return url.option("node").orElse("");
    }

    public Instant now() {
        return clock.instant();
    }

    Log log() {
        return log;
    }

    Members members() {
        return members;
    }

    Participation participation() {
        return participation;
    }

    Progress progress() {
        return progress;
    }

    EventsTail events() {
        return events;
    }

    /** Whether another node of a shared log has the name. */
    boolean isAnothers(String name) {
        return log.shared() && members.isAnothers(participation.number(), name);
    }

    Names names() {
        return names;
    }

    DefinitionsTail definitions() {
        return definitions;
    }

    Collection<Lane> lanes() {
        return lanes.values();
    }

    @Nullable
    Lane lane(String key) {
        return lanes.get(key);
    }

    /** Returns when what any node has completed about this lane before is seen by it. */
    void awaitSeen(Lane lane) {
        if (log.shared() && !lane.memoryOnly()) {
            progress.await(List.of(lane.owner().partition(), StateRecords.EVENTS));
        } else if (log.shared()) {
            progress.await(List.of(lane.owner().partition()));
        }
    }

    /** Returns when all that any node of a shared log has defined and completed before is seen here, for those who count. */
    void seeAll() {
        if (log.shared()) {
            definitions.await();
            units.awaitSettled(any -> true);
            awaitAll();
        }
    }

    /** Returns when all lanes have seen what any node has completed before. */
    void awaitAll() {
        List<Partition> all = new ArrayList<>();
        all.add(StateRecords.EVENTS);
        destinations.owners().forEach(owner -> all.add(owner.partition()));
        progress.await(all);
        destinations.owners().forEach(PartitionOwner::catchUp);
    }

    void followTemporaries() {
        new TemporaryMessages(this, log).goLive();
    }

    /** A new temporary destination's address. */
    public Address temporary(Address.Kind kind, String name) {
        return log.shared() ? Address.temporary(kind, participation.number(), name) : new Address(kind, name);
    }

    /** The node has become another member. */
    void joinLanes() {
        long number = participation.number();
        lanes.values()
                .forEach(lane -> lane.owner().inbox().ask(() -> {
                    lane.join(number);
                    return lane;
                }));
    }

    /** From now on this node does what nobody else does. */
    void becameKeeper() {
        for (PartitionOwner owner : destinations.ownersInOrder()) {
            owner.inbox().execute(owner::kept);
        }
    }

    /** The node cannot go on. */
    void stop(MambaException reason) {
        if (failure.compareAndSet(null, reason)) {
            LOGGER.log(System.Logger.Level.ERROR, "The node of " + url + " stops: " + reason.getMessage(), reason);
            destinations.endWaits();
            progress.end();
            failureListeners.forEach(listener -> execute(() -> listener.accept(reason)));
        }
    }

    Appender appender() {
        return appender;
    }

    Units units() {
        return units;
    }

    Admission admission() {
        return admission;
    }

    /** Runs it soon on a thread of the node's own. */
    public void execute(Runnable task) {
        timers.execute(guarded(task));
    }

    /** As {@link #execute}, for what never waits for anything. */
    void drain(Runnable task) {
        timers.drain(guarded(task));
    }

    public void at(Instant when, Runnable task) {
        timers.at(when, guarded(task));
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error defect) {
                defect(defect);
            }
        };
    }

    PartitionOwner owner(Address address) {
        return destinations.owner(address);
    }

    void ensureOwner(Partition partition) {
        destinations.of(partition).map(Address::whole).ifPresent(destinations::ensure);
    }

    void ensureExists(Address address) {
        destinations.ensure(address);
    }

    void register(Lane lane) {
        String key = StateRecords.laneKey(lane.id());
        events.register(key, lane, () -> lanes.put(key, lane));
    }

    void unregister(Lane lane) {
        lanes.remove(StateRecords.laneKey(lane.id()));
    }

    /** Runs it while no snapshot is under way. */
    void whileNoCheckpoint(Runnable task) {
        checkpointer.paused(task);
    }

    void appendState(Batch batch, Durability level) {
        try {
            log.appendAndWait(log.shared() ? definitions.signed(batch) : batch, level);
        } catch (MambaException refused) {
            throw failed(refused);
        }
    }

    /** The log has to know it before anything that stays by it is settled. */
    void writeRetained(PartitionOwner owner) {
        checkpointer.retained(owner);
    }

    void writeLater(Lane lane, Decision decision) {
        appender.appendLater(lane, decision);
    }

    /** Notes a refusal; one that means the end of the log is told to everybody, once. */
    MambaException failed(RuntimeException refusal) {
        MambaException error = Futures.error(refusal);
        if (error.code().category() == ErrorCode.Category.FATAL) {
            stop(error);
        }
        return error;
    }

    /** What a task of an inbox or a timer threw. */
    void defect(Throwable thrown) {
        failed(
                thrown instanceof MambaException known && known.code().category() == ErrorCode.Category.FATAL
                        ? known
                        : new MambaException(ErrorCode.INTERNAL, "A defect in Mamba: " + thrown, thrown));
    }

    void checkAlive() {
        MambaException failed = failure.get();
        if (failed != null) {
            throw new MambaException(failed.code(), "The log has failed before: " + failed.getMessage(), failed);
        }
        if (closed) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "The log is closed.");
        }
    }

    /** What nobody asks for: called every second. */
    private void lookAfter() {
        if (log.shared()) {
            watch.run();
        }
    }

    private void checkpointIfDue() {
        if (failure.get() == null && participation.isKeeper()) {
            checkpointer.runIfDue();
        }
    }
}
