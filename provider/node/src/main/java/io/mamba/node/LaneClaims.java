package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.queue.QueueState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Claims of this member of a shared log that the log has not told yet, with who waits for their outcome. Owned by the lane's
 * inbox; those who wait are told in it.
 */
final class LaneClaims {
    /** What one decision claims for one holder. */
    private static final class Claim {
        final long holder;
        final List<Long> won = new ArrayList<>();
        final CompletableFuture<List<Long>> outcome = new CompletableFuture<>();
        int open;

        Claim(long holder, int open) {
            this.holder = holder;
            this.open = open;
        }
    }

    private final QueueState state;
    private final Map<Long, Claim> byPosition = new HashMap<>();

    LaneClaims(QueueState state) {
        this.state = state;
    }

    /** @return which of these messages are the holder's, when the log has told it; fails if the log refuses the claim */
    CompletableFuture<List<Long>> begin(long holder, long[] positions) {
        Claim claim = new Claim(holder, positions.length);
        for (long position : positions) {
            byPosition.put(position, claim);
        }
        return claim.outcome;
    }

    /** A claim of this member has been told and applied, or has come to nothing. */
    void told(long[] positions) {
        Set<Claim> complete = new LinkedHashSet<>();
        for (long position : positions) {
            Claim claim = byPosition.remove(position);
            if (claim != null) {
                if (state.isAcquired(claim.holder, position)) {
                    claim.won.add(position);
                }
                if (--claim.open == 0) {
                    complete.add(claim);
                }
            }
        }
        complete.forEach(claim -> claim.outcome.complete(List.copyOf(claim.won)));
    }

    /** The log has refused to take the claim. */
    void refused(long[] positions, MambaException refusal) {
        for (long position : positions) {
            Claim claim = byPosition.remove(position);
            if (claim != null) {
                claim.outcome.completeExceptionally(refusal);
            }
        }
    }

    /** Nothing more will be told of what is under way. */
    void end() {
        told(byPosition.keySet().stream().mapToLong(Long::longValue).toArray());
    }
}
