package io.mamba.node;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Batch;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Names that this node has in a shared log, alone or with others, until it lets them go or is gone: client ids, subscriptions
 * that are received from. In a log of one node nobody else could have them. Thread-safe; blocks on the log.
 */
final class Names {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Node node;
    private final Log log;
    private final Map<String, Boolean> held = new ConcurrentHashMap<>();

    Names(Node node, Log log) {
        this.node = node;
        this.log = log;
    }

    /** False if it is another's. */
    boolean take(String name, boolean alone) {
        if (!log.shared()) {
            return true;
        }
        long number = write(own -> new MemberEvent.Wanted(own, name, alone));
        boolean taken = node.members().holds(number, name, alone);
        if (taken) {
            held.put(name, alone);
        }
        return taken;
    }

    void letGo(String name) {
        if (log.shared() && held.remove(name) != null) {
            write(own -> new MemberEvent.LetGo(own, name));
        }
    }

    /** Runs it while no other node runs what has this name. */
    <T> T alone(String name, Supplier<T> work) {
        while (!take(name, true)) {
            if (!node.members().awaitFree(name, PATIENCE)) {
                throw new MambaException(
                        ErrorCode.UNAVAILABLE,
                        "Another node has been at '" + name + "' for " + PATIENCE.toSeconds() + " s; try again.");
            }
        }
        try {
            return work.get();
        } finally {
            letGo(name);
        }
    }

    /** The node has become another member, who wants what the one before had. @return what another has by now */
    List<String> takeAgain() {
        return Map.copyOf(held).entrySet().stream()
                .filter(name -> !take(name.getKey(), name.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private interface Event {
        MemberEvent of(long number);
    }

    private long write(Event event) {
        return node.participation().asMember(() -> {
            long number = node.participation().number();
            log.appendAndWait(
                    Batch.of(
                            List.of(MemberRecords.event(
                                    event.of(number), node.now().toEpochMilli())),
                            Batch.Purpose.SETTLING),
                    Durability.DURABLE);
            return number;
        });
    }
}
