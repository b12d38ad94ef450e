package io.mamba.node;

import io.mamba.transaction.BranchId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user of the node in a simulation: one thread's worth of calls. */
final class Session {
    /** A message that it has. */
    record Taken(Lane lane, ModelLane model, ModelMessage message) {
        boolean isGone() {
            return model.gone || model.closing;
        }
    }

    /** A unit of work and what was put into it. */
    static final class Work {
        final Unit unit;
        final List<Taken> taken = new ArrayList<>();
        /** Who had each of them. */
        final List<Long> holders = new ArrayList<>();

        final List<String> sent = new ArrayList<>();

        @Nullable
        String failure;

        Work(Unit unit) {
            this.unit = unit;
        }

        void take(Taken message, long holder) {
            unit.take(message.lane(), holder, message.message().position);
            taken.add(message);
            holders.add(holder);
        }
    }

    final long holder;
    final List<Taken> held = new ArrayList<>();
    /** In a call: somebody else's turn. */
    boolean busy;

    @Nullable
    Work unit;

    @Nullable
    BranchId branch;

    Session(long holder) {
        this.holder = holder;
    }
}
