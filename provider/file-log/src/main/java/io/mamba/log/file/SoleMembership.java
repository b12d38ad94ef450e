package io.mamba.log.file;

import io.mamba.log.Membership;

/** The part of the only node: there is nobody to fence, as the directory's lock has kept all others out. */
record SoleMembership(String member) implements Membership {
    @Override
    public void fence(String other) {
        // Whoever had the directory before cannot write to it any more.
    }

    @Override
    public void close() {
        // The log's own closing is what lets others in.
    }
}
