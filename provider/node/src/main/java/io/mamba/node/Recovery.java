package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Log;
import io.mamba.log.Partition;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueSettings;
import io.mamba.queue.QueueState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds the lanes from the log when a node opens: snapshots first, then the data and the events behind them. Runs in the
 * opening thread, before anybody else can see the node.
 */
final class Recovery implements StateRecords.StateReader {
    private static final System.Logger LOGGER = System.getLogger(Recovery.class.getName());

    private final Node node;
    private final Log log;
    private final TreeSet<Address> addresses = new TreeSet<>();
    /** Those that no record speaks of, with the number of their partitions. */
    private final Map<Address, Integer> found = new TreeMap<>();

    private final List<StateRecords.SubscriptionRecord> subscriptions = new ArrayList<>();
    private final Map<LaneId, StateRecords.SnapshotHead> heads = new HashMap<>();
    private final Map<LaneId, List<StateRecords.SnapshotPiece>> pieces = new HashMap<>();
    private final Map<Address, PartitionOwner> owners = new TreeMap<>();
    private final Map<Partition, PartitionOwner> byPartition = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<Partition, Long> readFrom = new HashMap<>();
    private final Map<Address, Retained.State> retained = new HashMap<>();
    /** From where on the lanes and definitions follow the tails of a shared log. */
    private long eventsTo;

    private long definitionsTo;
    private Map<Partition, Long> messagesTo = Map.of();

    Recovery(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    void run() {
        eventsTo = log.fence(StateRecords.EVENTS);
        definitionsTo = log.fence(StateRecords.STATE);
        log.latest(StateRecords.STATE, record -> StateRecords.readState(record.record(), this));
        Map<Address, Integer> there = new TreeMap<>();
        for (Partition partition : log.partitions()) {
            Address.of(partition).ifPresent(part -> {
                there.merge(part.whole(), part.part() + 1, Math::max);
                if (!addresses.contains(part.whole())
                        && log.fence(partition)
                                > node.destinations().former(part).foldFrom()) {
                    found.merge(part.whole(), part.part() + 1, Math::max);
                }
            });
        }
        found.forEach((address, count) -> {
            addresses.add(address);
            node.destinations()
                    .partitions(
                            address,
                            Math.max(count, log.create(address.partition().topic(), 1)));
        });
        if (log.shared()) {
            there.forEach((address, count) -> {
                if (node.destinations().boundTopic(address).isEmpty()) {
                    warnIfGrown(address, count);
                }
            });
            addresses.forEach(this::warnIfBoundTopicHasChanged);
        }
        for (Address address : addresses) {
            node.destinations().parts(address).forEach(this::owner);
        }
        owners.values().stream()
                .filter(owner -> owner.address().kind().isQueue())
                .forEach(owner -> {
                    StateRecords.Fences fences = node.destinations().former(owner.address());
                    add(
                            LaneId.of(owner.address()),
                            owner,
                            SubscriptionTerms.QUEUE,
                            fences.foldFrom(),
                            fences.eventsFrom());
                });
        for (StateRecords.SubscriptionRecord record : subscriptions) {
            LaneId id = new LaneId(record.topic(), record.name());
            Lane lane = add(id, owner(record.topic()), record.terms(), record.foldFrom(), record.eventsFrom());
            if (record.topic().part() == 0) {
                node.subscriptions().restore(record.name(), lane, record.shared());
            }
        }
        for (PartitionOwner owner : owners.values()) {
            owner.stock()
                    .restore(
                            retained.get(owner.address()),
                            node.destinations().settings().retention(owner.address()));
            owner.stock().readFrom().ifPresent(seen -> readFrom.merge(owner.partition(), seen, Math::min));
            if (owner.isBound()) { // else a topic without subscriptions would be read from its beginning
                readFrom.computeIfAbsent(owner.partition(), log::fence);
            }
        }
        replay();
        if (!log.shared()) { // else whoever had this node's name is fenced first
            node.branches().open();
        }
        for (PartitionOwner owner : owners.values()) {
            long end = log.shared() ? owner.toldUpTo() : log.fence(owner.partition());
            log.retain(owner.partition(), owner.stock().from(end), owner.needed());
            owner.lanes().forEach(Lane::replayed);
            node.destinations().restore(owner);
            owner.configure();
        }
        lanes.values().forEach(node::register);
    }

    /** Partitions that a topic has got since its destination came to be are not followed: that must not stay unseen. */
    private void warnIfGrown(Address address, int count) {
        int known = node.destinations().parts(address).size();
        if (count > known) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "The topic of " + address + " has " + count + " partitions, but had "
                            + known + " when " + address
                            + " came to be: what other programs send to"
                            + " the new ones is not received. Let consumers finish, delete " + address
                            + ", and create or bind it again.");
        }
    }

    private void warnIfBoundTopicHasChanged(Address address) {
        node.destinations().boundTopic(address).ifPresent(topic -> {
            try {
                warnIfGrown(address, log.create(Bindings.foreign(topic, 0).topic(), 1));
            } catch (MambaException gone) {
                if (gone.code() != ErrorCode.INVALID_DESTINATION) {
                    throw gone;
                }
                LOGGER.log(
                        System.Logger.Level.ERROR,
                        address + " is bound to a topic that cannot be used: " + gone.getMessage());
            }
        });
    }

    /**
     * In a log of one node as it was written. In a shared one, where there is no order across partitions, first the messages
     * and then the events up to a place that was the end before: so an event meets the message it speaks of.
     */
    private void replay() {
        if (!log.shared()) {
            log.read(readFrom, this::replay);
            return;
        }
        long events = readFrom.getOrDefault(StateRecords.EVENTS, 0L);
        Map<Partition, Long> messages = new HashMap<>(readFrom);
        messages.remove(StateRecords.EVENTS);
        messagesTo = log.read(messages, this::replay);
        owners.values().forEach(owner -> owner.replayedUpTo(messagesTo.getOrDefault(owner.partition(), 0L)));
        log.read(Map.of(StateRecords.EVENTS, events), record -> {
            if (record.position() < eventsTo) {
                node.events().apply(record, lanes.values(), lanes::get, (key, written) -> {}, Lane::replay);
            }
        });
        node.members().told(eventsTo);
    }

    /** From here on the lanes follow the log; what became due while nobody looked is dealt with now. */
    void goLive() {
        node.events().goLive(log.shared() ? eventsTo : log.fence(StateRecords.EVENTS));
        node.followTemporaries();
        node.definitions().goLive(definitionsTo);
        owners.values().forEach(PartitionOwner::goLive);
    }

    @Override
    public void members(Members.Table table) {
        node.members().restore(table);
        readFrom.merge(StateRecords.EVENTS, table.eventsFrom(), Math::min);
    }

    @Override
    public void bound(Address address, String topic) {
        node.destinations().restoreBound(address, topic);
    }

    @Override
    public void partitions(Address address, int count) {
        node.destinations().partitions(address, count);
    }

    @Override
    public void destination(Address address, DestinationSettings settings) {
        addresses.add(address);
        node.destinations().restore(address, settings);
    }

    @Override
    public void former(Address address, StateRecords.Fences fences) {
        node.destinations().former(address, fences);
    }

    @Override
    public void subscription(StateRecords.SubscriptionRecord subscription) {
        subscriptions.add(subscription);
    }

    @Override
    public void snapshot(StateRecords.SnapshotHead head) {
        heads.put(head.lane(), head);
    }

    @Override
    public void piece(StateRecords.SnapshotPiece piece) {
        pieces.computeIfAbsent(piece.lane(), lane -> new ArrayList<>()).add(piece);
    }

    @Override
    public void retained(Address address, Retained.State state) {
        retained.put(address, state);
    }

    private PartitionOwner owner(Address address) {
        return owners.computeIfAbsent(address, absent -> {
            PartitionOwner owner = new PartitionOwner(absent, node);
            byPartition.put(owner.partition(), owner);
            return owner;
        });
    }

    private Lane add(LaneId id, PartitionOwner owner, SubscriptionTerms terms, long firstData, long firstEvent) {
        StateRecords.@Nullable SnapshotHead head = heads.get(id);
        QueueSettings rules = node.destinations().settings().rules(id.destination());
        Lane lane;
        if (head == null) {
            lane = new Lane(id, owner, new QueueState(rules), terms, firstData, firstEvent);
        } else {
            QueueState state = head.pieces() == 0 ? new QueueState(rules) : QueueState.restore(rules, piecesOf(head));
            lane = new Lane(id, owner, state, terms, head.foldFrom(), head.eventsFrom());
            lane.restoredFrom(head);
            firstData = head.foldFrom();
            firstEvent = head.eventsFrom();
        }
        if (!log.shared()) { // there the keeper buries, which may have no receiver at all
            lane.awaitReceiver();
        }
        // Those of a snapshot that was never finished go with the next one.
        for (StateRecords.SnapshotPiece piece : pieces.getOrDefault(id, List.of())) {
            lane.snapshots().piece(piece.generation(), piece.index());
        }
        owner.add(lane);
        lanes.put(StateRecords.laneKey(id), lane);
        readFrom.merge(owner.partition(), firstData, Math::min);
        readFrom.merge(StateRecords.EVENTS, firstEvent, Math::min);
        return lane;
    }

    private List<byte[]> piecesOf(StateRecords.SnapshotHead head) {
        TreeMap<Integer, byte[]> found = new TreeMap<>();
        for (StateRecords.SnapshotPiece piece : pieces.getOrDefault(head.lane(), List.of())) {
            if (piece.generation() == head.generation()
                    && piece.taken() == head.taken()
                    && piece.index() < head.pieces()) {
                found.put(piece.index(), piece.bytes());
            }
        }
        if (found.size() < head.pieces()) {
            throw new MambaException(
                    ErrorCode.CORRUPT,
                    "The snapshot of " + head.lane() + " has " + found.size() + " of its " + head.pieces()
                            + " pieces: restore the directory from a copy.");
        }
        return List.copyOf(found.values());
    }

    private void replay(StoredRecord record) {
        Partition partition = record.record().partition();
        if (!partition.equals(StateRecords.EVENTS)) {
            PartitionOwner owner = byPartition.get(partition);
            if (owner != null) {
                owner.replay(record);
            }
            return;
        }
        Lane lane = lanes.get(StateRecords.laneKeyOf(record.record()));
        if (lane != null) {
            for (QueueEvent event : StateRecords.eventsOf(record.record())) {
                lane.apply(record.position(), event);
            }
        }
    }
}
