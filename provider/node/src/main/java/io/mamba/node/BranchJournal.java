package io.mamba.node;

import io.mamba.log.Log;
import io.mamba.log.Ownership;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The branches in the log, and the right to write them: each node has its own, and in a shared log takes that of one that is
 * gone. In a log of one node nobody else could write. Thread-safe; blocks on the log.
 */
final class BranchJournal {
    private static final String WRITER = "branches/";

    private final Node node;
    private final Log log;
    private final AtomicReference<@Nullable Ownership> own = new AtomicReference<>();
    /** Lost perhaps before it was known to be acquired. */
    private volatile @Nullable Ownership lastLost;

    BranchJournal(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** From now on this node writes its branches, and nobody else does: what the log has of them stays so. */
    void acquireOwn() {
        if (log.shared()) {
            Ownership acquired = acquire(node.name(), lost -> {
                lastLost = lost;
                own.compareAndSet(lost, null);
            });
            own.set(acquired);
            if (acquired.equals(lastLost)) {
                own.compareAndSet(acquired, null);
            }
        }
    }

    /** What a batch about this node's branches relies on; empty while another has the right. */
    Optional<Set<Ownership>> relies() {
        Ownership held = own.get();
        if (!log.shared()) {
            return Optional.of(Set.of());
        }
        return held == null ? Optional.empty() : Optional.of(Set.of(held));
    }

    /** The right to write the branches of another node, which is gone. */
    Ownership acquireOf(String name) {
        return acquire(name, lost -> {});
    }

    void release(Ownership ownership) {
        log.release(ownership);
    }

    private Ownership acquire(String name, Consumer<Ownership> lost) {
        return Futures.await(log.acquire(WRITER + name, lost));
    }

    /** All prepared branches without an outcome, by id, as of now. */
    Map<String, StateRecords.BranchRecord> read() {
        Map<String, StateRecords.BranchRecord> found = new HashMap<>();
        log.latest(StateRecords.BRANCHES, record -> {
            StateRecords.BranchRecord branch = StateRecords.branchOf(record.record());
            found.put(branch.branch(), branch);
        });
        return found;
    }
}
