package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.StartFrom;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.Partition;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import io.mamba.queue.QueueCounts;
import io.mamba.queue.QueueState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which destinations there are, and the owner of each one's partition, or of each of its partitions: then the owner of the first is found
 * by the destination's address, and the others by those of its parts. Thread-safe.
 */
public final class Destinations {
    private static final System.Logger LOGGER = System.getLogger(Destinations.class.getName());

    private final Node node;
    private final boolean autoCreate;
    private final Map<Address, PartitionOwner> owners = new ConcurrentHashMap<>();
    private final Map<Address, StateRecords.Fences> former = new ConcurrentHashMap<>();

    private final Bindings bindings = new Bindings();
    private final SettingsInForce settings;

    private final AtomicLong temporaryTopicOf = new AtomicLong();

    Destinations(Node node, MambaUrl url) {
        this.node = node;
        this.autoCreate = url.bool("autoCreate").orElse(true);
        this.settings = new SettingsInForce(DestinationSettings.of(url), bindings);
    }

    /** Settings found in the log. */
    void restore(Address address, DestinationSettings said) {
        settings.put(address, said);
    }

    /** A binding found in the log. */
    void restoreBound(Address address, String topic) {
        bindings.put(address, topic);
    }

    /** How many partitions a destination has that is told of next, or whose topic was found. */
    void partitions(Address address, int count) {
        bindings.partitions(address, count);
    }

    /** The parts of a destination: itself, if it has one partition. */
    List<Address> parts(Address address) {
        return bindings.parts(address);
    }

    /** The partition of the log that holds the messages of a destination's part. */
    Partition partitionOf(Address part) {
        return bindings.partitionOf(part);
    }

    /** The destination's part whose messages a partition holds; empty if there is none. */
    Optional<Address> of(Partition partition) {
        return bindings.destinationOf(partition);
    }

    /** A message as it goes to the log, with the messages of this sender. */
    LogRecord record(Envelope message, long sender) {
        return MessageCodec.encode(message, partitionOf(partFor(message, sender)));
    }

    /** The owner of the partition to which this sender's message goes; the destination is created by this use if need be. */
    PartitionOwner ownerFor(Envelope message, long sender) {
        PartitionOwner first = owner(message.destination());
        PartitionOwner chosen = owners.get(partFor(message, sender));
        return chosen == null ? first : chosen; // temporary ones of others have none here
    }

    /** In order of a group, or of a sender: those of one go to one partition. */
    private Address partFor(Envelope message, long sender) {
        Address destination = message.destination();
        int count = bindings.partitions(destination);
        if (count == 1) {
            return destination;
        }
        String group = message.group();
        return destination.part(
                group != null
                        ? Spreading.ofKey(group.getBytes(UTF_8), count)
                        : Spreading.ofSender(node.participation().number() + sender, count));
    }

    /** The topic of other programs that a destination is bound to; empty if it has one of its own. */
    public Optional<String> boundTopic(Address address) {
        return bindings.topicOf(address);
    }

    /** That a destination of this name was deleted. */
    void former(Address address, StateRecords.Fences fences) {
        former.put(address, fences);
    }

    /** Behind what a destination of this name begins. */
    StateRecords.Fences former(Address address) {
        return former.getOrDefault(address, StateRecords.Fences.NONE);
    }

    /** An owner that recovery has built. */
    void restore(PartitionOwner owner) {
        owners.put(owner.address(), owner);
    }

    Collection<PartitionOwner> owners() {
        return owners.values();
    }

    /** Always in the same order, so that a run can be repeated. */
    List<PartitionOwner> ownersInOrder() {
        return owners.values().stream()
                .sorted(Comparator.comparing(PartitionOwner::address))
                .toList();
    }

    public List<Address> addresses() {
        return owners.keySet().stream()
                .filter(address -> address.part() == 0)
                .sorted()
                .toList();
    }

    /** What every destination but the temporary ones holds. */
    List<DestinationStatus> status() {
        return addresses().stream()
                .filter(address -> !address.kind().isTemporary())
                .map(this::status)
                .toList();
    }

    private DestinationStatus status(Address address) {
        long depth = 0;
        long inFlight = 0;
        long settled = 0;
        for (QueueCounts counts : countsOfAll(address)) {
            depth += counts.available();
            inFlight += counts.acquired() + counts.committing() + counts.prepared();
            settled += counts.settled();
        }
        Address deadLetters = DeadLetters.queueFor(address);
        long dead = exists(deadLetters)
                ? countsOfAll(deadLetters).stream()
                        .mapToLong(QueueCounts::available)
                        .sum()
                : 0;
        return new DestinationStatus(address.toString(), depth, inFlight, dead, settled);
    }

    private List<QueueCounts> countsOfAll(Address address) {
        return partOwners(address).stream()
                .flatMap(owner -> counts(owner).stream())
                .toList();
    }

    private static List<QueueCounts> counts(PartitionOwner owner) {
        return owner.inbox()
                .ask(() -> owner.lanesHere().stream()
                        .map(lane -> lane.state().counts())
                        .toList());
    }

    public boolean exists(Address address) {
        return owners.containsKey(address);
    }

    /** As {@link #exists}, with what any node of a shared log has defined before. */
    public boolean isDefined(Address address) {
        if (!exists(address)) {
            node.definitions().await();
        }
        return exists(address);
    }

    /** The owner, if the destination exists. */
    Optional<PartitionOwner> find(Address address) {
        return Optional.ofNullable(owners.get(address));
    }

    /** The owners of all partitions of a destination that exists or is created by this use. */
    List<PartitionOwner> partOwners(Address address) {
        PartitionOwner first = owner(address);
        return Stream.concat(Stream.of(first), parts(address).stream().skip(1).flatMap(part -> find(part).stream()))
                .toList();
    }

    /** The owner of an existing destination, or of one that is created by this use. */
    PartitionOwner owner(Address address) {
        PartitionOwner owner = owners.get(address);
        if (owner != null) {
            return owner;
        }
        if (!address.kind().isTemporary() && !Thread.holdsLock(node.subscriptions())) {
            // Another node may have created it; who holds that lock keeps definitions out, and has looked before.
            node.definitions().await();
            owner = owners.get(address);
            if (owner != null) {
                return owner;
            }
        }
        if (address.kind().isTemporary()) {
            if (isAnothers(address)) {
                return new PartitionOwner(address, node);
            }
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    address + " does not exist any more: its connection has deleted it.");
        }
        if (!autoCreate) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    address
                            + " does not exist, and autoCreate=false: create it by MambaAdmin, or allow automatic"
                            + " creation.");
        }
        return create(address);
    }

    /** Whether it belongs to another member of a shared log, who alone knows whether it has ended. */
    private boolean isAnothers(Address temporary) {
        long member = temporary.member();
        return member != 0
                && member != node.participation().number()
                && node.members().has(member);
    }

    // ---- what other nodes of a shared log define -------------------------------------------------------------------

    /** A destination was created or has other settings. */
    void told(Address address, DestinationSettings said) {
        if (!owners.containsKey(address)) {
            settings.put(address, said);
            make(address);
        } else if (!settings.own(address).equals(said)) {
            settings.put(address, said);
            partOwners(address).forEach(this::apply);
        }
    }

    /** A destination that is told of next has several partitions. */
    void toldPartitions(Address address, int count) {
        if (!owners.containsKey(address)) {
            bindings.partitions(address, count);
        }
    }

    /** A destination that is told of next is bound to a topic. */
    void toldBound(Address address, String topic) {
        if (!owners.containsKey(address)) {
            bindings.put(address, topic);
        } else if (!bindings.topicOf(address).equals(Optional.of(topic))) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    address + " was bound to the topic '" + topic + "' by another node while this one began to use it"
                            + " without: close this node and open it again.");
        }
    }

    /** A destination was deleted. */
    void toldGone(Address address) {
        if (exists(address)) {
            node.subscriptions().endAll(address, ended -> {
                for (PartitionOwner owner : partOwners(address)) {
                    owner.lanes().forEach(node::unregister);
                    owner.deleted();
                }
                remove(address);
            });
        }
    }

    /** The temporary destinations of a member that is gone have no messages any more. */
    void sweepTemporaries(long member) {
        node.log().delete(Address.temporaryOf(member).topic());
    }

    /** This node is another member from now on: its temporary destinations have ended. */
    void endTemporaries() {
        owners.keySet().stream()
                .filter(address -> address.kind().isTemporary())
                .toList()
                .forEach(this::end);
    }

    /** As {@link #owner}, for those outside: INVALID_DESTINATION if it does not exist and is not created by this. */
    public void use(Address address) {
        owner(address);
    }

    /** Creates a destination, durably if it is not a temporary one. Nothing if it exists. */
    public void ensure(Address address) {
        if (!owners.containsKey(address)) {
            create(address);
        }
    }

    /**
     * As {@link #ensure}, with settings: durable on return, for messages that arrive from now on.
     *
     * @throws MambaException ILLEGAL_STATE if it exists with other settings, or its topic with other partitions, INVALID_ARGUMENT
     */
    public synchronized void create(Address address, DestinationSettings wanted) {
        if (!owners.containsKey(address)) {
            SettingsInForce.check(address, wanted);
            if (!address.kind().isTemporary()) {
                createTopic(address, wanted);
            }
            write(address, wanted, Durability.DURABLE);
            settings.put(address, wanted);
            create(address);
        } else if (!settings.own(address).equals(wanted)) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    address + " exists with other settings ("
                            + settings.own(address).values() + "); change them instead.");
        }
    }

    /**
     * Creates a destination whose messages are in a topic of other programs, durably. Nothing if it is bound to it already.
     *
     * @param from where a queue begins; subscriptions of a topic say so themselves
     * @throws MambaException ILLEGAL_STATE if the destination exists otherwise or the topic has another one,
     *     INVALID_DESTINATION if the cluster has no such topic, NOT_SUPPORTED, INVALID_ARGUMENT
     */
    public void bind(Address address, String topic, StartFrom from) {
        if (!node.log().shared()) {
            throw new MambaException(
                    ErrorCode.NOT_SUPPORTED,
                    "The embedded engine has no topics of other programs to bind " + address + " to.");
        }
        if (address.kind().isTemporary()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT, address + " is temporary and cannot be bound to a topic.");
        }
        if (!isDefined(address)) {
            bindNew(address, topic, from);
        } else if (!bindings.topicOf(address).equals(Optional.of(topic))) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    address + " exists already, with "
                            + bindings.topicOf(address)
                                    .map(other -> "the topic '" + other + "'")
                                    .orElse("a topic of its own")
                            + "; delete it first, or bind another destination.");
        }
    }

    private synchronized void bindNew(Address address, String topic, StartFrom from) {
        former.putAll(new Binder(node, bindings).bind(address, topic, from));
        make(address);
    }

    /**
     * From now on these settings hold for an existing destination, durably, and no others of its own.
     *
     * @throws MambaException INVALID_ARGUMENT
     */
    public void change(Address address, DestinationSettings wanted) {
        List<PartitionOwner> all = partOwners(address);
        synchronized (this) {
            SettingsInForce.check(address, wanted);
            checkPartitions(address, wanted, all.size());
            write(address, wanted, Durability.DURABLE);
            settings.put(address, wanted);
        }
        all.forEach(owner -> {
            apply(owner);
            node.writeRetained(owner);
        });
    }

    private static void checkPartitions(Address address, DestinationSettings wanted, int count) {
        if (wanted.partitions().orElse(count) != count) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    address + " was to have partitions=" + wanted.partitions().orElse(count) + ", but its topic has "
                            + count + ": leave the setting out, or use another name.");
        }
    }

    private void apply(PartitionOwner owner) {
        owner.configure();
        owner.stock().rule(settings.retention(owner.address()), 0);
    }

    /** What was said about this destination itself. */
    public DestinationSettings settings(Address address) {
        return settings.own(address);
    }

    /** What holds for each destination. */
    SettingsInForce settings() {
        return settings;
    }

    /** When a message expires of which the sender says so: earlier, if its destination wants so. 0 for never. */
    public long expiration(Address destination, long deliverable, long wanted) {
        Optional<Duration> maxAge = find(destination)
                .map(PartitionOwner::settings)
                .orElseGet(() -> settings.effective(destination))
                .maxAge();
        if (maxAge.isEmpty()) {
            return wanted;
        }
        long latest = deliverable + maxAge.get().toMillis();
        return wanted == 0 ? latest : Math.min(wanted, latest);
    }

    /** The message as its destination wants it: no older than that. Age counts from when it can be delivered. */
    Envelope limitAge(Envelope message) {
        long deliverable = Math.max(message.timestamp(), message.deliveryTime());
        long expiration = expiration(message.destination(), deliverable, message.expiration());
        return expiration == message.expiration() ? message : message.expiringAt(expiration);
    }

    /** Where a destination's expired messages go; null for nowhere. */
    @Nullable
    Address expiryDestination(Address destination) {
        return find(destination)
                .flatMap(owner -> owner.settings().expiryDestination())
                .map(Address::parse)
                .orElse(null);
    }

    /** Sends that wait for room look whether that makes sense still. */
    void endWaits() {
        owners.values().forEach(owner -> owner.gate().wake());
    }

    private PartitionOwner create(Address address) {
        if (!address.kind().isTemporary()) {
            createTopic(address, settings.own(address));
        } else {
            createTemporaryTopic(address);
        }
        Made made = make(address);
        if (made.now() && !address.kind().isTemporary()) {
            write(address);
            partOwners(address).forEach(node::writeRetained);
        }
        return made.owner();
    }

    /** One that is there already has as many partitions as it has. */
    private void createTopic(Address address, DestinationSettings said) {
        int wanted = settings.with(address, said).partitions().orElse(1);
        int count = node.log().create(partitionOf(address).topic(), wanted);
        checkPartitions(address, said, count);
        bindings.partitions(address, count);
    }

    /** Once for a member of a shared log, so that its tail finds it before others send there. */
    private void createTemporaryTopic(Address temporary) {
        long member = temporary.member();
        if (member != 0 && temporaryTopicOf.getAndSet(member) != member) {
            node.log().create(temporary.partition().topic(), 1);
        }
    }

    /** @param now whether it was not there before */
    private record Made(PartitionOwner owner, boolean now) {}

    /** The first part comes last: by it the destination is known to exist. */
    private Made make(Address address) {
        List<Address> parts = parts(address);
        for (int number = parts.size() - 1; number > 0; number--) {
            makePart(parts.get(number));
        }
        return makePart(address);
    }

    private Made makePart(Address address) {
        boolean[] created = new boolean[1];
        PartitionOwner owner = owners.computeIfAbsent(address, absent -> {
            created[0] = true;
            PartitionOwner fresh = new PartitionOwner(absent, node);
            StateRecords.Fences fences = former(absent);
            if (absent.kind().isQueue()) {
                SubscriptionTerms terms =
                        absent.kind().isTemporary() ? SubscriptionTerms.TEMPORARY_QUEUE : SubscriptionTerms.QUEUE;
                Lane lane = new Lane(
                        LaneId.of(absent),
                        fresh,
                        new QueueState(settings.rules(absent)),
                        terms,
                        fences.foldFrom(),
                        fences.eventsFrom());
                fresh.inbox().execute(() -> fresh.add(lane));
                node.register(lane);
            }
            fresh.configure();
            Retention retention = settings.retention(absent);
            if (retention.keeps()) {
                fresh.stock().rule(retention, fences.foldFrom());
            }
            if (fences.equals(StateRecords.Fences.NONE) && !node.log().shared()) {
                fresh.goLive();
            } else { // others may have written to it before this node knew it
                fresh.goLive(fences.foldFrom());
            }
            return fresh;
        });
        return new Made(owner, created[0]);
    }

    private synchronized void write(Address address) {
        write(address, settings.own(address), Durability.WRITTEN);
    }

    private void write(Address address, DestinationSettings said, Durability level) {
        // Often it is where something is buried or committed to, which goes on while the disk is full.
        node.appendState(
                Batch.of(
                        List.of(StateRecords.destination(
                                address,
                                said,
                                bindings.topicOf(address).orElse(null),
                                bindings.partitions(address),
                                node.now().toEpochMilli())),
                        Batch.Purpose.SETTLING),
                level);
    }

    /**
     * Ends a destination with all subscriptions on it and whatever they hold, durably. Consumers that are open get nothing
     * more; sending to it creates another of the same name, where that is allowed.
     *
     * @throws MambaException ILLEGAL_STATE if a transaction branch in doubt has messages of it
     */
    public void delete(Address address) {
        if (!exists(address) || address.kind().isTemporary()) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION, "There is no destination " + address + " that could be deleted.");
        }
        node.awaitAll();
        node.whileNoCheckpoint(() -> node.subscriptions().endAll(address, ended -> delete(address, ended)));
    }

    private synchronized void delete(Address address, List<LogRecord> subscriptionsGone) {
        long now = node.now().toEpochMilli();
        List<PartitionOwner> all = partOwners(address);
        all.forEach(PartitionOwner::checkMayBeDeleted);
        List<LogRecord> records = new ArrayList<>();
        records.add(StateRecords.destinationGone(address, now));
        records.addAll(subscriptionsGone);
        for (PartitionOwner owner : all) {
            List<Lane> lanes = List.copyOf(owner.lanes());
            long end = owner.delete();
            // What has this name next has a topic of its own, which another may have had before this one was bound.
            StateRecords.Fences fences = new StateRecords.Fences(
                    owner.isBound() ? node.log().fence(owner.address().partition()) : end,
                    node.log().fence(StateRecords.EVENTS));
            former.put(owner.address(), fences);
            records.add(StateRecords.former(owner.address(), fences, now));
            records.add(StateRecords.retainedGone(owner.address(), now));
            for (Lane lane : lanes) {
                node.unregister(lane);
                records.addAll(lane.snapshots().all(now));
            }
        }
        node.appendState(Batch.of(records, Batch.Purpose.SETTLING), Durability.DURABLE);
        remove(address);
        for (PartitionOwner owner : all) {
            node.log()
                    .retain(
                            owner.partition(),
                            former(owner.address()).foldFrom(),
                            LongStream.empty().iterator());
        }
    }

    private void remove(Address address) {
        List<Address> parts = parts(address);
        settings.remove(address);
        bindings.remove(address);
        parts.forEach(owners::remove);
    }

    /** A temporary destination ends; what it holds goes. */
    public void end(Address temporary) {
        PartitionOwner owner = owners.remove(temporary);
        if (owner != null) {
            for (Lane lane : owner.lanes()) {
                node.unregister(lane);
            }
            owner.endTemporary();
        }
    }
}
