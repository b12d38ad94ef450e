package io.mamba.queue;

import static io.mamba.queue.MessageState.ACQUIRED;
import static io.mamba.queue.MessageState.AVAILABLE;
import static io.mamba.queue.MessageState.COMMITTING;
import static io.mamba.queue.MessageState.PREPARED;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.queue.QueueEvent.Acquired;
import io.mamba.queue.QueueEvent.BackingOff;
import io.mamba.queue.QueueEvent.Buried;
import io.mamba.queue.QueueEvent.Claimed;
import io.mamba.queue.QueueEvent.Committing;
import io.mamba.queue.QueueEvent.Delivered;
import io.mamba.queue.QueueEvent.Enqueued;
import io.mamba.queue.QueueEvent.Expired;
import io.mamba.queue.QueueEvent.GivenBack;
import io.mamba.queue.QueueEvent.Gone;
import io.mamba.queue.QueueEvent.Matched;
import io.mamba.queue.QueueEvent.Prepared;
import io.mamba.queue.QueueEvent.Reacquired;
import io.mamba.queue.QueueEvent.Released;
import io.mamba.queue.QueueEvent.Requeued;
import io.mamba.queue.QueueEvent.Resolved;
import io.mamba.queue.QueueEvent.Scanned;
import io.mamba.queue.QueueEvent.Settled;
import io.mamba.queue.QueueEvent.Ticked;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One lane: who waits, who is with whom, what is done. Owned by the thread that runs the partition's inbox; not
 * thread-safe. Pure: time comes in as an argument.
 *
 * <p>Iterators given out are valid until the next {@link #apply}, but for Matched, which leaves them alone.
 */
public final class QueueState {
    public static final int NO_SELECTOR = -1;
    /** The holder of what a member of a shared log has for no session: to be expired, buried or given back. */
    public static final long MEMBER_ITSELF = 0;

    private QueueSettings settings;
    private final Messages messages;
    private final Decider decider;
    private final Claims claims;
    /** By selector, the highest position that had arrived when it was registered. */
    private final TreeMap<Integer, Long> selectors = new TreeMap<>();
    /** By branch, when the back-off of its messages begins if it is rolled back. */
    private final Map<String, Long> backingOff = new HashMap<>();

    private long highest = -1;
    private @Nullable RunningSnapshot running;

    public QueueState(QueueSettings settings) {
        this(settings, Chunk.CAPACITY);
    }

    QueueState(QueueSettings settings, int chunkCapacity) {
        this.settings = settings;
        this.messages = new Messages(settings, chunkCapacity);
        this.decider = new Decider(settings, messages);
        this.claims = new Claims(messages);
    }

    /**
     * From now on this is a lane of a member of a shared log, with this number (above 0, never used before). Until then
     * all that the log says of members is said of others. Claims that are being written as another member come to nothing.
     */
    public void join(long member) {
        claims.forgetWanted();
        messages.own = member;
    }

    /** Whether this is a lane of a shared log, where a message is the holder's only once its claim has won. */
    public boolean isShared() {
        return messages.isShared();
    }

    /** What follows from the command; changes nothing. Refusals are MambaExceptions with category CALLER. */
    public Decision decide(QueueCommand command, Instant now) {
        if (command instanceof QueueCommand.Acquire acquire && acquire.selector() != NO_SELECTOR) {
            registration(acquire.selector());
        }
        return decider.decide(command, now.toEpochMilli());
    }

    /** As {@link #apply(QueueEvent, long)} for this node's own, and for events of no member: soft ones and Enqueued. */
    public void apply(QueueEvent event) {
        apply(event, messages.own);
    }

    /**
     * The only mutator. In a shared log the order of events decides what counts: one about a message that another member
     * holds changes nothing.
     *
     * @param member who wrote the event to a shared log; 0 in a log of one node
     */
    public void apply(QueueEvent event, long member) {
        if (running != null) {
            running.before(event);
        }
        if (event instanceof Enqueued enqueued) {
            enqueue(enqueued);
        } else if (event instanceof Delivered delivered) {
            deliver(delivered);
        } else if (event instanceof Settled settled) {
            finish(settled.positions(), MessageState.SETTLED, member);
        } else if (event instanceof Expired expired) {
            expire(expired.positions(), member);
        } else if (event instanceof Buried buried) {
            finish(new long[] {buried.position()}, MessageState.BURIED, member);
        } else if (event instanceof Prepared prepared) {
            prepare(prepared, member);
        } else if (event instanceof Resolved resolved) {
            resolve(resolved);
        } else if (event instanceof Requeued requeued) {
            requeued.messages().forEach(this::requeue);
        } else if (event instanceof Claimed claimed) {
            claims.apply(claimed, member);
        } else if (event instanceof GivenBack back) {
            claims.apply(back, member);
        } else if (event instanceof Gone gone) {
            claims.gone(gone.member());
        } else {
            applySoft(event);
        }
        messages.refresh();
    }

    private void applySoft(QueueEvent event) {
        if (event instanceof Acquired acquired) {
            acquire(acquired.holder(), acquired.positions());
        } else if (event instanceof Reacquired reacquired) {
            acquire(reacquired.holder(), reacquired.positions());
        } else if (event instanceof Released released) {
            release(released);
        } else if (event instanceof Committing committing) {
            lock(committing);
        } else if (event instanceof Ticked ticked) {
            messages.waiting.tick(ticked.now());
            messages.touched.tick(ticked.now());
        } else if (event instanceof Matched matched) {
            match(matched);
        } else if (event instanceof Scanned scanned) {
            scanned(scanned);
        } else if (event instanceof BackingOff failed) {
            backingOff.put(failed.branch(), failed.from());
        } else if (event instanceof QueueEvent.Claiming claiming) {
            claims.begin(claiming);
        } else if (event instanceof QueueEvent.ClaimRefused refused) {
            claims.refused(refused);
        } else if (event instanceof QueueEvent.HandedOut out) {
            claims.handOut(out);
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
    }

    private void enqueue(Enqueued event) {
        if (event.position() < 0 || event.priority() < 0 || event.priority() >= Waiting.PRIORITIES) {
            throw new MambaException(
                    ErrorCode.INTERNAL, "Expected a position and a priority of 0 to 9, but got " + event + ".");
        }
        if (event.position() > highest || !holds(event.position())) {
            messages.enqueue(event, views(event.matches()));
            highest = Math.max(highest, event.position());
        }
    }

    private void requeue(Enqueued message) {
        if (!holds(message.position())) {
            messages.requeue(message, views(message.matches()));
            highest = Math.max(highest, message.position());
        }
    }

    /** What sees the message besides view 0: of the selectors that match, those that are still registered. */
    private int[] views(int[] matches) {
        return matches.length == 0
                ? matches
                : Arrays.stream(matches)
                        .filter(selectors::containsKey)
                        .map(selector -> selector + 1)
                        .toArray();
    }

    private void deliver(Delivered event) {
        Touched message = messages.touch(event.position());
        if (message != null) {
            messages.touched.change(message, () -> {
                message.count = event.count();
                message.marked = message.held;
            });
        }
    }

    private void finish(long[] positions, MessageState end, long member) {
        for (long position : positions) {
            if (messages.isWith(member, position)) {
                messages.finish(position, end);
            }
        }
    }

    private void expire(long[] positions, long member) {
        for (long position : positions) {
            if (messages.isWith(0, position) || messages.isWith(member, position)) {
                messages.finish(position, MessageState.EXPIRED);
            }
        }
    }

    private void prepare(Prepared event, long member) {
        for (long position : event.positions()) {
            Touched message = messages.isWith(member, position) ? messages.touch(position) : null;
            if (message != null && message.state != PREPARED) {
                messages.move(message, PREPARED, prepared -> {
                    prepared.held = false;
                    prepared.branch = event.branch();
                });
            }
        }
    }

    private void resolve(Resolved event) {
        long failedAt = Objects.requireNonNullElse(backingOff.remove(event.branch()), 0L);
        for (Touched message : messages.touched.prepared(event.branch())) {
            if (event.commit()) {
                messages.finish(message.position, MessageState.SETTLED);
            } else {
                long delay = settings.redeliveryDelay(message.count).toMillis();
                boolean waits = failedAt != 0 && delay > 0 && !messages.touched.isExhausted(message);
                messages.move(message, AVAILABLE, back -> {
                    back.branch = null;
                    back.marked = false;
                    back.member = 0;
                    back.backOffUntil = waits ? failedAt + delay : event.availableAt();
                });
            }
        }
    }

    private void acquire(long holder, long[] positions) {
        for (long position : positions) {
            messages.move(messages.touchExpected(position), ACQUIRED, message -> {
                message.holder = holder;
                message.held = true;
            });
        }
    }

    private void release(Released event) {
        Slot slot = messages.waiting.find(event.position());
        if (slot != null) {
            messages.refuseEnd(slot);
            return;
        }
        messages.move(messages.touchExpected(event.position()), AVAILABLE, message -> {
            message.held = false;
            message.marked = false;
            message.backOffUntil = event.availableAt();
            if (event.cause() != null) {
                message.cause = event.cause();
            }
        });
    }

    private void lock(Committing event) {
        for (long position : event.positions()) {
            Slot slot = messages.waiting.find(position);
            if (slot != null) {
                messages.beginEnd(slot);
            } else {
                messages.move(messages.touchExpected(position), COMMITTING, message -> {
                    message.backOffUntil = 0;
                    message.marked |= messages.isShared(); // an acknowledgement that fails later was of a message seen
                });
            }
        }
    }

    private void match(Matched event) {
        if (!selectors.containsKey(event.selector())) {
            return;
        }
        int view = event.selector() + 1;
        Slot slot = messages.waiting.find(event.position());
        Touched message = messages.touched.get(event.position());
        if (slot != null) {
            messages.waiting.match(slot, view);
        } else if (message != null) {
            message.views.set(view);
        }
    }

    private void scanned(Scanned event) {
        int view = event.selector() + 1;
        messages.waiting.scanned(view, event.found());
        for (long position : event.parked()) {
            Slot slot = messages.waiting.find(position);
            if (slot != null) {
                messages.waiting.park(slot, view);
                messages.groups.park(slot.group(), view, slot.priority(), position);
            }
        }
    }

    /** From now on these rules hold, for the messages that are here too. Rules are no part of the state: a snapshot has none. */
    public void settings(QueueSettings changed) {
        if (!settings.equals(changed)) {
            settings = changed;
            decider.settings(changed);
            messages.touched.limit(changed.maxDeliveries());
        }
    }

    /**
     * When Tick has something to do: delay, expiry, back-off; the epoch if at once, because a message has reached the limit
     * of deliveries. Empty while nothing waits for a time.
     */
    public Optional<Instant> nextDeadline() {
        if (!messages.touched.heldBy(MEMBER_ITSELF).isEmpty() && messages.isShared()) {
            return Optional.of(Instant.EPOCH);
        }
        long earliest = Math.min(messages.waiting.earliest(), messages.touched.earliest());
        return earliest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(earliest));
    }

    public QueueCounts counts() {
        return messages.counters.counts(messages.scheduled());
    }

    /** Makes room for a selector's results: one bit a waiting message. The number is reused after unregistering. */
    public int registerSelector() {
        int selector = 0;
        while (selectors.containsKey(selector)) {
            selector++;
        }
        selectors.put(selector, highest);
        messages.waiting.addView(selector + 1);
        return selector;
    }

    public void unregisterSelector(int selector) {
        registration(selector);
        selectors.remove(selector);
        messages.waiting.dropView(selector + 1);
        messages.touched.dropView(selector + 1);
        messages.groups.dropView(selector + 1);
    }

    /**
     * Positions that were here when the selector was registered, ascending: what it has to be evaluated for once, by
     * whoever can read messages, with {@link Matched} for each match. Those that arrive later bring their result along.
     *
     * @param after where an earlier look ended; -1 to begin
     */
    public PrimitiveIterator.OfLong unmatched(int selector, long after) {
        return new LiveMessages(messages, after, registration(selector));
    }

    private long registration(int selector) {
        Long registeredAt = selectors.get(selector);
        if (registeredAt == null) {
            throw new MambaException(ErrorCode.ILLEGAL_STATE, "Selector " + selector + " is not registered.");
        }
        return registeredAt;
    }

    /** Whether this member's claim has won the message for the holder, who has it since then. */
    public boolean isAcquired(long holder, long position) {
        Touched message = messages.touched.get(position);
        return message != null && message.state == ACQUIRED && message.holder == holder;
    }

    /** Which member of a shared log has claimed or prepared the message; 0 for none. */
    long memberOf(long position) {
        Touched message = messages.touched.get(position);
        return message == null ? 0 : message.member;
    }

    boolean isHandedOut(long position) {
        Touched message = messages.touched.get(position);
        return message != null && message.marked;
    }

    /** How often the message was handed out; in a shared log this time included, if it was claimed for that. */
    public int deliveries(long position) {
        Touched message = messages.touched.get(position);
        return message == null ? 0 : message.count;
    }

    /** Whether the lane still needs the message: it is in any state but settled, expired or buried. */
    public boolean holds(long position) {
        return messages.state(position) != null;
    }

    /** Positions the lane still needs, ascending. */
    public PrimitiveIterator.OfLong live() {
        return new LiveMessages(messages, -1, Long.MAX_VALUE);
    }

    /** Available positions that wait for no time, ascending: the oldest first. */
    public PrimitiveIterator.OfLong oldest() {
        LiveMessages live = new LiveMessages(messages, -1, Long.MAX_VALUE);
        return LongStream.generate(live::nextUnscheduled)
                .takeWhile(position -> position >= 0)
                .iterator();
    }

    /** The highest position that was enqueued, now or before the snapshot; -1 for none. */
    public long highestPosition() {
        return highest;
    }

    /** Available and visible (not delayed, not expired) positions in delivery order, for a browser. */
    public PrimitiveIterator.OfLong browse(Instant now) {
        return new Browsing(messages, now);
    }

    /** The messages that a branch has prepared here. */
    public long[] preparedPositions(String branch) {
        return messages.touched.prepared(branch).stream()
                .mapToLong(message -> message.position)
                .toArray();
    }

    /** Branches that have prepared messages here. */
    public List<String> preparedBranches() {
        return messages.touched.branches();
    }

    /**
     * The durable state as it is now, in pieces of at most {@code pieceSize} bytes, which may be asked for while the lane
     * goes on; soft states count as AVAILABLE. Restored by {@link #restore}. One at a time: another one begun, or {@link
     * #endSnapshot}, ends it. Which messages it knows is the caller's to remember: an Enqueued applied again for one that
     * was done with by then brings it back, until the event that settled it is applied again too.
     */
    public RunningSnapshot beginSnapshot(int pieceSize) {
        RunningSnapshot begun = new RunningSnapshot(messages, highest, pieceSize);
        running = begun;
        return begun;
    }

    /** No more pieces of the running snapshot will be asked for. */
    public void endSnapshot() {
        running = null;
    }

    /** @throws MambaException CORRUPT if the pieces are not a snapshot of a version known here */
    public static QueueState restore(QueueSettings settings, List<byte[]> pieces) {
        QueueState state = new QueueState(settings);
        state.highest = Snapshot.read(state.messages, state, state.claims, pieces);
        return state;
    }

    /**
     * All that is durable, in one canonical text: equal for a live state and for one that was replayed, soft states
     * counting as AVAILABLE, and delays that have ended as none. For tests.
     */
    public String fingerprint(Instant now) {
        return Fingerprint.of(messages, now.toEpochMilli());
    }

    long heapBytes() {
        return messages.waiting.heapBytes();
    }

    /** How many messages take an object each. */
    int objects() {
        return messages.touched.all().size();
    }

    long groupBytes() {
        return messages.groupTable.heapBytes();
    }

    long deadlineBytes() {
        return messages.waiting.deadlineBytes();
    }

    long selectorBytes() {
        return messages.waiting.selectorBytes();
    }
}
