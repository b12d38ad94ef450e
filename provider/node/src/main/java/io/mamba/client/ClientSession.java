package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.access.Right;
import io.mamba.log.Durability;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.message.MessageValues;
import io.mamba.node.Acquired;
import io.mamba.node.Lane;
import io.mamba.node.Node;
import io.mamba.node.Sender;
import io.mamba.node.SubscriptionSpec;
import io.mamba.selector.Selector;
import io.mamba.transaction.BranchId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The holder of deliveries: what its receivers took is the session's until settled, released or put into a unit of work.
 * Methods may be called by any thread; ordering among concurrent calls is the caller's business. A new session is
 * stopped.
 */
public final class ClientSession implements AutoCloseable {
    /** The branch that work goes to, and the thread that said so. */
    private record Association(BranchId branch, UnitOfWork unit, Thread thread) {}

    private final Client client;
    private final Node node;
    private final long holder;
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private final Set<Delivery> held = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Sender sender;
    private volatile boolean started;
    private final AtomicLong round = new AtomicLong();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private volatile @Nullable Association association;
    private volatile boolean cutOff;

    ClientSession(Client client, Node node) {
        this.client = client;
        this.node = node;
        this.holder = node.newHolder();
        this.sender = new Sender(holder);
    }

    /** Receivers may take messages. */
    public void start() {
        checkOpen();
        started = true;
        receivers.forEach(Receiver::start);
    }

    /**
     * Receivers take nothing more; what was asked for but not handed out goes back unmarked. Blocked receives keep
     * waiting for {@link #start}, their timeout or close. After close this does nothing: others may be closing the session.
     */
    public void stop() {
        started = false;
        receivers.forEach(Receiver::stop);
    }

    /**
     * Sends outside a unit of work: a persistent message is durable on return. Waits for room in a full destination.
     *
     * @throws MambaException RESOURCE_LIMIT if the destination or the disk is full
     */
    public void send(Envelope message) {
        checkOpen();
        checkMaySend(message);
        node.send(message, sender);
    }

    /** As send; the future completes when durable, in the order of sending, by a thread of Mamba's. */
    public CompletableFuture<Void> sendAsync(Envelope message) {
        checkOpen();
        checkMaySend(message);
        return node.sendAsync(message, sender);
    }

    /** Sends that wait for room in a full destination are refused with ILLEGAL_STATE, and none waits any more. */
    public void endWaits() {
        sender.end();
    }

    /** The session has a new user, whose sends may wait. */
    public void allowWaits() {
        sender = new Sender(holder);
    }

    /** When a message expires of which the sender says so: earlier, if its destination wants so. 0 for never. */
    public long expiration(Address destination, long deliverable, long wanted) {
        return node.destinations().expiration(destination, deliverable, wanted);
    }

    /** INVALID_DESTINATION, ILLEGAL_STATE (subscription in use). A durable subscription is created or replaced. */
    public Receiver receiver(Source source) {
        return receiver(source, Redelivery.DEFAULT);
    }

    /** As {@link #receiver(Source)}, with rules of its own for messages that fail. */
    public Receiver receiver(Source source, Redelivery redelivery) {
        checkOpen();
        Address destination = source.destination();
        if (destination.kind().isTemporary() && !client.owns(destination)) {
            throw new MambaException(
                    ErrorCode.INVALID_DESTINATION,
                    destination + " belongs to another connection (or is deleted): only its own may receive from it.");
        }
        client.check(Right.RECEIVE, destination);
        Receiver receiver;
        if (source.kind() == Source.Kind.QUEUE) {
            Lane lane = node.queue(destination);
            if (lane.seesLate()) { // what was sent before counts with its priority from the first message on
                node.parts(lane).forEach(Lane::awaitSeen);
            }
            receiver = new Receiver(this, node.parts(lane), source.selector(), () -> {});
        } else {
            Lane lane = node.subscriptions().join(spec(source));
            receiver = new Receiver(
                    this, node.parts(lane), null, () -> node.subscriptions().leave(lane));
        }
        if (!redelivery.equals(Redelivery.DEFAULT)) {
            receiver.redelivery(redelivery);
        }
        receivers.add(receiver);
        if (started) {
            receiver.start();
        }
        return receiver;
    }

    /** A snapshot of what waits and is visible now, in delivery order, read lazily. */
    public Iterable<Envelope> browse(Address queue, @Nullable Selector selector) {
        checkOpen();
        client.check(Right.BROWSE, queue);
        Iterable<Envelope> waiting = node.browse(queue);
        return selector == null
                ? waiting
                : () -> StreamSupport.stream(waiting.spliterator(), false)
                        .filter(message -> selector.matches(new MessageValues(message)))
                        .iterator();
    }

    /**
     * Done with, outside a unit of work.
     *
     * @param durable whether it is DURABLE on return (acknowledge()); else WRITTEN (AUTO and DUPS_OK)
     */
    public void settle(List<Delivery> deliveries, boolean durable) {
        Durability level = durable ? Durability.DURABLE : Durability.WRITTEN;
        byLane(deliveries).forEach((lane, positions) -> {
            if (lane.isShared() && !durable) {
                acknowledgements.add(node.settleLater(lane, holder, positions));
            } else {
                node.settle(lane, holder, positions, level);
            }
        });
    }

    /** Given back at once, in order: recover, close, an unread message. What bears a mark counts as delivered. */
    public void giveBack(List<Delivery> deliveries) {
        byLane(deliveries).forEach((lane, positions) -> node.release(lane, holder, positions, null));
    }

    /** A listener failed with it: comes back with back-off, or is buried with this cause at the limit. */
    public void fail(List<Delivery> deliveries, String cause) {
        byLane(deliveries).forEach((lane, positions) -> node.release(lane, holder, positions, cause));
    }

    /**
     * Takes over what a receiver of another session took and nobody has marked. On an exception they are where they were.
     *
     * @param deliveries of one receiver, at least one
     * @return the same messages, as this session's
     */
    public List<Delivery> takeOver(List<Delivery> deliveries) {
        checkOpen();
        ClientSession giver = deliveries.get(0).session();
        Map<Lane, List<Delivery>> byLane = new LinkedHashMap<>();
        deliveries.forEach(delivery -> byLane.computeIfAbsent(delivery.lane(), lane -> new ArrayList<>())
                .add(delivery));
        byLane.forEach((lane, some) -> {
            node.handOver(
                    lane,
                    giver.holder,
                    some.stream().mapToLong(Delivery::position).toArray(),
                    holder);
            some.forEach(giver::letGo);
        });
        return deliveries.stream().map(delivery -> hold(delivery.acquired())).toList();
    }

    /** A local unit of work of sends and deliveries. */
    public UnitOfWork begin() {
        checkOpen();
        return new UnitOfWork(this, node.newUnit(), true);
    }

    /**
     * The unit of the XA branch this session's XAResource is associated with now, or null: sends and deliveries of an
     * enlisted session go there.
     */
    public @Nullable UnitOfWork branch() {
        Association current = association;
        return current == null ? null : current.unit();
    }

    /**
     * The session has given messages back: those that its receivers took before that and that wait to be handed out must go
     * back too, or younger ones would overtake. {@link Delivery#isOvertaken} tells which.
     */
    public void restart() {
        round.incrementAndGet();
        receivers.forEach(Receiver::giveBackFetched);
    }

    long round() {
        return round.get();
    }

    /** Closes receivers, gives back what is held outside of branches. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        endWaits();
        receivers.forEach(Receiver::close);
        acknowledgements.await();
        giveBack(held.stream()
                .sorted((a, b) -> Long.compare(a.position(), b.position()))
                .toList());
        client.forget(this);
    }

    void checkMaySend(Envelope message) {
        client.check(Right.SEND, message.destination());
    }

    Client client() {
        return client;
    }

    Node node() {
        return node;
    }

    /** For a commit: one that comes after the session's user has closed it, by a container, may wait all the same. */
    Sender committer() {
        Sender present = sender;
        return present.hasEnded() ? new Sender(holder) : present;
    }

    long holder() {
        return holder;
    }

    /**
     * ILLEGAL_STATE after a transaction manager has ended failed work from a thread of its own, as when a transaction
     * times out: the program goes on as if within it, and nothing it does may take effect by itself. Until the session
     * enters another branch or has a new user.
     */
    public void checkNotCutOff() {
        if (cutOff) {
            throw new MambaException(
                    ErrorCode.ILLEGAL_STATE,
                    "The transaction of this session has failed meanwhile (timed out?) and was ended by its manager."
                            + " End it in the program too, and begin a new one.");
        }
    }

    /** The session gets a new user, whom the end of the last one's transaction does not concern. */
    public void forgetCutOff() {
        cutOff = false;
    }

    void workIn(BranchId branch, UnitOfWork unit) {
        association = new Association(branch, unit, Thread.currentThread());
        cutOff = false;
    }

    /** Nothing if the session works in another branch by now: one that it suspended may end at any time. */
    void leave(BranchId branch, boolean failed) {
        Association current = association;
        if (current != null && current.branch().equals(branch)) {
            cutOff = failed && current.thread() != Thread.currentThread();
            association = null;
        }
    }

    Collection<Receiver> receivers() {
        return receivers;
    }

    private Delivery hold(Acquired message) {
        return hold(message, other -> node.find(other.lane(), other.position()));
    }

    /** @param bodies reads the message if it is not at hand; null if it is gone */
    Delivery hold(Acquired message, Function<Acquired, @Nullable Envelope> bodies) {
        Delivery delivery = new Delivery(this, message, bodies);
        held.add(delivery);
        return delivery;
    }

    /** False if the session does not hold it any more. */
    boolean letGo(Delivery delivery) {
        return held.remove(delivery);
    }

    void forget(Receiver receiver) {
        receivers.remove(receiver);
    }

    private Map<Lane, long[]> byLane(List<Delivery> deliveries) {
        Map<Lane, List<Long>> lists = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            if (letGo(delivery)) {
                lists.computeIfAbsent(delivery.lane(), lane -> new ArrayList<>())
                        .add(delivery.position());
            }
        }
        Map<Lane, long[]> arrays = new LinkedHashMap<>();
        lists.forEach((lane, list) ->
                arrays.put(lane, list.stream().mapToLong(Long::longValue).toArray()));
        return arrays;
    }

    private SubscriptionSpec spec(Source source) {
        SubscriptionName name = source.subscription();
        boolean shared = source.kind() == Source.Kind.SHARED || source.kind() == Source.Kind.SHARED_DURABLE;
        boolean durable = source.kind() == Source.Kind.DURABLE || source.kind() == Source.Kind.SHARED_DURABLE;
        return new SubscriptionSpec(
                source.destination(),
                name == null ? null : name.clientId(),
                name == null ? null : name.name(),
                shared,
                durable,
                source.selector(),
                source.noLocal() ? client.id() : null,
                source.startFrom());
    }

    private void checkOpen() {
        if (closed) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "This session is closed.");
        }
    }
}
