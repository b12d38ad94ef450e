package io.mamba.client;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Envelope;
import io.mamba.node.Acquired;
import io.mamba.node.Demand;
import io.mamba.node.Futures;
import io.mamba.node.Lane;
import io.mamba.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of one lane for a receiver.
 *
 * <p>Its fields are owned by its lock. The lane answers a demand from its inbox and takes that lock; so nothing here calls
 * the lane, or the receiver, while holding it.
 */
final class LaneReceiver {
    private static final System.Logger LOGGER = System.getLogger(LaneReceiver.class.getName());

    private final Object lock = new Object();
    private final ClientSession session;
    private final Lane lane;
    private final @Nullable Selector selector;
    private final int selectorNumber;
    private final Runnable news;
    private boolean started;
    private boolean closed;
    private boolean wanted;
    private final Prefetched prefetched = new Prefetched();
    /** Done when all that was prefetched and kept too long is back in the lane. */
    private CompletableFuture<Void> goingBack = CompletableFuture.completedFuture(null);

    private int timesGoneBack;
    /** Done when what was claimed for later is among the prefetched. */
    private CompletableFuture<Void> claimedAhead = CompletableFuture.completedFuture(null);

    private @Nullable Demand open;
    private @Nullable Acquired arrived;
    private @Nullable Consumer<Delivery> sink;

    /** @param news called when somebody who waits for a message may find one, or that none will come */
    LaneReceiver(ClientSession session, Lane lane, @Nullable Selector selector, Runnable news) {
        this.session = session;
        this.lane = lane;
        this.selector = selector;
        this.selectorNumber = lane.useSelector(selector);
        this.news = news;
    }

    /** Null if nothing is deliverable, as far as is known here: for those who ask for what comes then. */
    @Nullable
    Delivery take() {
        Delivery next = takeNext();
        while (next != null && isGone(next)) {
            next = takeNext();
        }
        return next;
    }

    /** Whether other programs, whose topic it is, have removed the message: then it is done with. */
    private boolean isGone(Delivery delivery) {
        if (!lane.isBound() || isThereOrUnreadable(delivery)) {
            return false;
        }
        session.settle(List.of(delivery), false);
        LOGGER.log(
                System.Logger.Level.WARNING,
                "Message " + delivery.position() + " of " + lane.id()
                        + " was removed from its topic before it was received"
                        + " (by retention, compaction or a program); it is left out. Let the topic keep records longer than"
                        + " messages wait.");
        return true;
    }

    /** Whoever takes one that cannot be read now reads it again and hears why. */
    private static boolean isThereOrUnreadable(Delivery delivery) {
        try {
            return delivery.find() != null;
        } catch (MambaException unreadable) {
            return true;
        }
    }

    private @Nullable Delivery takeNext() {
        if (!isStarted()) {
            return null;
        }
        checkExists();
        if (!lane.isShared()) {
            Acquired message = lane.acquireNow(session.holder(), selectorNumber);
            return message == null ? null : hold(message);
        }
        Acquired fetched = prefetched.poll();
        if (fetched == null) {
            Futures.await(claimedAhead());
            fetched = prefetched.poll();
        }
        if (fetched != null) {
            claimAhead();
            return hold(fetched);
        }
        Futures.await(goingBack()); // it comes again before what stands behind it
        List<Acquired> messages = lane.acquireNow(session.holder(), selectorNumber, wanted());
        if (messages.isEmpty()) {
            return null;
        }
        keep(messages.subList(1, messages.size()));
        return hold(messages.get(0));
    }

    /** Returns when what a send or commit returned before is seen here; false at once if nothing was unseen, or not started. */
    boolean awaitSeen() {
        boolean late = lane.seesLate() && isStarted();
        if (late) {
            lane.awaitSeen();
        }
        return late;
    }

    private int wanted() {
        return lane.isShared() ? prefetched.wanted() : 1;
    }

    private Delivery hold(Acquired message) {
        if (lane.isShared()) {
            prefetched.handedOut(System.nanoTime());
        }
        return session.hold(message, this::read);
    }

    /** The message from the log; of a shared one those that are handed out next too, which costs little more. */
    private @Nullable Envelope read(Acquired wanted) {
        if (!lane.seesLate()) {
            return session.node().find(lane, wanted.position());
        }
        Map<Long, Envelope> read = readSome(prefetched.lackingAnd(wanted.position()));
        prefetched.fill(read);
        Envelope message = read.get(wanted.position());
        return message == null ? session.node().find(lane, wanted.position()) : message;
    }

    /** While what is here is handed out, the next ones are claimed and read: nobody has to wait for them then. */
    private void claimAhead() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        int goneBefore;
        synchronized (lock) {
            if (!started || closed || !claimedAhead.isDone() || !goingBack.isDone() || !prefetched.runsLow()) {
                return;
            }
            claimedAhead = done;
            goneBefore = timesGoneBack;
        }
        CompletableFuture<List<Acquired>> claimed = null;
        try {
            claimed = lane.acquireSoon(session.holder(), selectorNumber, wanted());
        } finally {
            if (claimed == null) {
                done.complete(null);
            }
        }
        if (claimed != null) {
            // If the log refuses, who claims next hears why.
            var unused = claimed.thenAcceptAsync(
                            messages -> keepAhead(readAhead(messages), goneBefore), session.node()::execute)
                    .whenComplete((nothing, refused) -> done.complete(null));
        }
    }

    /** Without those that cannot be read now: whoever takes one reads it again and hears why. */
    private List<Acquired> readAhead(List<Acquired> messages) {
        try {
            return Prefetched.filled(messages, this::readSome);
        } catch (MambaException unreadable) {
            return messages;
        }
    }

    private Map<Long, Envelope> readSome(long[] positions) {
        return session.node().readSome(lane, positions);
    }

    private CompletableFuture<Void> claimedAhead() {
        synchronized (lock) {
            return claimedAhead;
        }
    }

    /** For the next ones who ask, if they come soon. */
    private void keep(List<Acquired> messages) {
        if (!messages.isEmpty()) {
            prefetched.add(messages);
            session.node().at(session.node().now().plus(Prefetched.KEPT), () -> giveBackLater(messages));
        }
    }

    /** Not if anything went back since this was asked for: that stands in front of it. */
    private void keepAhead(List<Acquired> messages, int goneBefore) {
        CompletableFuture<Void> done;
        synchronized (lock) {
            if (timesGoneBack == goneBefore) {
                keep(messages);
                return;
            }
            done = beginGivingBack();
        }
        giveBack(messages, done);
    }

    /** What is left of these, and what stands behind it. Whoever finds nothing here any more finds {@link #goingBack}. */
    private void giveBackLater(List<Acquired> messages) {
        List<Acquired> left;
        CompletableFuture<Void> done;
        synchronized (lock) {
            left = prefetched.takeBack(messages);
            if (left.isEmpty()) {
                return;
            }
            done = beginGivingBack();
        }
        giveBack(left, done);
    }

    private CompletableFuture<Void> beginGivingBack() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        goingBack = CompletableFuture.allOf(goingBack, done);
        timesGoneBack++;
        return done;
    }

    private void giveBack(List<Acquired> messages, CompletableFuture<Void> done) {
        var unused = session.node()
                .releaseLater(lane, session.holder(), positions(messages))
                .whenComplete((nothing, failed) -> done.complete(null));
    }

    private CompletableFuture<Void> goingBack() {
        synchronized (lock) {
            return goingBack;
        }
    }

    private static long[] positions(List<Acquired> messages) {
        return messages.stream().mapToLong(Acquired::position).toArray();
    }

    /** What was taken from the lane and waits to be handed out goes back, on return. */
    void giveBackFetched() {
        Futures.await(claimedAhead());
        long[] left = positions(prefetched.takeAll());
        if (left.length > 0) {
            session.node().release(lane, session.holder(), left, null);
        }
    }

    private boolean isStarted() {
        synchronized (lock) {
            return started && !closed;
        }
    }

    /** What is demanded is delivered here, by a thread of the node's own; null: it is kept until {@link #takeArrived}. */
    void sink(@Nullable Consumer<Delivery> sink) {
        synchronized (lock) {
            this.sink = sink;
        }
        if (sink == null) {
            endDemand();
            giveBackArrived();
            giveBackFetched();
        }
    }

    /** Asks for one more delivery; at most one demand is open. It stays open over stop and start of the session. */
    void demand() {
        synchronized (lock) {
            wanted = !closed;
        }
        place();
    }

    /** After this no demand is open; if it was answered at the last moment, that has arrived or is on its way to the sink. */
    void endDemand() {
        synchronized (lock) {
            wanted = false;
        }
        withdraw();
    }

    /** Whether there is something to be found for who has demanded. */
    boolean hasNews() {
        synchronized (lock) {
            return arrived != null || closed || lane.hasEnded();
        }
    }

    /** A delivery of this that nobody wants any more goes back, and what stands behind it. */
    void giveBack(Delivery delivery) {
        if (!lane.isShared()) {
            session.giveBack(List.of(delivery));
        } else if (session.letGo(delivery)) {
            List<Acquired> back = new ArrayList<>(List.of(delivery.acquired()));
            CompletableFuture<Void> done;
            synchronized (lock) {
                back.addAll(prefetched.takeAll());
                done = beginGivingBack();
            }
            giveBack(back, done);
        }
    }

    /** What was taken but not handed out goes back. Once. */
    void close() {
        synchronized (lock) {
            closed = true;
            wanted = false;
        }
        withdraw();
        giveBackArrived();
        giveBackFetched();
        lane.dropSelector(selector);
    }

    Lane lane() {
        return lane;
    }

    void start() {
        synchronized (lock) {
            started = true;
        }
        place();
    }

    void stop() {
        synchronized (lock) {
            started = false;
        }
        withdraw();
        giveBackArrived();
        giveBackFetched();
    }

    private void place() {
        Demand demand = new Demand(session.holder(), selectorNumber, wanted(), new FromLane());
        CompletableFuture<Void> before;
        synchronized (lock) {
            if (!wanted || !started || closed || open != null || arrived != null) {
                return;
            }
            open = demand;
            before = CompletableFuture.allOf(goingBack, claimedAhead);
        }
        if (!answeredByFetched(demand)) {
            var unused = before.thenRun(() -> {
                if (!answeredByFetched(demand)) {
                    lane.demand(demand);
                }
            });
        }
    }

    /** Not if it was taken back meanwhile. */
    private boolean answeredByFetched(Demand demand) {
        Acquired fetched;
        Consumer<Delivery> target;
        synchronized (lock) {
            fetched = open == demand ? prefetched.poll() : null;
            if (fetched == null) {
                return false;
            }
            target = targetOf(fetched);
        }
        handOn(fetched, target);
        claimAhead();
        return true;
    }

    /** Called in the lane's inbox. */
    private final class FromLane implements Demand.Answer {
        @Override
        public void fetched(List<Acquired> more) {
            keep(more);
        }

        @Override
        public void acquired(Acquired message) {
            answered(message);
        }

        @Override
        public void ended() {
            deleted();
        }
    }

    /** INVALID_DESTINATION if its destination was deleted. */
    void checkExists() {
        if (lane.hasEnded()) {
            throw gone();
        }
    }

    private MambaException gone() {
        return new MambaException(
                ErrorCode.INVALID_DESTINATION,
                lane.id() + " was deleted by an administrator; close this consumer, and open another one if it is to be"
                        + " created again.");
    }

    private void deleted() {
        boolean listening;
        synchronized (lock) {
            open = null;
            wanted = false;
            listening = sink != null && !closed;
        }
        news.run();
        if (listening) {
            session.node().execute(() -> session.client().failed(gone()));
        }
    }

    private void answered(Acquired message) {
        Consumer<Delivery> target;
        synchronized (lock) {
            target = targetOf(message);
        }
        handOn(message, target);
    }

    /** Where the answer to the demand goes, which is open no more; null if it is kept until {@link #takeArrived}. */
    private @Nullable Consumer<Delivery> targetOf(Acquired message) {
        open = null;
        Consumer<Delivery> target = started && !closed ? sink : null;
        if (target == null) {
            arrived = message;
        } else {
            wanted = false;
        }
        return target;
    }

    private void handOn(Acquired message, @Nullable Consumer<Delivery> target) {
        if (target == null) {
            news.run();
        } else {
            Delivery delivery = hold(message);
            session.node().execute(() -> pass(delivery, target));
        }
    }

    private void pass(Delivery delivery, Consumer<Delivery> target) {
        if (isGone(delivery)) {
            demand();
        } else {
            target.accept(delivery);
        }
    }

    private void withdraw() {
        Demand demand;
        synchronized (lock) {
            demand = open;
        }
        if (demand != null) {
            lane.cancel(demand);
            synchronized (lock) {
                if (open == demand) {
                    open = null;
                }
            }
        }
    }

    private void giveBackArrived() {
        Acquired message = takeArrived();
        if (message != null) {
            session.node().release(lane, session.holder(), new long[] {message.position()}, null);
        }
    }

    /** What has come for a demand, for who takes it. */
    @Nullable
    Delivery arrived() {
        Acquired message = takeArrived();
        Delivery delivery = message == null ? null : hold(message);
        return delivery == null || isGone(delivery) ? null : delivery;
    }

    private @Nullable Acquired takeArrived() {
        synchronized (lock) {
            Acquired message = arrived;
            arrived = null;
            return message;
        }
    }
}
