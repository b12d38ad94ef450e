package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.StoredRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log that waits, refuses and crashes as a simulation wants. */
interface Engine {
    /** What of it is there after a crash. */
    record Survival(Durability survives, int more, boolean unreleased) {}

    /** The log, open. */
    Log log();

    /** The process dies; from now on {@link #log} is what another one finds. */
    void crash(Survival survival);

    /** The log was closed in peace and is opened again. */
    void reopen();

    /** The next append is refused. */
    void failNext(MambaException refusal);

    /** Appends of this level and above wait from now on. */
    void hold(Durability from);

    /** The oldest append that waits gets through. */
    void proceedOne();

    /** All do, and no other will wait. */
    void proceed();

    int held();

    /** A copy of the log, as another opening would find it after a clean close; null if there is no such thing now. */
    @Nullable
    Log copy();

    /** Every record that takes space. */
    List<StoredRecord> contents();
}
