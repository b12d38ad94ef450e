package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.message.Address;
import io.mamba.queue.QueueCounts;
import io.mamba.queue.QueueState;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The subscriptions on topics and who uses them. Owned by its lock, under which a durable one is written down. */
public final class Subscriptions {
    private static final class Entry {
        final Lane lane;
        final boolean shared;
        final boolean durable;
        int users;
        /** How many are moving it: it must not end meanwhile. */
        int moving;

        Entry(Lane lane, boolean shared, boolean durable) {
            this.lane = lane;
            this.shared = shared;
            this.durable = durable;
        }
    }

    private static final String DEFINING = "defining/";

    private final Node node;
    /** Held while the names of a shared log are taken and let go, by one thread at a time; before this object's own. */
    private final Object joining = new Object();

    private final Replays replays;
    private final AtomicLong plain = new AtomicLong();
    private final Map<String, Entry> named = new HashMap<>();

    Subscriptions(Node node, Replays replays) {
        this.node = node;
        this.replays = replays;
    }

    /** A durable subscription found in the log. */
    synchronized void restore(String key, Lane first, boolean shared) {
        named.put(key, new Entry(first, shared, SubscriptionSpec.isDurable(key)));
    }

    /** A node of a shared log has created it, or another in its place. Its first part is told of first. */
    void told(StateRecords.SubscriptionRecord record) {
        Lane lane;
        long until;
        synchronized (this) {
            LaneId id = new LaneId(record.topic(), record.name());
            Lane there = record.topic().part() == 0
                    ? lane(record.name())
                    : node.lane(id).orElse(null);
            if (there != null && there.foldFrom() == record.foldFrom() && there.eventsFrom() == record.eventsFrom()) {
                return;
            }
            if (there != null && record.topic().part() == 0) {
                remove(there);
            } else if (there != null) {
                removePart(there);
            }
            PartitionOwner owner = node.owner(record.topic());
            QueueState state = new QueueState(node.destinations().settings().rules(record.topic()));
            lane = new Lane(id, owner, state, record.terms(), record.foldFrom(), record.eventsFrom());
            if (record.topic().part() == 0) {
                named.put(record.name(), new Entry(lane, record.shared(), SubscriptionSpec.isDurable(record.name())));
            }
            until = replays.adopt(owner, lane);
            node.register(lane);
        }
        node.execute(() -> replays.fill(lane.owner(), lane, until));
    }

    private @Nullable Lane lane(String name) {
        Entry entry = named.get(name);
        return entry == null ? null : entry.lane;
    }

    /** A node of a shared log has ended it. */
    synchronized void toldGone(String name) {
        Entry entry = named.remove(name);
        if (entry != null) {
            remove(entry.lane);
        }
    }

    /**
     * The subscription's lane, the first of its {@link Node#parts}, for one more receiver; {@link #leave} gives it back. A durable one that is not active and
     * differs in topic, selector or noLocal is replaced.
     */
    public Lane join(SubscriptionSpec spec) {
        if (node.log().shared()) {
            node.owner(spec.topic()); // what others have defined is looked for before the lock is taken
        }
        if (spec.name() == null || !node.log().shared()) {
            return joinHere(spec);
        }
        String key = SubscriptionSpec.key(spec.durable(), spec.clientId(), spec.name());
        synchronized (joining) {
            return node.names().alone(DEFINING + key, () -> joinShared(spec, key));
        }
    }

    /** The subscription is this node's to receive from, with others if it is a shared one, until nobody here does any more. */
    private Lane joinShared(SubscriptionSpec spec, String key) {
        if (!node.names().take(key, !spec.shared())) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Subscription '" + spec.name()
                            + "' has an active consumer in another node already; close that first.");
        }
        boolean joined = false;
        try {
            node.definitions().await();
            Lane lane = joinHere(spec);
            joined = true;
            return lane;
        } finally {
            if (!joined && !isUsed(key)) {
                node.names().letGo(key);
            }
        }
    }

    private synchronized boolean isUsed(String key) {
        Entry entry = named.get(key);
        return entry != null && entry.users > 0;
    }

    private synchronized Lane joinHere(SubscriptionSpec spec) {
        if (spec.name() == null) {
            return create(spec, "plain/" + plain.incrementAndGet());
        }
        String key = SubscriptionSpec.key(spec.durable(), spec.clientId(), spec.name());
        Entry entry = named.get(key);
        if (entry != null && entry.shared != spec.shared()) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Subscription '" + spec.name() + "' exists as " + (entry.shared ? "a shared" : "an unshared")
                            + " one; unsubscribe it or use another name.");
        }
        if (entry != null && entry.users > 0 && !entry.shared) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Durable subscription '" + spec.name() + "' has an active consumer already; close that first.");
        }
        if (entry != null && !matches(entry, spec)) {
            if (entry.users > 0 || node.isAnothers(key)) {
                throw new MambaException(
                        ErrorCode.ILLEGAL_STATE,
                        "Subscription '" + spec.name() + "' is active with another topic or selector: "
                                + entry.lane.id() + ".");
            }
            drop(key, entry);
            entry = null;
        }
        if (entry == null) {
            entry = new Entry(create(spec, key), spec.shared(), spec.durable());
            named.put(key, entry);
        }
        entry.users++;
        return entry.lane;
    }

    /** A receiver is closed. What is not durable ends with its last one. */
    public void leave(Lane lane) {
        String key = lane.id().subscription();
        if (lane.memoryOnly() || !node.log().shared()) {
            leaveHere(lane);
            return;
        }
        synchronized (joining) {
            leaveHere(lane);
            if (!isUsed(key)) {
                node.names().letGo(key);
                endUnlessUsed(key);
            }
        }
    }

    private synchronized void leaveHere(Lane lane) {
        String key = lane.id().subscription();
        Entry entry = named.get(key);
        if (entry == null || entry.lane != lane) {
            if (!lane.hasEnded()) {
                remove(lane);
            }
        } else if (--entry.users == 0 && !entry.durable && lane.memoryOnly()) {
            named.remove(key);
            remove(lane);
        }
    }

    /** Of a shared log: what is not durable ends with its last receiver, in whichever node. */
    private void endUnlessUsed(String key) {
        if (SubscriptionSpec.isDurable(key)) {
            return;
        }
        node.names().alone(DEFINING + key, () -> {
            if (!isUsed(key) && !node.isAnothers(key)) {
                synchronized (this) {
                    Entry entry = named.get(key);
                    if (entry != null) {
                        drop(key, entry);
                    }
                }
            }
            return key;
        });
    }

    /** As for {@link #endUnlessUsed}, where a node has died: for the keeper. */
    void sweep() {
        List<String> unused;
        synchronized (this) {
            unused = named.entrySet().stream()
                    .filter(entry -> !entry.getValue().durable
                            && entry.getValue().users == 0
                            && !entry.getValue().lane.memoryOnly())
                    .map(Map.Entry::getKey)
                    .filter(key -> !node.isAnothers(key))
                    .toList();
        }
        for (String key : unused) {
            synchronized (joining) {
                endUnlessUsed(key);
            }
        }
    }

    /** INVALID_DESTINATION if there is none, ILLEGAL_STATE while it has receivers. */
    public void unsubscribe(@Nullable String clientId, String name) {
        node.definitions().await();
        unsubscribeHere(clientId, name);
    }

    private synchronized void unsubscribeHere(@Nullable String clientId, String name) {
        String key = SubscriptionSpec.key(true, clientId, name);
        Entry entry = existing(clientId, name);
        if (entry.users > 0 || node.isAnothers(key)) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "Subscription '" + name + "' has an active consumer; close that before you unsubscribe.");
        }
        drop(key, entry);
    }

    /** The topic of a durable subscription; empty if there is none of this name. */
    public Optional<Address> topicOf(@Nullable String clientId, String name) {
        node.definitions().await();
        return topicOfHere(clientId, name);
    }

    private synchronized Optional<Address> topicOfHere(@Nullable String clientId, String name) {
        return Optional.ofNullable(named.get(SubscriptionSpec.key(true, clientId, name)))
                .map(entry -> entry.lane.id().destination());
    }

    /**
     * Ends a subscription by administration, whoever uses it: what a forgotten consumer holds back goes, and it is told.
     *
     * @param clientId null for none
     * @throws MambaException INVALID_DESTINATION if there is none
     */
    public void delete(boolean durable, @Nullable String clientId, String name) {
        node.definitions().await();
        deleteHere(durable, clientId, name);
    }

    private synchronized void deleteHere(boolean durable, @Nullable String clientId, String name) {
        String key = SubscriptionSpec.key(durable, clientId, name);
        Entry entry = named.get(key);
        if (entry == null) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    "There is no " + (durable ? "durable" : "shared") + " subscription '" + name + "'"
                            + (clientId == null ? "." : " of client id '" + clientId + "'."));
        }
        drop(key, entry);
    }

    /** Ends all subscriptions on a topic that is deleted: {@code delete} is given what the log has to be told of those in it. */
    synchronized void endAll(Address topic, Consumer<List<LogRecord>> delete) {
        long now = node.now().toEpochMilli();
        delete.accept(named.values().stream()
                .filter(entry -> entry.lane.id().destination().equals(topic) && !entry.lane.memoryOnly())
                .flatMap(entry -> gone(entry.lane, now).stream())
                .toList());
        named.values().removeIf(entry -> entry.lane.id().destination().equals(topic));
    }

    private List<LogRecord> gone(Lane first, long now) {
        return node.parts(first).stream()
                .map(lane -> StateRecords.subscriptionGone(
                        lane.id().subscription(), lane.id().destination().part(), now))
                .toList();
    }

    /** All subscriptions that have a name, by it. */
    public List<SubscriptionStatus> status() {
        node.seeAll();
        return statusHere();
    }

    private synchronized List<SubscriptionStatus> statusHere() {
        return named.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> status(entry.getKey(), entry.getValue()))
                .toList();
    }

    private SubscriptionStatus status(String key, Entry entry) {
        Lane lane = entry.lane;
        List<QueueCounts> counts = node.parts(lane).stream()
                .map(part -> part.owner().inbox().ask(() -> part.state().counts()))
                .toList();
        Selector selector = lane.terms().filter();
        return new SubscriptionStatus(
                SubscriptionSpec.clientIdOf(key),
                SubscriptionSpec.nameOf(key),
                lane.id().destination(),
                entry.shared,
                entry.durable,
                selector == null ? null : selector.text(),
                entry.users,
                counts.stream().mapToLong(QueueCounts::available).sum(),
                counts.stream()
                        .mapToLong(part -> part.acquired() + part.committing() + part.prepared())
                        .sum());
    }

    /**
     * Moves a durable subscription, whether it has receivers or not: what it has done with and is retained from this place
     * on waits again, as if never delivered; what waits before it is settled. What is held stays with its holder.
     *
     * @throws MambaException INVALID_DESTINATION if there is none
     */
    public Replayed move(@Nullable String clientId, String name, StartFrom to) {
        node.definitions().await();
        Entry entry = beginMove(clientId, name);
        try {
            return replays.moveAll(node.parts(entry.lane), to, true);
        } finally {
            endMove(entry);
        }
    }

    private synchronized Entry beginMove(@Nullable String clientId, String name) {
        Entry entry = existing(clientId, name);
        entry.moving++;
        return entry;
    }

    private synchronized void endMove(Entry entry) {
        entry.moving--;
    }

    private Entry existing(@Nullable String clientId, String name) {
        Entry entry = named.get(SubscriptionSpec.key(true, clientId, name));
        if (entry == null) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    "There is no durable subscription '" + name + "'"
                            + (clientId == null ? "." : " of client id '" + clientId + "'."));
        }
        return entry;
    }

    /**
     * Runs it unless the lane is an ended subscription's, which it does not become meanwhile: what it writes is not left
     * behind. False if it is.
     */
    synchronized boolean unlessEnded(Lane lane, Runnable task) {
        if (lane.hasEnded()) {
            return false;
        }
        task.run();
        return true;
    }

    private static boolean matches(Entry entry, SubscriptionSpec spec) {
        SubscriptionTerms terms = entry.lane.terms();
        return entry.lane.id().destination().equals(spec.topic())
                && Objects.equals(terms.filter(), spec.selector())
                && Objects.equals(terms.notOrigin(), spec.notOrigin());
    }

    private Lane create(SubscriptionSpec spec, String key) {
        List<PartitionOwner> owners = node.destinations().partOwners(spec.topic());
        if (owners.size() > 1 && spec.startFrom().kind() == StartFrom.Kind.POSITION) {
            throw Replays.ofOnePartition(owners.get(0), spec.startFrom());
        }
        // Receivers of a shared one in other nodes have to know who has what.
        boolean logged = spec.durable() || (node.log().shared() && spec.name() != null);
        SubscriptionTerms terms = new SubscriptionTerms(!logged, spec.selector(), spec.notOrigin());
        long eventsFrom = node.log().fence(StateRecords.EVENTS);
        List<Lane> lanes = new ArrayList<>();
        boolean complete = false;
        try {
            for (PartitionOwner owner : owners) {
                LaneId id = new LaneId(owner.address(), key);
                Lane lane = replays.begin(owner, spec.startFrom(), first -> {
                    QueueState state =
                            new QueueState(node.destinations().settings().rules(spec.topic()));
                    return new Lane(id, owner, state, terms, first, eventsFrom);
                });
                lanes.add(lane);
                node.register(lane);
            }
            if (logged) {
                node.appendState(Batch.of(records(spec, lanes)), Durability.DURABLE);
            }
            complete = true;
        } finally {
            if (!complete) {
                lanes.forEach(this::removePart);
            }
        }
        return lanes.get(0);
    }

    private List<LogRecord> records(SubscriptionSpec spec, List<Lane> lanes) {
        Selector selector = spec.selector();
        long now = node.now().toEpochMilli();
        return lanes.stream()
                .map(lane -> StateRecords.subscription(
                        new StateRecords.SubscriptionRecord(
                                lane.id().subscription(),
                                lane.id().destination(),
                                spec.shared(),
                                selector == null ? null : selector.text(),
                                spec.notOrigin(),
                                lane.foldFrom(),
                                lane.eventsFrom()),
                        now))
                .toList();
    }

    private void drop(String key, Entry entry) {
        if (entry.moving > 0) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE, entry.lane.id() + " is being moved; try again when that is done.");
        }
        long now = node.now().toEpochMilli();
        List<LogRecord> gone = new ArrayList<>(gone(entry.lane, now));
        node.parts(entry.lane).forEach(lane -> gone.addAll(lane.snapshots().all(now)));
        node.appendState(Batch.of(gone, Batch.Purpose.SETTLING), Durability.DURABLE);
        named.remove(key);
        remove(entry.lane);
    }

    private void remove(Lane first) {
        node.parts(first).forEach(this::removePart);
    }

    private void removePart(Lane lane) {
        node.unregister(lane);
        lane.owner().inbox().ask(() -> {
            lane.owner().remove(lane);
            return lane;
        });
    }
}
