package io.mamba.log.file;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.log.Ownership;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who may decide about what, within this opening. Guarded by the journal's lock. */
final class Ownerships {
    private final Map<String, Owner> owners = new HashMap<>();
    private long nextEpoch;

    Ownerships(int epoch) {
        nextEpoch = (long) epoch << 32;
    }

    record Owner(Ownership ownership, Consumer<Ownership> lost) {}

    /** Enters a new owner and returns the one who lost it, to be told. */
    @Nullable
    Owner enter(Ownership ownership, Consumer<Ownership> lost) {
        return owners.put(ownership.name(), new Owner(ownership, lost));
    }

    Ownership next(String name) {
        return new Ownership(name, nextEpoch++);
    }

    void leave(Ownership ownership) {
        Owner owner = owners.get(ownership.name());
        if (owner != null && owner.ownership.equals(ownership)) {
            owners.remove(ownership.name());
        }
    }

    void check(Set<Ownership> relies) {
        for (Ownership ownership : relies) {
            Owner owner = owners.get(ownership.name());
            if (owner == null || !owner.ownership.equals(ownership)) {
                throw new MambaException(
                        ErrorCode.FENCED,
                        "Expected to own '" + ownership.name() + "' under epoch " + ownership.epoch()
                                + ", but it was lost or given up");
            }
        }
    }
}
