package io.mamba.shop.tests;

import java.util.Locale;

/** Where the server dies. */
enum CrashPoint {
    /** Every branch is prepared, nothing is decided. */
    PREPARED,
    /** It is decided to commit, and nobody has been told. */
    DECIDED,
    /** One resource manager has committed, the other has not. */
    BETWEEN,
    /** Killed from outside, anywhere. */
    RANDOM,
    /** Asked to stop in good order, as Ctrl-C does, in the middle of its work. */
    ORDERLY;

    static CrashPoint ofRound(int round) {
        return values()[(round - 1) % values().length];
    }

    /** The file that {@code faults.btm} waits for. */
    String trigger() {
        return name().toLowerCase(Locale.ROOT);
    }
}
