package io.mamba.node;

import io.mamba.MambaException;
import io.mamba.log.Durability;
import io.mamba.log.Log;
import io.mamba.log.StoredRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log that waits, refuses and crashes as a simulation wants. */
interface Engine {
    /** What of it is there after a crash. */
    record Survival(Durability survives, int more, boolean unreleased) {}

    /** The log, open. */
    Log log();

    /**
     * The process dies; from now on {@link #log} is what another one finds.
     *
     * @param entries what was appended, in order
     * @return the first of them: those that survived, with their positions
     */
    List<ObservedLog.Entry> crash(Survival survival, List<ObservedLog.Entry> entries);

    /** The first of the batches, to the last one that must survive. */
    static int promised(Survival survival, List<ObservedLog.Entry> entries) {
        int keep = entries.size();
        while (keep > 0
                && (!entries.get(keep - 1).committed
                        || entries.get(keep - 1).level.compareTo(survival.survives()) < 0)) {
            keep--;
        }
        return keep;
    }

    /** The log was closed in peace and is opened again. */
    void reopen();

    /** The next append is refused. */
    void failNext(MambaException refusal);

    /** As a failed force: what waits and whatever comes is refused, until the process has died. */
    void breakDown();

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

    /** Every record that takes space; null if the log does not tell. */
    @Nullable
    List<StoredRecord> contents();

    /** To be told when the process dies in the middle of something, before what follows from it fails. */
    default void onDeath(Runnable action) {}

    /** The process will die in the middle of something, if it can. */
    default void dieSoon() {}

    /** There is no more room for the log, or soon there will be none. */
    default void fill() {}

    /** There is room again. */
    default void makeRoom() {}

    /** Time passes. */
    default void pass(Duration time) {}

    /** How large bodies may be. */
    default int largestBody() {
        return 1;
    }

    /** Nothing is needed any more, and checkpoints were taken: the space must have come back. */
    default void checkEmpty() {}

    /** Everything is over; lets go of what the engine has. */
    void close();
}
