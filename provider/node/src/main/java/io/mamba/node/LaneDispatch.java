package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.queue.Decision;
import io.mamba.queue.QueueCommand;
import io.mamba.queue.QueueEvent;
import io.mamba.queue.QueueState;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for messages of a lane, and how they get them: in a log of one node by the decision to acquire, in a shared log
 * once the log has told that the claim has won. Owned by the lane's inbox.
 */
final class LaneDispatch {
    private final Lane lane;
    private final PartitionOwner owner;
    private final QueueState state;
    private final LaneSelectors selectors;
    private final Set<Demand> demands = new LinkedHashSet<>();
    private final LaneClaims claims;
    private Instant claimNothingUntil = Instant.EPOCH;

    LaneDispatch(Lane lane, PartitionOwner owner, QueueState state, LaneSelectors selectors) {
        this.lane = lane;
        this.owner = owner;
        this.state = state;
        this.selectors = selectors;
        this.claims = new LaneClaims(state);
    }

    void add(Demand demand) {
        demands.add(demand);
        owner.waiting(1);
    }

    boolean remove(Demand demand) {
        boolean waited = demands.remove(demand);
        if (waited) {
            owner.waiting(-1);
        }
        return waited;
    }

    /** Nothing will come any more. */
    void end() {
        claims.end();
        demands.forEach(demand -> demand.answer().ended());
        owner.waiting(-demands.size());
        demands.clear();
    }

    /** Gives what is deliverable to those who wait. */
    void run() {
        if (lane.isShared()) {
            claimForDemands();
            return;
        }
        for (Iterator<Demand> waiting = demands.iterator(); waiting.hasNext(); ) {
            Demand demand = waiting.next();
            Acquired message = acquire(demand.holder(), demand.selector());
            if (message != null) {
                waiting.remove();
                owner.waiting(-1);
                demand.answer().acquired(message);
            } else if (nothingAvailable()) {
                break;
            }
        }
    }

    private boolean nothingAvailable() {
        return selectors.isEmpty() && state.counts().available() == 0;
    }

    /** Null if nothing is deliverable. Not in a shared log. */
    @Nullable
    Acquired acquire(long holder, int selector) {
        if (lane.isIdle()) {
            return null;
        }
        Decision decision = lane.decideHere(new QueueCommand.Acquire(holder, selector, 1));
        owner.write(lane, decision);
        return decision.acquired().isEmpty()
                ? null
                : acquired(decision.acquired().get(0));
    }

    private Acquired acquired(Decision.Acquisition taken) {
        return new Acquired(lane, taken.position(), taken.attempt(), owner.cached(taken.position()));
    }

    /** Null if nothing is deliverable; of a shared log's messages perhaps none, because others were first. */
    @Nullable
    CompletableFuture<List<Acquired>> take(long holder, int selector, int max) {
        if (lane.isIdle()) {
            return null;
        }
        Decision decision = lane.decideHere(new QueueCommand.Acquire(holder, selector, max));
        if (!lane.isShared()) {
            owner.write(lane, decision);
            return decision.acquired().isEmpty()
                    ? null
                    : CompletableFuture.completedFuture(
                            decision.acquired().stream().map(this::acquired).toList());
        }
        CompletableFuture<List<Long>> outcome = claim(holder, decision);
        return outcome == null
                ? null
                : outcome.thenApply(won -> won.stream().map(this::claimed).toList());
    }

    private Acquired claimed(long position) {
        return new Acquired(lane, position, state.deliveries(position), owner.cached(position));
    }

    /** Writes what a decision claims for the holder; completed with what has won. Null if it claims nothing. */
    @Nullable
    CompletableFuture<List<Long>> claim(long holder, Decision decision) {
        long[] positions = decision.soft().stream()
                .flatMapToLong(event -> event instanceof QueueEvent.Claiming claiming
                        ? LongStream.of(claiming.positions())
                        : LongStream.empty())
                .toArray();
        if (positions.length == 0) {
            return null;
        }
        CompletableFuture<List<Long>> outcome = claims.begin(holder, positions);
        owner.write(lane, decision);
        return outcome;
    }

    /** Each demand has one claim under way; what others were first to take, it looks behind. */
    private void claimForDemands() {
        if (owner.now().isBefore(claimNothingUntil)) {
            return;
        }
        for (Demand demand : List.copyOf(demands)) {
            if (demand.isOpen()) {
                CompletableFuture<List<Acquired>> taken = take(demand.holder(), demand.selector(), demand.max());
                if (taken != null) {
                    demand.claiming(taken.handle((won, refused) -> answer(demand, won == null ? List.of() : won)));
                } else if (nothingAvailable()) {
                    break;
                }
            }
        }
    }

    private Demand answer(Demand demand, List<Acquired> won) {
        demand.claimed();
        if (!won.isEmpty()) {
            remove(demand);
            if (won.size() > 1) {
                demand.answer().fetched(won.subList(1, won.size()));
            }
            demand.answer().acquired(won.get(0));
        }
        return demand;
    }

    /** The log has told a claim of this member. */
    void told(long[] positions) {
        claims.told(positions);
    }

    /** The log has refused a claim, if these messages were to be claimed. */
    void refused(long[] positions, MambaException refusal) {
        claims.refused(positions, refusal);
    }

    /** What was being claimed is not this member's any more. */
    void forgetClaims() {
        claims.end();
    }

    /** The log refuses claims: those who wait go on then. */
    void claimNothingUntil(Instant when) {
        claimNothingUntil = when;
        owner.at(when, lane::dispatch);
    }
}
