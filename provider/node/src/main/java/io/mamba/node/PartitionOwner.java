package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.log.Tail;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import io.mamba.queue.Decision;
import io.mamba.queue.Load;
import io.mamba.queue.QueueSettings;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * All lanes of one partition, fed by its tail. Everything here is owned by the inbox: methods that do not say otherwise
 * are called from its tasks.
 */
final class PartitionOwner {
    private static final System.Logger LOGGER = System.getLogger(PartitionOwner.class.getName());
    private static final int RELEASED_AT_ONCE = 10_000;
    /** More than that are not folded by who tells of them: sends to all other partitions complete behind it. */
    private static final int FOLDED_AT_ONCE = 256;

    private final Address address;
    private final Partition partition;
    private final Node node;
    private final Inbox inbox;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<Lane, Long> watched = new LinkedHashMap<>();
    private final EnvelopeCache cache = new EnvelopeCache();
    private final ReadAhead reading;
    private volatile DestinationSettings settings;
    private final Gate gate;
    private final Backlog backlog;
    private final ReplayStock stock;

    private long folded;
    /** The node has become the keeper: the log is told what is needed, and what was left to the keeper is done. */
    void kept() {
        if (!address.kind().isTemporary()) {
            node.log().retain(partition, stock.from(toldUpTo), needed());
        }
        lanes.values().forEach(lane -> lane.tick(now()));
    }

    /** Of a shared log: messages in front of it have come. */
    private long toldUpTo;

    private boolean live;
    /** What comes later came in by this gate; earlier ones were sent to a destination of the same name that is deleted. */
    private long countedFrom;

    private volatile boolean durable;
    private volatile @Nullable Tail tail;
    /** How many wait for messages of its lanes. */
    private int waiting;

    PartitionOwner(Address address, Node node) {
        this.address = address;
        this.partition = node.destinations().partitionOf(address);
        this.node = node;
        this.settings = node.destinations().settings().effective(address);
        this.inbox = new Inbox(node::drain, node::defect);
        this.gate = new Gate(
                address,
                node::checkAlive,
                this::seeAll,
                new OldestOut(this, node.appender())::makeRoom,
                this::becameFull,
                node.log().shared());
        this.backlog = new Backlog(gate);
        this.stock = new ReplayStock(this, node);
        this.reading = new ReadAhead(this, node);
    }

    Address address() {
        return address;
    }

    Partition partition() {
        return partition;
    }

    /** Whether its topic is another program's: what is there stays as long as that wants, and all of it can be replayed. */
    boolean isBound() {
        return partition.isForeign();
    }

    /** May be called by any thread. */
    Inbox inbox() {
        return inbox;
    }

    /** What lets messages in. May be used by any thread. */
    Gate gate() {
        return gate;
    }

    /** How the lanes here treat failing messages, as far as their receivers say nothing else. */
    QueueSettings rules() {
        return node.destinations().settings().rules(address);
    }

    /** What stays for replay. Owned by the inbox. */
    ReplayStock stock() {
        return stock;
    }

    Instant now() {
        return node.now();
    }

    /** From here on the lanes follow the log. Called once, by the thread that opens the node or creates the owner. */
    void goLive() {
        goLive(node.log().shared() ? toldUpTo : node.log().fence(partition));
    }

    /** As {@link #goLive()}, beginning with the records from this position on. */
    synchronized void goLive(long from) {
        inbox.execute(() -> {
            live = true;
            countedFrom = node.log().shared() ? Long.MAX_VALUE : node.log().fence(partition);
            toldUpTo = Math.max(toldUpTo, from);
            folded = Math.max(folded, from);
            stock.trim();
            lanes.values().forEach(Lane::dispatch);
        });
        if (!address.kind().isTemporary()) {
            node.progress().begin(partition, from);
            tail = node.log().tail(partition, from, (ignored, records, next) -> {
                arrived(records, next);
                node.progress().told(partition, next);
            });
            inbox.execute(() -> waiting(0));
        }
    }

    /** So many more wait for messages of its lanes, or fewer: while there are none, the log may tell of several at once. */
    void waiting(int more) {
        waiting += more;
        Tail followed = tail;
        if (followed != null) {
            followed.awaited(waiting > 0);
        }
    }

    /**
     * The destination is deleted: its lanes end, and the tail. May be called by any thread.
     *
     * @return what comes from this position on is not deleted with it
     * @throws MambaException ILLEGAL_STATE if a transaction branch in doubt has messages of it
     */
    synchronized long delete() {
        long end = inbox.ask(() -> {
            checkDeletable();
            lanes.values().forEach(Lane::end);
            return folded;
        });
        end();
        return end;
    }

    /** As {@link #delete}, without doing it. */
    void checkMayBeDeleted() {
        inbox.ask(() -> {
            checkDeletable();
            return folded;
        });
    }

    private void checkDeletable() {
        if (stock.isKeepingAll()) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE, address.whole() + " is being replayed; delete it when that is done.");
        }
        for (Lane lane : lanes.values()) {
            if (lane.state().counts().prepared() > 0) {
                throw new MambaException(
                        ErrorCode.ILLEGAL_STATE,
                        lane.id() + " has messages in transaction branches that are in doubt: let their transaction"
                                + " manager finish them, then delete it.");
            }
        }
    }

    /** Another node of a shared log has deleted it. May be called by any thread. */
    synchronized void deleted() {
        inbox.ask(() -> {
            lanes.values().forEach(Lane::end);
            return folded;
        });
        end();
    }

    /** The partition is gone. May be called by any thread. */
    private synchronized void end() {
        Tail followed = tail;
        if (followed != null) {
            followed.close();
            node.progress().ended(partition);
        }
        inbox.execute(() -> {
            lanes.clear();
            watched.clear();
            stock.end();
        });
        gate.open(Limits.NONE, Load.NONE);
    }

    /** The temporary destination is gone: so is what its lanes hold and what arrives yet. May be called by any thread. */
    void endTemporary() {
        inbox.execute(() -> List.copyOf(lanes.values()).forEach(this::remove));
    }

    /**
     * Records that are committed, in order. Any thread.
     *
     * @param next in a shared log, all in front of it have come now
     */
    void arrived(List<StoredRecord> records, long next) {
        if (records.size() > FOLDED_AT_ONCE) {
            inbox.executeElsewhere(() -> committed(records, next));
        } else {
            inbox.execute(() -> committed(records, next));
        }
    }

    /** Of a shared log: messages in front of it have come. */
    long toldUpTo() {
        return toldUpTo;
    }

    /** All messages in front of it were replayed. */
    void replayedUpTo(long position) {
        toldUpTo = Math.max(toldUpTo, position);
    }

    /** Any thread. */
    @Nullable
    Lane lane(String subscription) {
        return inbox.ask(() -> lanes.get(subscription));
    }

    /** Any thread, by way of the inbox. */
    Collection<Lane> lanes() {
        return inbox.ask(() -> List.copyOf(lanes.values()));
    }

    Collection<Lane> lanesHere() {
        return lanes.values();
    }

    void add(Lane lane) {
        lane.join(node.participation().number());
        lanes.put(lane.id().subscription(), lane);
        noteDurability();
    }

    void noteDurability() {
        durable = stock.keeps() || lanes.values().stream().anyMatch(lane -> !lane.memoryOnly());
    }

    /** Whether a persistent message must survive a power loss: somebody would still want it then. Any thread. */
    boolean isDurable() {
        return durable;
    }

    /** A subscription is over: what only it still needed goes. */
    void remove(Lane lane) {
        lane.end();
        if (!lanes.remove(lane.id().subscription(), lane)) {
            return;
        }
        noteDurability();
        watched.remove(lane);
        PrimitiveIterator.OfLong live = lane.state().live();
        while (live.hasNext()) {
            release(Ascending.take(live, RELEASED_AT_ONCE));
        }
    }

    /** Before it every record has been committed, and told to this owner's tail. */
    long fence() {
        return node.log().fence(partition);
    }

    /** Whether the log is followed: before, it is replayed. */
    boolean isLive() {
        return live;
    }

    /** Where a subscription that begins now reads from. */
    long foldedUpTo() {
        return folded;
    }

    /** A record read during replay. */
    void replay(StoredRecord record) {
        fold(record);
    }

    /** What any lane still needs, ascending. Valid until the next change. */
    PrimitiveIterator.OfLong needed() {
        return Ascending.merge(
                lanes.values().stream().map(lane -> lane.state().live()).toList());
    }

    @Nullable
    Envelope cached(long position) {
        return cache.get(position);
    }

    /** It was read, and will be wanted soon. */
    void cache(long position, Envelope message) {
        cache.put(position, message);
    }

    /** What reads messages that are wanted soon. May be used by any thread. */
    ReadAhead reading() {
        return reading;
    }

    /** Reads a message from the log; null if it is not there any more. May be called by any thread. */
    @Nullable
    Envelope read(long position) {
        StoredRecord record = node.log().get(partition, position);
        return record == null ? null : MessageCodec.decode(record.record(), address.whole());
    }

    /** A lane has done with these. */
    void settled(long[] positions) {
        if (live) {
            release(positions);
        }
    }

    /** Appends what a decision made in the inbox says, without waiting. */
    void write(Lane lane, Decision decision) {
        if (!decision.events().isEmpty() && !lane.hasEnded()) {
            node.writeLater(lane, decision);
        }
    }

    /** Runs it in the inbox at that time. */
    void at(Instant when, Runnable task) {
        node.at(when, () -> inbox.execute(task));
    }

    /** A number under which messages are held. Any thread. */
    long newHolder() {
        return node.newHolder();
    }

    /** Whether this node does what nobody else does. */
    boolean isKept() {
        return node.participation().isKeeper();
    }

    /** As {@link Lane#seesLate}. */
    boolean seesLate() {
        return node.log().shared();
    }

    /** As {@link Lane#awaitSeen}. */
    void awaitSeen(Lane lane) {
        node.awaitSeen(lane);
    }

    /** Sees to it that the lane gets a tick at the deadline. */
    void watch(Lane lane, Optional<Instant> deadline) {
        if (!live || deadline.isEmpty() || lane.hasEnded()) {
            return;
        }
        long at = deadline.get().toEpochMilli();
        Long already = watched.get(lane);
        if (already != null && already <= at) {
            return;
        }
        watched.put(lane, at);
        node.at(
                deadline.get(),
                () -> inbox.execute(() -> {
                    if (watched.remove(lane, at)) {
                        lane.tick(now());
                    }
                }));
    }

    /** What holds for the destination. Any thread. */
    DestinationSettings settings() {
        return settings;
    }

    /** What is said about the destination holds from now on. Any thread; waits for sends that are under way. */
    void configure() {
        synchronized (gate) { // not the owner's lock: those under way may need that
            DestinationSettings changed = node.destinations().settings().effective(address);
            settings = changed;
            QueueSettings rules = rules();
            lanes().forEach(lane -> lane.rules(rules));
            Limits limits = Limits.of(changed);
            if (!limits.equals(gate.limits())) {
                limit(limits);
            }
        }
    }

    private void limit(Limits limits) {
        gate.close();
        inbox.ask(() -> {
            Load held = backlog.count(limits.countBytes(), needed(), position -> {
                StoredRecord record = node.log().get(partition, position);
                return record == null ? null : record.record();
            });
            gate.open(limits, held.plus(node.branches().preparedFor(partition)));
            return held;
        });
    }

    /** What a unit finishes of this queue when it is committed. Any thread. */
    Load finishedBy(Unit unit) {
        if (!address.kind().isQueue() || gate.limits().equals(Limits.NONE)) {
            return Load.NONE;
        }
        long[] taken = unit.takenFrom(this);
        return taken.length == 0 ? Load.NONE : inbox.ask(() -> load(taken));
    }

    /** How much these messages are, as far as limits count it. */
    Load load(long[] positions) {
        return backlog.load(positions);
    }

    /** Returns when the lanes have applied what was appended before. Any thread but the inbox's. */
    void catchUp() {
        inbox.ask(() -> live);
    }

    /** Returns when the lanes have seen what any node completed before, and this one settled. Any thread but the inbox's. */
    private void seeAll() {
        node.units().awaitSettled(partition::equals);
        node.progress().await(List.of(partition, StateRecords.EVENTS));
        catchUp();
    }

    /** Any thread. */
    private void becameFull(Limits limits, Load used) {
        node.execute(() -> inbox.execute(() -> {
            String then = switch (limits.whenFull()) {
                case BLOCK -> "sends to it wait";
                case REFUSE -> "sends to it are refused";
                case OLDEST_TO_DLQ -> "its oldest messages go to " + DeadLetters.queueFor(address);
            };
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    address.inWords() + " is full (" + limits.text(used) + "): " + then + "."
                            + slowest().map(lane -> " " + slowness(lane)).orElse(""));
        }));
    }

    private Optional<Lane> slowest() {
        return address.kind().isQueue()
                ? Optional.empty()
                : lanes.values().stream().max(Comparator.comparingLong(Lane::depth));
    }

    private static String slowness(Lane lane) {
        return "The subscription " + lane.id().subscription() + " holds back " + lane.depth()
                + " messages: receive from it, unsubscribe it, or raise the limits.";
    }

    private void committed(List<StoredRecord> records, long next) {
        for (StoredRecord record : records) {
            fold(record);
        }
        toldUpTo = Math.max(toldUpTo, next);
        folded = node.log().shared() ? Math.max(folded, next) : folded;
        lanes.values().forEach(Lane::applyTold);
        stock.trim();
        lanes.values().forEach(Lane::dispatch);
    }

    private void fold(StoredRecord record) {
        Envelope message = MessageCodec.decode(record.record(), address.whole());
        boolean wanted = false;
        for (Lane lane : lanes.values()) {
            wanted |= lane.fold(record.position(), message);
        }
        folded = Math.max(folded, record.position() + 1);
        boolean stays = stock.add(record);
        if (!live) {
            return;
        }
        if (record.position() < countedFrom) {
            gate.count(Admission.load(record.record()));
        }
        backlog.arrived(record, wanted);
        if (wanted) {
            cache.put(record.position(), message);
        } else if (!stays) {
            node.log().release(partition, new long[] {record.position()});
        }
    }

    private void release(long[] positions) {
        long[] free = unneeded(LongStream.of(positions));
        for (long position : free) {
            cache.remove(position);
        }
        backlog.done(free);
        long[] going =
                LongStream.of(free).filter(position -> !stock.keeps(position)).toArray();
        if (going.length > 0) {
            node.log().release(partition, going);
        }
    }

    /** Those of these messages that no lane needs. */
    long[] unneeded(LongStream positions) {
        return positions
                .filter(position ->
                        lanes.values().stream().noneMatch(lane -> lane.state().holds(position)))
                .toArray();
    }

    /** Messages that no lane needed are needed again: they count for limits as others do that wait. */
    void neededAgain(long[] positions) {
        if (!live || gate.limits().equals(Limits.NONE)) {
            return;
        }
        for (long position : positions) {
            StoredRecord record = node.log().get(partition, position);
            if (record != null) {
                gate.count(Admission.load(record.record()));
                backlog.arrived(record, true);
            }
        }
    }
}
