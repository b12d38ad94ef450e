package io.mamba.node;

import io.mamba.log.Header;
import io.mamba.log.LogRecord;
import io.mamba.message.Address;
import io.mamba.queue.Load;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lets batches of several sends in, through the gates of all their destinations: in the order of addresses, so that no
 * two wait for each other. A destination that has been deleted meanwhile has no gate. Thread-safe.
 */
final class Admission {
    /** A batch that has passed; ended once. Used by one thread. */
    static final class Pass {
        private final Map<Gate, Load> passed = new LinkedHashMap<>();

        /** @param used whether what was let in is in the log, or in a prepared branch; else it never will be */
        void end(boolean used) {
            if (used) {
                passed.forEach(Gate::done);
            } else {
                passed.forEach(Gate::refused);
            }
            passed.clear();
        }
    }

    private interface Entrance {
        void enter(PartitionOwner owner, Load load);
    }

    private final Node node;

    Admission(Node node) {
        this.node = node;
    }

    /** Lets a unit's sends in; see {@link Gate#enter}. What the unit takes from a queue counts as room there. */
    Pass admit(Unit unit, Sender sender) {
        return admit(unit.sends(), (owner, load) -> owner.gate().enter(load, owner.finishedBy(unit), sender));
    }

    /** Lets in what nobody may refuse: dead letters and expired messages. */
    Pass admitAnyway(Collection<LogRecord> sends) {
        return admit(sends, (owner, load) -> owner.gate().enterAnyway(load));
    }

    /** Lets in the sends of a prepared branch, which were counted then: they are used or refused now. */
    Pass admitPrepared(Collection<LogRecord> sends) {
        return admit(sends, (owner, load) -> owner.gate().enterCounted());
    }

    private Pass admit(Collection<LogRecord> sends, Entrance entrance) {
        Map<Address, Load> loads = new TreeMap<>();
        for (LogRecord send : sends) {
            node.destinations().of(send.partition()).ifPresent(to -> loads.merge(to, load(send), Load::plus));
        }
        Pass pass = new Pass();
        boolean all = false;
        try {
            loads.forEach((to, load) -> node.destinations().find(to).ifPresent(owner -> {
                entrance.enter(owner, load);
                pass.passed.put(owner.gate(), load);
            }));
            all = true;
        } finally {
            if (!all) {
                pass.end(false);
            }
        }
        return pass;
    }

    /** A message as it counts. */
    static Load load(LogRecord record) {
        return new Load(1, bytes(record));
    }

    /** Key, headers and body. */
    static int bytes(LogRecord record) {
        int bytes = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            bytes += header.name().length() + header.bytes().length;
        }
        return bytes;
    }

    private static int length(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
