package io.mamba.node;

import io.mamba.DestinationSettings;
import io.mamba.log.Durability;
import io.mamba.log.LogRecord;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.message.MessageCodec;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueSettings;
import io.mamba.transaction.BranchId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the node should hold, told by the batches it appends. Says no to a batch that nothing allows: an event that does
 * not follow from where its message stands, a message that nobody sent, a burial without its dead letter.
 */
final class Model {
    private static final QueueSettings NEVER_BURIES = new QueueSettings(
            0,
            QueueSettings.DEFAULT.initialRedeliveryDelay(),
            QueueSettings.DEFAULT.backOffMultiplier(),
            QueueSettings.DEFAULT.maximumRedeliveryDelay());

    private final QueueSettings settings;
    /** Whether settled messages stay for a while. */
    final boolean retains;
    /** By destination, every message that came. */
    final Map<Address, TreeMap<Long, Envelope>> history = new HashMap<>();
    /** By the text that names the lane in the log. */
    final Map<String, ModelLane> lanes = new TreeMap<>();
    /** Messages that are not sent yet, or were taken back: nobody may see them. */
    final Set<String> withheld = new HashSet<>();
    /** Branches that are prepared and have no outcome. */
    final Set<String> prepared = new TreeSet<>();
    /** By branch, since when the messages back off that its rollback gives back. */
    final Map<String, Long> failedAt = new HashMap<>();
    /** By branch, why it is rolled back. */
    final Map<String, String> failures = new HashMap<>();
    /** Branches whose rollback is under way: lanes without events come to know of it before their caller does. */
    final Set<String> rollingBack = new HashSet<>();
    /** By topic, before which position everything was told. */
    final Map<Address, Long> told = new HashMap<>();

    Model(QueueSettings settings, boolean retains) {
        this.settings = settings;
        this.retains = retains;
    }

    static void check(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(broken);
        }
    }

    /** Where the text costs something. */
    static void check(boolean holds, Supplier<String> broken) {
        if (!holds) {
            throw new AssertionError(broken.get());
        }
    }

    // ---- batches ------------------------------------------------------------------------------------------------

    /** Notes which messages the batch has. */
    List<Envelope> name(ObservedLog.Entry entry) {
        List<Envelope> messages = new ArrayList<>();
        for (LogRecord record : entry.batch.records()) {
            Address.of(record.partition()).ifPresent(address -> messages.add(MessageCodec.decode(record, address)));
        }
        messages.forEach(message -> entry.ids.add(String.valueOf(message.id())));
        return messages;
    }

    /** Whether the batch follows from what is known; what it ends is on its way out from now on. */
    void placing(ObservedLog.Entry entry, long now) {
        List<Envelope> letters = new ArrayList<>();
        for (Envelope message : name(entry)) {
            check(!withheld.contains(String.valueOf(message.id())), "sent although nobody did: " + message.id());
            Durability needed = levelOf(message);
            entry.needed = entry.needed.compareTo(needed) >= 0 ? entry.needed : needed;
            if (message.properties().containsKey(DeadLetters.CAUSE)) {
                letters.add(message);
            }
        }
        for (LogRecord record : entry.batch.records()) {
            if (record.partition().equals(StateRecords.EVENTS)) {
                ModelLane lane = lanes.get(StateRecords.laneKeyOf(record));
                if (lane != null && !lane.closing) {
                    List<QueueEvent> events = StateRecords.eventsOf(record);
                    for (QueueEvent event : events) {
                        placing(lane, event, events, letters, entry, now);
                    }
                }
            } else if (record.partition().equals(StateRecords.STATE) && record.value() != null) {
                subscription(record).ifPresent(subscription -> begin(subscription, true));
            }
        }
        buriedInMemory(letters);
    }

    /** What a send of the message must reach. */
    private Durability levelOf(Envelope message) {
        if (!message.persistent()) {
            return Durability.NONE;
        }
        Address to = message.destination();
        boolean durable = to.kind().isQueue()
                || retains
                || lanes.values().stream()
                        .anyMatch(lane -> lane.id.destination().equals(to) && !lane.memoryOnly() && !lane.closing);
        return durable ? Durability.DURABLE : Durability.WRITTEN;
    }

    private void placing(
            ModelLane lane,
            QueueEvent event,
            List<QueueEvent> all,
            List<Envelope> letters,
            ObservedLog.Entry entry,
            long now) {
        if (event instanceof QueueEvent.Delivered delivered) {
            if (ends(lane, new long[] {delivered.position()}).isEmpty()) {
                return;
            }
            ModelMessage message = known(lane, delivered.position(), event);
            expect(lane, message, event, message.state == ModelMessage.State.HELD);
            expect(lane, message, event, delivered.count() == message.count + 1);
        } else if (event instanceof QueueEvent.Settled settled) {
            ends(lane, settled.positions()).forEach(position -> {
                ModelMessage message = known(lane, position, event);
                boolean purged = lane.emptying && message.state == ModelMessage.State.AVAILABLE;
                expect(lane, message, event, purged || message.state == ModelMessage.State.COMMITTING);
                message.refused = false;
                if (purged) {
                    leave(message, entry);
                }
            });
        } else if (event instanceof QueueEvent.Expired expired) {
            for (long position : expired.positions()) {
                ModelMessage message = known(lane, position, event);
                boolean free = message.state == ModelMessage.State.AVAILABLE
                        || (message.state == ModelMessage.State.COMMITTING && message.refused);
                expect(lane, message, event, free && message.isExpired(now));
                leave(message, entry);
            }
        } else if (event instanceof QueueEvent.Prepared prepares) {
            ends(lane, prepares.positions()).forEach(position -> {
                ModelMessage message = known(lane, position, event);
                expect(lane, message, event, message.state == ModelMessage.State.COMMITTING);
                message.refused = false;
            });
        } else if (event instanceof QueueEvent.Resolved resolved) {
            check(
                    !lane.preparedBy(resolved.branch()).isEmpty(),
                    () -> "an outcome of nothing: " + event + " in " + lane);
        } else if (event instanceof QueueEvent.Buried buried) {
            placing(lane, buried, all, letters, entry);
        } else if (event instanceof QueueEvent.Requeued requeued) {
            for (QueueEvent.Enqueued again : requeued.messages()) {
                Envelope message = past(lane, again.position());
                boolean allowed = lane.emptying && !lane.messages.containsKey(again.position());
                check(allowed && lane.terms.accepts(message), "not to be requeued: " + again + " in " + lane);
            }
        }
    }

    private void placing(
            ModelLane lane,
            QueueEvent.Buried event,
            List<QueueEvent> all,
            List<Envelope> letters,
            ObservedLog.Entry entry) {
        ModelMessage message = known(lane, event.position(), event);
        String branch = message.branch;
        boolean rolledBack = branch != null && all.contains(new QueueEvent.Resolved(branch, false));
        expect(lane, message, event, lane.isExhausted(message));
        expect(lane, message, event, message.state == ModelMessage.State.AVAILABLE || rolledBack);
        String cause = rolledBack && failures.containsKey(branch) ? failures.get(branch) : message.cause;
        Envelope letter = letters.stream()
                .filter(candidate -> message.id().equals(candidate.id())
                        && lane.id
                                .destination()
                                .toString()
                                .equals(candidate.properties().get(DeadLetters.ORIGIN)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("buried without a dead letter: " + message + " of " + lane));
        letters.remove(letter);
        expect(lane, message, event, letter.destination().equals(DeadLetters.queueFor(lane.id.destination())));
        expect(
                lane,
                message,
                event,
                Integer.valueOf(message.count).equals(letter.properties().get(DeadLetters.ATTEMPTS)));
        String reason = cause != null ? cause : "delivered " + message.count + " times without being settled";
        expect(lane, message, event, reason.equals(letter.properties().get(DeadLetters.CAUSE)));
        if (!rolledBack) {
            leave(message, entry);
        }
    }

    /** Dead letters of lanes without events. */
    private void buriedInMemory(List<Envelope> letters) {
        for (Envelope letter : letters) {
            boolean expected = lanes.values().stream()
                    .filter(ModelLane::memoryOnly)
                    .flatMap(lane -> lane.messages.values().stream().filter(lane::isExhausted))
                    .anyMatch(message -> message.id().equals(letter.id()));
            check(expected, "a dead letter of nobody: " + letter);
        }
    }

    private static void leave(ModelMessage message, ObservedLog.Entry entry) {
        message.state = ModelMessage.State.LEAVING;
        entry.leaving.add(message);
    }

    /** Nothing of it is in the log. */
    void refused(ObservedLog.Entry entry) {
        for (ModelMessage message : entry.leaving) {
            if (message.state == ModelMessage.State.LEAVING) {
                message.state = ModelMessage.State.AVAILABLE;
                message.backOffUntil = 0; // A purge that is refused ends back-offs.
            }
        }
        for (LogRecord record : entry.batch.records()) {
            if (record.partition().equals(StateRecords.STATE) && record.value() != null) {
                subscription(record).ifPresent(this::forget);
            } else if (record.partition().equals(StateRecords.EVENTS)) {
                ModelLane lane = lanes.get(StateRecords.laneKeyOf(record));
                if (lane != null) {
                    lane.in(ModelMessage.State.COMMITTING).stream()
                            .filter(message -> names(record, message.position))
                            .forEach(message -> message.refused = true);
                }
            }
        }
    }

    private static boolean names(LogRecord record, long position) {
        return StateRecords.eventsOf(record).stream()
                .flatMapToLong(event -> event instanceof QueueEvent.Prepared prepared
                        ? LongStream.of(prepared.positions())
                        : event instanceof QueueEvent.Settled settled
                                ? LongStream.of(settled.positions())
                                : LongStream.empty())
                .anyMatch(named -> named == position);
    }

    // ---- records ------------------------------------------------------------------------------------------------

    private Envelope past(ModelLane lane, long position) {
        Envelope message =
                history.getOrDefault(lane.id.destination(), new TreeMap<>()).get(position);
        if (message == null) {
            throw new AssertionError("never sent: " + position + " of " + lane);
        }
        return message;
    }

    /** Those of these records that are messages which came once. */
    Set<String> sent(Set<String> records) {
        Set<String> sent = new TreeSet<>();
        history.forEach((address, messages) ->
                messages.keySet().forEach(position -> sent.add(address.partition() + "@" + position)));
        sent.retainAll(records);
        return sent;
    }

    /** The node is about to be told of it, or would read it when it opens. */
    void tell(long position, LogRecord record) {
        if (record.partition().equals(StateRecords.EVENTS)) {
            ModelLane lane = lanes.get(StateRecords.laneKeyOf(record));
            if (lane != null && position >= lane.eventsFrom) {
                StateRecords.eventsOf(record).forEach(event -> apply(lane, event));
            }
            return;
        }
        Address.of(record.partition()).ifPresent(address -> {
            Envelope message = MessageCodec.decode(record, address);
            told.merge(address, position + 1, Math::max);
            history.computeIfAbsent(address, any -> new TreeMap<>()).put(position, message);
            if (address.kind().isQueue()) {
                queue(address).enqueue(position, message);
            }
            for (ModelLane lane : lanes.values()) {
                if (!address.kind().isQueue() && lane.id.destination().equals(address)) {
                    lane.enqueue(position, message);
                }
            }
            if (message.properties().containsKey(DeadLetters.CAUSE)) {
                endInMemory(message);
            }
        });
    }

    private void endInMemory(Envelope letter) {
        for (ModelLane lane : lanes.values()) {
            if (lane.memoryOnly() && DeadLetters.queueFor(lane.id.destination()).equals(letter.destination())) {
                Optional<ModelMessage> message = lane.messages.values().stream()
                        .filter(lane::isExhausted)
                        .filter(candidate -> candidate.id().equals(letter.id()))
                        .findFirst();
                if (message.isPresent()) {
                    lane.end(message.get());
                    return;
                }
            }
        }
    }

    private void apply(ModelLane lane, QueueEvent event) {
        if (event instanceof QueueEvent.Delivered delivered) {
            ModelMessage message = lane.messages.get(delivered.position());
            if (message != null) {
                message.count = delivered.count();
                message.marked = message.state == ModelMessage.State.HELD;
            }
        } else if (event instanceof QueueEvent.Settled settled) {
            end(lane, settled.positions());
        } else if (event instanceof QueueEvent.Expired expired) {
            end(lane, expired.positions());
        } else if (event instanceof QueueEvent.Buried buried) {
            end(lane, buried.position());
        } else if (event instanceof QueueEvent.Requeued requeued) {
            requeued.messages().forEach(again -> lane.requeue(again.position(), past(lane, again.position())));
        } else if (event instanceof QueueEvent.Prepared prepares) {
            prepare(lane, prepares.branch(), prepares.positions());
        } else if (event instanceof QueueEvent.Resolved resolved) {
            resolve(lane, resolved.branch(), resolved.commit());
        }
    }

    void prepare(ModelLane lane, String branch, long... positions) {
        for (long position : positions) {
            ModelMessage message = lane.messages.get(position);
            if (message != null) {
                message.state = ModelMessage.State.PREPARED;
                message.branch = branch;
            }
        }
    }

    void resolve(ModelLane lane, String branch, boolean commit) {
        for (ModelMessage message : lane.preparedBy(branch)) {
            if (commit) {
                lane.end(message);
            } else {
                lane.rollBack(message, failedAt.getOrDefault(branch, 0L));
            }
        }
    }

    private static void end(ModelLane lane, long... positions) {
        for (long position : positions) {
            ModelMessage message = lane.messages.get(position);
            if (message != null) {
                lane.end(message);
            }
        }
    }

    // ---- lanes --------------------------------------------------------------------------------------------------

    ModelLane queue(Address queue) {
        return lanes.computeIfAbsent(
                StateRecords.laneKey(LaneId.of(queue)),
                key -> new ModelLane(LaneId.of(queue), SubscriptionTerms.QUEUE, settings(queue), 0, 0));
    }

    private QueueSettings settings(Address address) {
        return DeadLetters.isDeadLetterQueue(address) ? NEVER_BURIES : settings;
    }

    /** A subscription that is not in the log. */
    ModelLane beginInMemory(LaneId id, SubscriptionTerms terms) {
        long from = told.getOrDefault(id.destination(), 0L);
        ModelLane lane = new ModelLane(id, terms, settings(id.destination()), from, 0);
        lanes.put(StateRecords.laneKey(id), lane);
        return lane;
    }

    private void begin(StateRecords.SubscriptionRecord record, boolean live) {
        LaneId id = new LaneId(record.topic(), record.name());
        ModelLane lane =
                new ModelLane(id, record.terms(), settings(record.topic()), record.foldFrom(), record.eventsFrom());
        if (live) {
            long seen = told.getOrDefault(record.topic(), 0L);
            check(record.foldFrom() >= seen, id + " would get old messages: " + record.foldFrom() + " < " + seen);
        }
        lanes.put(StateRecords.laneKey(id), lane);
    }

    private void forget(StateRecords.SubscriptionRecord record) {
        lanes.remove(StateRecords.laneKey(new LaneId(record.topic(), record.name())));
    }

    void remove(ModelLane lane) {
        lane.gone = true;
        lanes.remove(StateRecords.laneKey(lane.id), lane);
    }

    private static Optional<StateRecords.SubscriptionRecord> subscription(LogRecord record) {
        List<StateRecords.SubscriptionRecord> found = new ArrayList<>();
        StateRecords.readState(record, new StateRecords.StateReader() {
            @Override
            public void destination(Address address, DestinationSettings settings) {}

            @Override
            public void former(Address address, StateRecords.Fences fences) {}

            @Override
            public void subscription(StateRecords.SubscriptionRecord subscription) {
                found.add(subscription);
            }

            @Override
            public void snapshot(StateRecords.SnapshotHead head) {}

            @Override
            public void piece(StateRecords.SnapshotPiece piece) {}

            @Override
            public void retained(Address address, Retained.State state) {}
        });
        return found.stream().findFirst();
    }

    /** The state after a crash: what the surviving batches say, without what was soft. */
    void rebuild(List<ObservedLog.Entry> survivors) {
        Map<String, StateRecords.SubscriptionRecord> subscriptions = new TreeMap<>();
        for (ObservedLog.Entry entry : survivors) {
            for (LogRecord record : entry.batch.records()) {
                String key = record.key() == null ? "" : StateRecords.laneKeyOf(record);
                if (record.partition().equals(StateRecords.STATE) && key.startsWith("subscription\n")) {
                    subscriptions.remove(key);
                    subscription(record).ifPresent(subscription -> subscriptions.put(key, subscription));
                } else if (record.partition().equals(StateRecords.BRANCHES)) {
                    if (record.value() == null) {
                        prepared.remove(key);
                    } else {
                        prepared.add(key);
                    }
                }
            }
        }
        subscriptions.values().forEach(subscription -> begin(subscription, false));
        for (ObservedLog.Entry entry : survivors) {
            for (int i = 0; i < entry.positions.length; i++) {
                tell(entry.positions[i], entry.batch.records().get(i));
            }
        }
    }

    boolean isPrepared(BranchId branch) {
        return prepared.contains(branch.text());
    }

    // ---- checking -----------------------------------------------------------------------------------------------

    private static ModelMessage known(ModelLane lane, long position, QueueEvent event) {
        ModelMessage message = lane.messages.get(position);
        if (message == null) {
            throw new AssertionError("unknown message " + position + " in " + event + " of " + lane);
        }
        return message;
    }

    private static void expect(ModelLane lane, ModelMessage message, QueueEvent event, boolean holds) {
        check(holds, () -> event + " does not follow for " + message + " in " + lane);
    }

    /** Without those of an earlier lane of the name. */
    private static List<Long> ends(ModelLane lane, long[] positions) {
        return LongStream.of(positions)
                .filter(position -> position >= lane.foldFrom || lane.messages.containsKey(position))
                .boxed()
                .toList();
    }

    void tell(StoredRecord record) {
        tell(record.position(), record.record());
    }

    @Nullable
    ModelLane lane(LaneId id) {
        return lanes.get(StateRecords.laneKey(id));
    }
}
