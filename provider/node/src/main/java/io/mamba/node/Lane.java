package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.StoredRecord;
import io.mamba.message.Address;
import io.mamba.message.Envelope;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueCounts;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueSettings;
import io.mamba.queue.QueueState;
import io.mamba.queue.RunningSnapshot;
import io.mamba.selector.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's queue with those who wait at it. Owned by its partition's inbox; the public methods may be called by
 * any thread and go through it.
 */
public final class Lane {
    private static final int[] NO_MATCHES = {};
    private static final long[] NONE_FINISHED = {};
    private static final int MAX_AHEAD = 1000;
    /** Who is not the keeper looks so often whether the keeper has done what is due. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final LaneId id;
    private final PartitionOwner owner;
    private final QueueState state;
    private final SubscriptionTerms terms;
    private final LaneSelectors selectors;
    private final LaneDispatch dispatch;
    private volatile Address deadLetterQueue;
    private QueueSettings rules;
    private UnaryOperator<QueueSettings> saidByReceiver = UnaryOperator.identity();
    private boolean nobodySaid;
    private final long foldFrom;
    private final long eventsFrom;
    private Instant quietUntil = Instant.EPOCH;
    private boolean changed;
    private volatile boolean ended;
    /** Above 0 while the lane is being moved: it delivers nothing. */
    private int suspended;

    private volatile boolean beginning;

    private final SnapshotRecords snapshots;
    /** Of a shared log: what waits for the messages it speaks of. */
    private final LaneEvents told = new LaneEvents();
    /** Events of a shared log in front of it have been applied, or are not this lane's. */
    private long appliedTo;

    private volatile long member;
    /** Non-persistent messages overtake persistent ones that are being forced: a fence alone does not tell what was folded. */
    private final TreeSet<Long> ahead = new TreeSet<>();

    /**
     * @param foldFrom data records before it are not this lane's, or are in the state already
     * @param eventsFrom events before it are in the state already
     */
    Lane(LaneId id, PartitionOwner owner, QueueState state, SubscriptionTerms terms, long foldFrom, long eventsFrom) {
        this.id = id;
        this.snapshots = new SnapshotRecords(id);
        this.deadLetterQueue = DeadLetters.queueFor(id.destination());
        this.owner = owner;
        this.rules = owner.rules();
        this.state = state;
        this.terms = terms;
        this.selectors = new LaneSelectors(state, owner);
        this.dispatch = new LaneDispatch(this, owner, state, selectors);
        this.foldFrom = foldFrom;
        this.eventsFrom = eventsFrom;
    }

    public LaneId id() {
        return id;
    }

    PartitionOwner owner() {
        return owner;
    }

    SubscriptionTerms terms() {
        return terms;
    }

    /** Whether nothing of its state is logged, because it ends with this process. */
    public boolean memoryOnly() {
        return terms.memoryOnly();
    }

    /** Decides and applies the soft part, in turn; the events are the caller's to append. */
    Decision decide(QueueCommand command) {
        return owner.inbox().ask(() -> {
            Decision decision = decideHere(command);
            if (!(command instanceof QueueCommand.Mark)) {
                dispatchLater();
            }
            return decision;
        });
    }

    /** As {@link #decide}, for the inbox's own tasks. */
    Decision decideHere(QueueCommand command) {
        Decision decision = state.decide(command, owner.now());
        decision.soft().forEach(state::apply);
        return decision;
    }

    /** How many messages it holds back. */
    long depth() {
        QueueCounts counts = state.counts();
        return counts.available() + counts.acquired() + counts.committing() + counts.prepared();
    }

    /** What was to be written of these messages is not: they are with their holders again, or nobody's. */
    void refused(long holder, long[] positions, MambaException refusal) {
        owner.inbox().execute(() -> {
            decideHere(new QueueCommand.Refused(holder, positions));
            dispatch.refused(positions, refusal);
            dispatch();
        });
    }

    /** What the lane decides by itself was refused: it waits so long before it tries again. */
    void putOff(Duration pause) {
        owner.inbox().execute(() -> {
            quietUntil = owner.now().plus(pause);
            if (isShared()) {
                dispatch.claimNothingUntil(quietUntil);
            }
            dispatch();
        });
    }

    /** As {@link #decide} for a message wanted now; null if none is deliverable. */
    public @Nullable Acquired acquireNow(long holder, int selector) {
        if (isShared()) {
            List<Acquired> one = acquireNow(holder, selector, 1);
            return one.isEmpty() ? null : one.get(0);
        }
        return owner.inbox().ask(() -> {
            receiverWants();
            return dispatch.acquire(holder, selector);
        });
    }

    /**
     * As {@link #decide} for messages wanted now, in order; none if none is deliverable. In a shared log waits until the log
     * has told whose they are, and looks further while others are first.
     */
    public List<Acquired> acquireNow(long holder, int selector, int max) {
        while (true) {
            CompletableFuture<List<Acquired>> taken = acquireSoon(holder, selector, max);
            if (taken == null) {
                return List.of();
            }
            List<Acquired> messages = Futures.await(taken);
            if (!messages.isEmpty()) {
                return messages;
            }
        }
    }

    /**
     * As {@link #acquireNow(long, int, int)} without waiting: null if none is deliverable; completed with none if others were
     * first, and failed if the log refuses.
     */
    public @Nullable CompletableFuture<List<Acquired>> acquireSoon(long holder, int selector, int max) {
        return owner.inbox().ask(() -> {
            receiverWants();
            return dispatch.take(holder, selector, max);
        });
    }

    /**
     * Shared logs: claims what the command names, for a holder that moves or ends it. Waits for the outcome.
     *
     * @return the messages that the holder has now; null if there was nothing to claim
     */
    long @Nullable [] claimNow(long holder, QueueCommand command) {
        CompletableFuture<List<Long>> outcome = owner.inbox().ask(() -> dispatch.claim(holder, decideHere(command)));
        return outcome == null
                ? null
                : Futures.await(outcome).stream().mapToLong(Long::longValue).toArray();
    }

    /** Whether its messages are claimed by members of a shared log. Any thread. */
    public boolean isShared() {
        return member != 0;
    }

    /** Whether it may be told of what a send or commit has brought only after that has returned. Any thread. */
    public boolean seesLate() {
        return owner.seesLate();
    }

    /** Whether its messages are in a topic of other programs, which may remove them before they are received. Any thread. */
    public boolean isBound() {
        return owner.isBound();
    }

    /** Returns when it has seen what any node has completed before. Any thread but the inbox's. */
    public void awaitSeen() {
        owner.awaitSeen(this);
    }

    /** Answers the demand with the next message for it, now or later. */
    public void demand(Demand demand) {
        owner.inbox().execute(() -> {
            if (ended) {
                demand.answer().ended();
            } else if (demand.isOpen()) { // not taken back before it came here
                receiverWants();
                dispatch.add(demand);
                dispatch();
            }
        });
    }

    /** Takes a demand back: false if it was answered already. */
    public boolean cancel(Demand demand) {
        CompletableFuture<?> claim = owner.inbox().ask(() -> {
            demand.withdraw();
            return demand.claim();
        });
        if (claim != null) {
            Futures.await(claim);
        }
        return owner.inbox().ask(() -> dispatch.remove(demand));
    }

    /** The number of a selector for this lane's receivers; what waits already has been looked at on return. */
    public int useSelector(@Nullable Selector selector) {
        return selector == null || terms.filter() != null ? QueueState.NO_SELECTOR : selectors.use(selector);
    }

    /**
     * It comes from the log, and its receivers are not there yet: until the first of them wants a message nothing is buried, since
     * this receiver may allow more deliveries than the destination does.
     */
    void awaitReceiver() {
        nobodySaid = true;
        saidByReceiver = known -> new QueueSettings(
                0, known.initialRedeliveryDelay(), known.backOffMultiplier(), known.maximumRedeliveryDelay());
        state.settings(saidByReceiver.apply(rules));
    }

    private void receiverWants() {
        if (nobodySaid) {
            nobodySaid = false;
            saidByReceiver = UnaryOperator.identity();
            state.settings(rules);
        }
    }

    /** What a receiver says differently about failing messages, and where they end; null for the usual dead-letter queue. */
    public void redelivery(UnaryOperator<QueueSettings> said, @Nullable Address deadLetters) {
        owner.inbox().execute(() -> {
            nobodySaid = false;
            saidByReceiver = said;
            state.settings(said.apply(rules));
            deadLetterQueue = deadLetters == null ? DeadLetters.queueFor(id.destination()) : deadLetters;
            dispatch();
        });
    }

    /** What the destination says about failing messages from now on. */
    void rules(QueueSettings changed) {
        owner.inbox().execute(() -> {
            rules = changed;
            state.settings(saidByReceiver.apply(changed));
            dispatch();
        });
    }

    /** Where messages at the limit go. Any thread. */
    Address deadLetterQueue() {
        return deadLetterQueue;
    }

    /** Ends what {@link #useSelector} began. */
    public void dropSelector(@Nullable Selector selector) {
        if (selector != null) {
            owner.inbox().execute(() -> selectors.drop(selector));
        }
    }

    QueueState state() {
        return state;
    }

    /**
     * The subscription or queue is over. Who still has messages of it may settle them or give them back; nothing comes of
     * it. Who waits is told.
     */
    void end() {
        ended = true;
        dispatch.end();
    }

    /** Any thread. */
    public boolean hasEnded() {
        return ended;
    }

    /** Data records before it are not this lane's. */
    long foldFrom() {
        return foldFrom;
    }

    /** Events before it are not this lane's. */
    long eventsFrom() {
        return eventsFrom;
    }

    /** What of its snapshots is in the log. */
    SnapshotRecords snapshots() {
        return snapshots;
    }

    /** The state as it is now, to be taken down piece by piece; null if it has not changed since the last time. */
    @Nullable
    RunningSnapshot beginSnapshot(int pieceSize) {
        if (!changed) {
            return null;
        }
        changed = false;
        return state.beginSnapshot(pieceSize);
    }

    /** No more pieces will be asked for. */
    void endSnapshot(boolean written) {
        state.endSnapshot();
        changed |= !written;
    }

    /** This lane's state came from a snapshot, which has these records from behind its fence too. */
    void restoredFrom(StateRecords.SnapshotHead head) {
        snapshots.head(head);
        for (long position : head.ahead()) {
            ahead.add(position);
        }
    }

    /** Replay is over: the log's fences take over from those of the snapshot. */
    void replayed() {
        ahead.clear();
    }

    /** Non-persistent messages that were folded although the log's fence, {@code end}, is still before them. */
    long[] foldedAhead(long end) {
        return ahead.tailSet(end).stream().mapToLong(Long::longValue).toArray();
    }

    /** A data record: false if it is not for this lane. */
    boolean fold(long position, Envelope message) {
        if (position < foldFrom || !terms.accepts(message)) {
            return false;
        }
        if (!message.persistent() && !memoryOnly() && member == 0) {
            if (!ahead.add(position)) {
                return true;
            }
            if (ahead.size() > MAX_AHEAD) {
                ahead.headSet(owner.fence()).clear();
            }
        }
        changed = true;
        state.apply(enqueued(position, message, selectors.matches(position, message)));
        return true;
    }

    /** What a lane knows of a message. */
    static QueueEvent.Enqueued enqueued(long position, Envelope message) {
        return enqueued(position, message, NO_MATCHES);
    }

    private static QueueEvent.Enqueued enqueued(long position, Envelope message, int[] matches) {
        return new QueueEvent.Enqueued(
                position,
                message.priority(),
                Groups.hash(message.group()),
                message.deliveryTime() > message.timestamp() ? message.deliveryTime() : 0,
                message.expiration(),
                matches);
    }

    /** Events that the tail has seen. Any thread. */
    void applyLater(StoredRecord record) {
        owner.inbox().execute(() -> {
            for (QueueEvent event : StateRecords.eventsOf(record.record())) {
                apply(record.position(), event);
            }
            dispatch();
        });
    }

    /** Events that the tail of a shared log has seen, of a member that took part then. Any thread. */
    void applyLater(LaneEvents.Written written) {
        owner.inbox().execute(() -> {
            told.add(written);
            applyTold();
            dispatch();
        });
    }

    /** Events of the past of a shared log. */
    void replay(LaneEvents.Written written) {
        told.add(written);
        applyTold();
    }

    /** Applies what was told and speaks of messages that have come, in order. */
    void applyTold() {
        for (LaneEvents.Written next = told.next(toldOf()); next != null; next = told.next(toldOf())) {
            for (QueueEvent event : next.events()) {
                apply(next.position(), next.member(), event);
            }
            appliedTo = next.position() + 1;
        }
    }

    /**
     * From where on events of a shared log are not in the state.
     *
     * @param given all in front of it have been put into the inbox before this task
     */
    long appliedTo(long given) {
        return Math.max(eventsFrom, told.isEmpty() ? Math.max(appliedTo, given) : appliedTo);
    }

    /** A lane that begins lacks messages although the partition has them. */
    private long toldOf() {
        return beginning ? 0 : owner.toldUpTo();
    }

    /** From now on the lane is that of this member of a shared log. In the inbox. */
    void join(long number) {
        if (number != 0 && !memoryOnly()) {
            member = number;
            state.join(number);
            dispatch.forgetClaims();
            dispatchLater();
        }
    }

    /** As which member of a shared log its decisions are written; 0 in a log of one node. Any thread. */
    long member() {
        return member;
    }

    /** An event of this lane from the log of one node, or of a memory-only lane. */
    void apply(long position, QueueEvent event) {
        apply(position, member, event);
    }

    private void apply(long position, long writer, QueueEvent event) {
        if (position < eventsFrom) {
            return;
        }
        changed = true;
        long[] held = LongStream.of(finishedBy(event)).filter(state::holds).toArray();
        if (event instanceof QueueEvent.Requeued requeued) {
            requeue(requeued);
        } else {
            state.apply(event, writer);
        }
        if (event instanceof QueueEvent.Claimed claimed && writer == member) {
            dispatch.told(claimed.positions());
        }
        // In a shared log it may be another member's message, and stay.
        long[] finished =
                LongStream.of(held).filter(message -> !state.holds(message)).toArray();
        if (finished.length > 0 && !ended) {
            owner.settled(finished);
        }
    }

    private void requeue(QueueEvent.Requeued event) {
        long[] unneeded = owner.unneeded(event.messages().stream().mapToLong(QueueEvent.Enqueued::position));
        state.apply(event);
        owner.neededAgain(unneeded);
        selectors.lookAgain(event);
    }

    private long[] finishedBy(QueueEvent event) {
        if (event instanceof QueueEvent.Settled settled) {
            return settled.positions();
        } else if (event instanceof QueueEvent.Expired expired) {
            return expired.positions();
        } else if (event instanceof QueueEvent.Buried buried) {
            return new long[] {buried.position()};
        } else if (event instanceof QueueEvent.Resolved resolved && resolved.commit()) {
            return state.preparedPositions(resolved.branch());
        }
        return NONE_FINISHED;
    }

    /** Gives what is deliverable to those who wait; then sees to it that time is watched. */
    void dispatch() {
        dispatch.run();
        owner.watch(this, state.nextDeadline().map(this::whenToLook));
    }

    /** What is due and was refused waits for its pause; what becomes due meanwhile does not. */
    private Instant whenToLook(Instant deadline) {
        return deadline.isAfter(quietUntil) || deadline.isAfter(owner.now()) ? deadline : quietUntil;
    }

    void tick(Instant now) {
        if (now.isBefore(quietUntil)) {
            dispatch();
            return;
        }
        boolean keeps = !isShared() || owner.isKept();
        Decision decision = decideHere(new QueueCommand.Tick(keeps));
        owner.write(this, decision);
        if (!keeps) { // what is due is for the keeper to do
            quietUntil = now.plus(LOOK_AGAIN);
        }
        dispatch();
    }

    private void dispatchLater() {
        owner.inbox().execute(this::dispatch);
    }

    /** Until {@link #begun} it lacks messages that it begins with, and is not in the log. */
    void begin() {
        beginning = true;
        suspend();
    }

    void begun() {
        beginning = false;
        applyTold();
        resume();
    }

    /** Any thread. */
    boolean isBeginning() {
        return beginning;
    }

    /** Until {@link #resume} nothing is delivered. */
    void suspend() {
        suspended++;
    }

    /** Whether nothing may be delivered at present. */
    boolean isIdle() {
        return suspended > 0 || ended;
    }

    void resume() {
        suspended--;
    }

    /** Those of the messages that the holder has still: a node that was taken for dead has none. */
    long[] held(long holder, long[] positions) {
        return owner.inbox().ask(() -> heldOf(holder, positions));
    }

    /** Those of the messages that the holder has still go back, unread, once what is decided here is written. */
    CompletableFuture<Decision> giveBack(long holder, long[] positions) {
        return CompletableFuture.supplyAsync(
                () -> decideHere(new QueueCommand.Release(holder, heldOf(holder, positions), null, false)),
                owner.inbox()::execute);
    }

    private long[] heldOf(long holder, long[] positions) {
        return LongStream.of(positions)
                .filter(position -> state.isAcquired(holder, position))
                .toArray();
    }
}
