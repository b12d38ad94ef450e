package io.mamba.node;

import io.mamba.MambaUrl;
import io.mamba.log.Log;

/** Lets a URL stand for a log that a test steers. */
public final class LeasedLog {
    private LeasedLog() {}

    /** As long as this lease is held, connection factories of the URL share the node of the log. */
    public static Nodes.Lease open(String url, Log log) {
        return Nodes.leaseOver(MambaUrl.parse(url), directory -> log);
    }
}
